"""Reports markup of other programs that is not read, and would be printed as typed.

It is looked for in the text that is left when all markup that is read, and code, is taken out.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pymdownx import gemoji_db

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import DIAGRAM, FORMULA, VERBATIM
from makeready.manuscript.attribute_lists import ATTRIBUTE_LIST
from makeready.manuscript.parse_run import ParseRun
from makeready.manuscript.sanitise import source_line

_CODE, _OTHER, _BACKSLASH = "\ue000", "\ue001", "\ue002"
"""What stands for code, for escaped characters and images, and for an escaped backslash."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OTHERS = re.compile(f"{_OTHER}+")
_FORMULAS = re.compile(r"\$\$[^$]{1,2000}\$\$|\$(?=\S)[^$\n]{1,500}\$")
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+-]{1,40}:(?![\w:])")
_INLINE_CODE = re.compile(r"r +.*[(+*/$\[].*|\{(?:r|python|julia|ojs)\} .*", re.DOTALL)
_MARK = re.compile(
    r"[#\[{\\%:|^<+@!`>(~\ue002]|(?:im|ex)port |-#|SEQ|PAGEREF|HYPERLINK|rr?eu?r !|Error!|Fehler!"
)
_ATTRIBUTES = re.compile(
    r"(?<!\{)\{(?::[ ]?(?:[.#]|[\w-]{1,30}[=:])|[.#][\w-])[^{}\n]{0,300}\}(?!\})"
)
_SIMPLE_TABLE = re.compile(r"-{2,}(?: +-{2,})+ *$", re.MULTILINE)
_DIRECTIVE = re.compile(r"\{([a-z][\w:.+-]*)\}")
_DIRECTIVES = _names(
    """
    admonition-list bibliography card card-carousel carousel csv-table dropdown epigraph eval-rst
    exercise figure-md glossary grid grid-item grid-item-card highlights iframe image figure index
    embed list-table margin marimo only pull-quote raw rubric sidebar solution tab tab-item tab-set
    tableofcontents toctree topic video youtube
    """
)
"""Directives of MyST that are not read; what others say is shown as code."""
_LONGEST_TEXT = 60
_CITATION = "a citation"
"""The construct that is read in a book with sources of works."""
_TITLE_BLOCK = "a title block, or a comment of MyST"
"""The construct that is none after a bullet."""


@dataclass(frozen=True, slots=True)
class _Construct:
    """A construct of other programs, and what to write instead of it."""

    name: str
    pattern: re.Pattern[str]
    instead: str


@dataclass(slots=True)
class _Use:
    """The first use of a construct in a text, and how many there are."""

    offset: int
    text: str
    count: int = 1


@cache
def _constructs() -> tuple[_Construct, ...]:
    data = files("makeready.manuscript").joinpath("foreign_markup.toml").read_text("utf-8")
    flags = re.MULTILINE | re.IGNORECASE
    return tuple(
        _Construct(
            entry["name"],
            re.compile(entry["pattern"].replace("␀", _CODE).replace("␛", _BACKSLASH), flags),
            entry["instead"],
        )
        for entry in tomllib.loads(data).values()
    )


_EMOJI_CODE = _Construct("the name of an emoji", _EMOJI, "Write the character itself, or a word.")
_SIMPLE_TABLE_INSTEAD = (
    "Put a blank line before its head, and no word across two columns; or write it with bars."
)
_TABLE = _Construct("a simple table of Pandoc", _SIMPLE_TABLE, _SIMPLE_TABLE_INSTEAD)
_RAW_FENCE = re.compile(r"\{=([a-z]\w{0,30})\}")
_QUERIES = _names("base dataview dataviewjs query tasks")
_RAW_TEXT = _Construct(
    "text of another format", _RAW_FENCE, "Write it in Markdown or in HTML, without the fence."
)
_LEFT_ATTRIBUTES = _Construct(
    "an attribute list that belongs to nothing",
    _ATTRIBUTES,
    "Write it directly after what it belongs to, on its line or the next, or delete it.",
)
_NO_TEXT = VERBATIM | {FORMULA, DIAGRAM}
_QUERY = _Construct("a query of Obsidian", _RAW_FENCE, "Write its result.")
_DIRECTIVE_FENCE = _Construct("a directive of MyST", _DIRECTIVE, "Write it in Markdown.")
_CODE_TO_RUN = _Construct("code to be run", _INLINE_CODE, "Write its result.")


def report_foreign_markup(state: StateCore) -> None:
    """Report each construct of another program once, at its first use in a text."""
    run: ParseRun = state.env["run"]
    uses: dict[_Construct, _Use] = {}
    for index, token in enumerate(state.tokens):
        if token.type == "inline" and token.children:
            pieces = token.meta.get("pieces") or [(0, 0)]
            place = state.tokens[max(0, index - 2)].type, state.tokens[index - 1].type
            _find_in_leaf(token.children, pieces[0][1], uses, place)
        elif token.type == "hr":
            _find_table(run.source, token.meta.get("at", 0), uses)
        elif token.type == "fence" and (construct := _construct_of_fence(token.info.strip())):
            _add(uses, construct, token.meta.get("at", 0), token.info)
    for construct, use in uses.items():
        if construct.name == _CITATION and run.reads_citations is None:
            continue
        run.report("MAN-044", use.offset, **_values(construct, use))


def report_attributes(tree: Element, path: str, findings: Findings) -> None:
    """Report the attribute lists that are left in the text of a tree, since they are no block's."""
    uses: dict[_Construct, _Use] = {}
    for element, text in _texts(tree):
        for found in _ATTRIBUTES.finditer(text) if "{" in text else ():
            if ATTRIBUTE_LIST.fullmatch(found[0]):
                _add(uses, _LEFT_ATTRIBUTES, source_line(element), found[0])
    for use in uses.values():
        findings.add("MAN-044", SourceLocation(path, use.offset), **_values(_LEFT_ATTRIBUTES, use))


def _texts(tree: Element) -> Iterator[tuple[Element, str]]:
    """Yield the texts of a tree that are no code, each with its element, in order."""
    stack: list[tuple[Element, bool]] = [(tree, False)]
    while stack:
        element, is_done = stack.pop()
        if is_done:
            yield element, element.tail or ""
            continue
        stack.append((element, True))
        if element.tag not in _NO_TEXT:
            yield element, element.text or ""
            stack.extend((child, False) for child in reversed(element))


def _values(construct: _Construct, use: _Use) -> dict[str, str | int]:
    return {
        "text": use.text,
        "name": construct.name,
        "count": use.count,
        "instead": construct.instead,
    }


def _construct_of_fence(info: str) -> _Construct | None:
    if _RAW_FENCE.fullmatch(info):
        return _RAW_TEXT
    if info.lower() in _QUERIES:
        return _QUERY
    return _DIRECTIVE_FENCE if _is_directive(info) else None


def _is_directive(info: str) -> bool:
    name = _DIRECTIVE.match(info)
    return name is not None and (name[1] in _DIRECTIVES or ":" in name[1])


def _find_table(source: str, at: int, uses: dict[_Construct, _Use]) -> None:
    """Look for the dashes below the head of a simple table, which are read as a rule."""
    line = _SIMPLE_TABLE.match(source, at)
    if line is None:
        return
    before = source[source.rfind("\n", 0, max(at - 1, 0)) + 1 : at]
    after = source[line.end() + 1 : source.find("\n", line.end() + 1)]
    if before.strip(" >\n") or after.strip(" >"):
        _add(uses, _TABLE, at, line[0])


def _find_in_leaf(
    tokens: list[Token], start: int, uses: dict[_Construct, _Use], place: tuple[str, str]
) -> None:
    """Look in the text of a leaf; ``place`` are the types of the two tokens before it."""
    is_paragraph = place[1] == "paragraph_open"
    text, starts, sources = _plain_text(tokens, start, uses, begins_line=is_paragraph)
    if not _MARK.search(text):
        return
    text = _FORMULAS.sub(lambda found: " " * len(found[0]), text)
    for construct in (*_constructs(), _EMOJI_CODE):
        if construct.name == _TITLE_BLOCK and place[0] == "list_item_open":
            continue
        places = list(construct.pattern.finditer(text))
        for found in places:
            if construct is _EMOJI_CODE and found[0] not in gemoji_db.emoji:
                continue
            index = bisect.bisect_right(starts, found.start()) - 1
            _add(uses, construct, sources[index] + found.start() - starts[index], found[0])
        # What one construct has taken is no other one.
        if places:
            text = construct.pattern.sub(lambda found: _OTHER * len(found[0]), text)


def _plain_text(
    tokens: list[Token], start: int, uses: dict[_Construct, _Use], *, begins_line: bool
) -> tuple[str, list[int], list[int]]:
    """Return the text of a leaf, and where its pieces begin, in it and in the source.

    What stands at the start of a line is not looked for in a heading or a cell.
    """
    pieces = [] if begins_line else [_OTHER]
    length = len(pieces)
    starts, sources = [length], [start]
    for token in tokens:
        match token.type:
            case "text" | "attribute_list":
                piece = token.content
            case "softbreak" | "hardbreak":
                piece = "\n"
            case "code_inline":
                piece = _CODE
                if _INLINE_CODE.fullmatch(token.content):
                    _add(uses, _CODE_TO_RUN, token.meta.get("at", 0), token.content)
            case "text_special":
                # A backslash before a letter is itself.
                is_sign = len(token.content) == 1
                sign = _BACKSLASH if token.content == "\\" else _OTHER
                piece = sign if is_sign else token.content
            case "image":
                piece = _OTHER
            case _:
                continue
        if "at" in token.meta:
            starts.append(length)
            sources.append(token.meta["at"])
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), starts, sources


def _add(uses: dict[_Construct, _Use], construct: _Construct, offset: int, text: str) -> None:
    if construct in uses:
        uses[construct].count += 1
        return
    text = text.replace(_CODE, "`…`").replace(_BACKSLASH, "\\\\")
    text = " ".join(_OTHERS.sub("…", text).split())
    shown = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    uses[construct] = _Use(offset, shown)
