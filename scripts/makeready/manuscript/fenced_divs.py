"""Fenced divs: ``::: {.class #id lang=fr}`` … ``:::``, and callouts that are written as such.

Pandoc's rule holds: a line of colons alone ends the innermost block, however many they are.
Docusaurus writes ``:::note[Title]``, VuePress ``::: note Title``, MyST ``:::{note} Title``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it.rules_block import StateBlock

from makeready.manuscript.allowed_html import COLUMN_WIDTHS
from makeready.manuscript.attribute_lists import ATTRIBUTE_LIST, attributes_in
from makeready.manuscript.block_directives import read_directive
from makeready.manuscript.blocks import TAGS, end_of_container, lines_outside_code
from makeready.manuscript.callouts import (
    TAB_TITLE_CLASS,
    TYPES,
    CalloutType,
    finish_callout,
    headings_as_paragraphs,
    named_type,
    open_callout,
    push_title,
    read_content,
    type_of,
)
from makeready.manuscript.directives import Directive, directive_of
from makeready.manuscript.parse_run import line_start, line_text, run_of
from makeready.manuscript.statement_kinds import (
    SOLUTION,
    StatementKind,
    kind_of_class,
    kind_of_directive,
    kind_of_id,
)
from makeready.manuscript.statements import StatementBlock, read_statement
from makeready.manuscript.table_captions import column_widths

_NAME = re.compile(r"[A-Za-z][\w-]*+(?![\w./:])")
_BRACKETED = re.compile(r"\[([^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+)\]")
_TITLE = re.compile(r"""title=(?:"([^"]*)"|'([^']*)')[ ]*$""")
_DIRECTIVE = re.compile(r"\{([A-Za-z][\w:.-]*)\}")
_OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*))?$")
_CONDITIONS = re.compile(r"(?:when|unless)-\w+")
"""Options of Quarto that say where a block is shown."""
_WITHOUT_MEANING = re.compile(
    r"title|collapse|icon|appearance|width|height|style|group|filename|open|data-.*|aria-.*"
)
"""Options of other tools that are about screens."""
_NUMBERED_BY_ID = frozenset({"remark", "solution"})
"""The kinds of statement that Quarto numbers if they have an id, and bookdown never does."""
_CAPTIONS = ("tbl-cap", "fig-cap", "lst-cap", "tbl-colwidths")
_TABS = frozenset({"panel-tabset", "tabset"})
_PLAIN_NAMES = frozenset(
    {
        "admonition",
        "attention",
        "callout",
        "caution",
        "danger",
        "details",
        "hint",
        "important",
        "info",
        "note",
        "tip",
        "warning",
    }
)
"""Names and classes that make a callout by themselves; others are classes of Pandoc's divs too."""


@dataclass(slots=True)
class _Opening:
    """The first line of a block: its name or classes, its title (None without) and attributes."""

    name: str = ""
    title: str | None = None
    is_directive: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    def callout(self) -> tuple[CalloutType, str] | None:
        """Return the type of a callout with the name for it; None if it is a plain block."""
        for name in [self.name, *self.attributes.get("class", "").split()]:
            kind = type_of(name)
            is_callout = name in _PLAIN_NAMES or name not in TYPES or self.is_directive
            if kind is not None and (is_callout or self.title is not None):
                return kind, name
        if self.title and self.name:
            return named_type(self.name), self.name
        return None

    def statement(self) -> StatementKind | None:
        """Return the kind of theorem, exercise or the like that it is; None if it is none."""
        given = self.attributes
        if kind := kind_of_id(given.get("id", "")):
            return kind
        if self.title and type_of(self.name) is not None:
            return None
        is_named = bool(given.get("id") or given.get("name"))
        names = [self.name, *given.get("class", "").split()]
        kinds = (kind_of_class(name, is_named=is_named) for name in names)
        return next((kind for kind in kinds if kind is not None), None)


def fenced_div(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a block between lines of colons; report one that is not closed or not opened."""
    text = line_text(state, start)
    if not text.startswith(":::") or state.is_code_block(start):
        return False
    rest = text.strip(": \t")
    if not rest:
        return _stray_end(state, start, text, silent)
    opening = _opening(text.lstrip(":").strip())
    if opening is None:
        return False
    if silent:
        return True
    closing = _closing_line(state, start, end)
    stop = closing if closing is not None else end_of_container(state, start, end)
    if closing is None:
        problem = "starts here and never ends"
        run_of(state).report("MAN-050", line_start(state, start), block=text[:40], problem=problem)
    if opening.is_directive and (type_of(opening.name) is None or kind_of_directive(opening.name)):
        directive = directive_of(state, opening.name, opening.title or "", start, stop)
        if not read_directive(state, directive):
            _report_unread(state, directive)
            read_content(state, start + 1, stop)
        state.line = stop if closing is None else closing + 1
        return True
    _report_conditions(state, start, opening)
    first = _read_options(state, start + 1, stop, opening)
    kind = opening.statement()
    if kind is not None:
        read_statement(state, _statement(state, start, first, stop, opening, kind))
    else:
        _read(state, start, first, stop, opening)
    state.line = stop if closing is None else closing + 1
    return True


def _statement(
    state: StateBlock, start: int, first: int, stop: int, opening: _Opening, kind: StatementKind
) -> StatementBlock:
    attributes = opening.attributes
    name = attributes.pop("name", "") or opening.title or ""
    block = StatementBlock(kind, start, first, stop, name)
    block.at = max(state.src.find(name, line_start(state, start)), line_start(state, start))
    block.is_numbered = kind.name not in _NUMBERED_BY_ID or bool(attributes.get("id"))
    names = f"{opening.name} {attributes.get('class', '')}".split()
    block.is_numbered &= kind.is_numbered or kind.name == SOLUTION
    block.is_numbered &= "unnumbered" not in names
    block.attributes = {**attributes, "class": " ".join(n for n in names if n != "unnumbered")}
    return block


def _report_unread(state: StateBlock, directive: Directive) -> None:
    """Report a directive that could not be read, and whose content is text."""
    run_of(state).report(
        "MAN-044",
        line_start(state, directive.start),
        text=f":::{{{directive.name}}}",
        name="a directive of MyST",
        count=1,
        instead="Write it in Markdown.",
    )


def _stray_end(state: StateBlock, line: int, text: str, silent: bool) -> bool:
    """Report a line of colons that ends no block; it is no part of the text."""
    if not silent:
        run_of(state).report("MAN-058", line_start(state, line), line=text.strip()[:40])
        state.line = line + 1
    return True


@lru_cache(maxsize=100_000)
def _depth_change(text: str) -> int:
    """Return by how much a line of colons changes the depth of blocks."""
    if not text.strip(": \t"):
        return -1
    return _opening(text.lstrip(":").strip()) is not None


def _opening(text: str) -> _Opening | None:
    """Return what is after the colons of a first line; None if it is text."""
    text = text.rstrip(": \t") if text.endswith(":") else text
    if directive := _DIRECTIVE.match(text):
        title = text[directive.end() :].strip()
        return _Opening(directive[1].lower(), title, is_directive=True)
    if attributes := ATTRIBUTE_LIST.match(text):
        rest = text[attributes.end() :].strip()
        return None if rest else _with_attributes(_Opening(), attributes[0])
    name = _NAME.match(text)
    if name is None:
        return None
    opening = _Opening(name[0].lower())
    rest = text[name.end() :].strip()
    if rest.startswith("[") and (bracketed := _BRACKETED.match(rest)):
        opening.title, rest = bracketed[1].strip(), rest[bracketed.end() :].strip()
    if rest.endswith("}") and (begin := rest.rfind("{")) >= 0:
        at_end = ATTRIBUTE_LIST.fullmatch(rest[begin:])
        if at_end:
            opening, rest = _with_attributes(opening, at_end[0]), rest[:begin].strip()
    if option := _TITLE.fullmatch(rest):
        rest = option[1] or option[2] or ""
    if rest and type_of(opening.name) is None:
        return None
    if rest:
        opening.title = rest
    return opening


def _with_attributes(opening: _Opening, text: str) -> _Opening:
    opening.attributes = attributes_in(text)
    title = opening.attributes.pop("title", None)
    if title is not None:
        opening.title = title
    return opening


def _closing_line(state: StateBlock, start: int, end: int) -> int | None:
    """Return the line that closes a block: others may be inside it."""
    depth = 1
    for line, text in lines_outside_code(state, start, end):
        if not text.startswith(":::"):
            continue
        depth += _depth_change(text)
        if depth == 0:
            return line
    return None


def _report_conditions(state: StateBlock, line: int, opening: _Opening) -> None:
    """Take out the options that have no effect; report those that decide what is shown."""
    lost = [key for key in opening.attributes if _CONDITIONS.fullmatch(key)]
    if lost:
        options = ", ".join(lost)
        run_of(state).report("MAN-051", line_start(state, line), options=options)
    for key in list(opening.attributes):
        if key in lost or _WITHOUT_MEANING.fullmatch(key):
            del opening.attributes[key]


def _read_options(state: StateBlock, first: int, stop: int, opening: _Opening) -> int:
    """Read MyST's lines ``:class: tip``; return the line after them."""
    line = first
    while line < stop and (option := _OPTION.match(line_text(state, line))):
        key, value = option[1], (option[2] or "").strip()
        if key == "class":
            before = opening.attributes.get("class", "")
            opening.attributes["class"] = f"{before} {value}".strip()
        elif key in {"name", "label"}:
            opening.attributes["id"] = value
        line += 1
    return line


def _read(state: StateBlock, start: int, first: int, stop: int, opening: _Opening) -> None:
    captions = {key: opening.attributes.pop(key, "") for key in _CAPTIONS}
    callout, index = opening.callout(), len(state.tokens)
    if callout is not None:
        token = open_callout(state, callout[0], start, stop)
        _add_attributes(token.attrs, _without_type(opening.attributes, callout[1]))
    else:
        classes = [*opening.name.split(), *opening.attributes.get("class", "").split()]
        tag = next((TAGS[name] for name in classes if name in TAGS), "div")
        token = state.push("div_open", tag, 1)
        token.map = [start, stop]
        _add_attributes(token.attrs, {**opening.attributes, "class": " ".join(classes)})
    if opening.title:
        offset = state.src.find(opening.title, line_start(state, start), state.eMarks[start])
        push_title(state, opening.title, start, max(offset, line_start(state, start)))
    read_content(state, first, stop)
    _push_caption(state, start, captions)
    state.push("div_close", token.tag, -1)
    if callout is not None:
        if opening.title == "" and not opening.is_directive:
            headings_as_paragraphs(state.tokens[index:], "callout-heading")
        else:
            finish_callout(state, index, *callout)
    elif _TABS & set(str(token.attrs.get("class", "")).split()):
        headings_as_paragraphs(state.tokens[index:], TAB_TITLE_CLASS, TAB_TITLE_CLASS)


def _push_caption(state: StateBlock, start: int, captions: dict[str, str]) -> None:
    """Push the caption, and the widths of columns, that a block of Quarto has as attributes."""
    words = captions["tbl-cap"] or captions["fig-cap"] or captions["lst-cap"]
    widths = column_widths(captions["tbl-colwidths"])
    if not (words or widths):
        return
    token = state.push("caption_open", "div", 1)
    token.map, token.attrs = [start, start + 1], {"class": "caption"}
    if widths:
        token.attrs[COLUMN_WIDTHS] = widths
    inline = state.push("inline", "", 0)
    inline.content, inline.children, inline.map = words, [], list(token.map)
    begin = line_start(state, start)
    at = state.src.find(words, begin, state.eMarks[start]) if words else begin
    inline.meta["pieces"] = [(0, max(at, begin))]
    token.meta["at"] = begin
    state.push("caption_close", "div", -1)


def _without_type(attributes: dict[str, str], name: str) -> dict[str, str]:
    """Return the attributes without the class that says which callout it is."""
    names = [n for n in attributes.get("class", "").split() if n != name and n not in TYPES]
    return {**attributes, "class": " ".join(n for n in names if n not in {"alert"})}


def _add_attributes(attrs: dict[str, str | int | float], attributes: dict[str, str]) -> None:
    for key, value in attributes.items():
        before = attrs.get(key, "") if key == "class" else ""
        if merged := f"{before} {value}".strip():
            attrs[key] = merged
