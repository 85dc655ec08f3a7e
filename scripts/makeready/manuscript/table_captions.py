r"""Captions of tables, in the spellings of Pandoc, Quarto, MultiMarkdown and bookdown.

A caption is before its table or after it, on a paragraph of its own or directly beside the rows:

* ``: words {#tbl-a}`` and ``Table: words``; the attributes may stand alone;
* ``[words][tbl-a]`` directly above the head or below the last row.

``tbl-colwidths="[30,70]"`` gives the widths of the columns.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.token import Token

from makeready.manuscript.allowed_html import CAPTION_BEFORE, COLUMN_WIDTHS
from makeready.manuscript.attribute_lists import ATTRIBUTE_LIST, attributes_in, is_explicit
from makeready.manuscript.grid_tables import grid_table
from makeready.manuscript.parse_run import BlockRule, leaf_pieces, line_start, line_text
from makeready.manuscript.table_tokens import LONG_LINE
from makeready.manuscript.text_tables import text_table

_MARK = re.compile(r"(?:[Tt]able)?:[ \t]+(?=\S)")
_BRACKETS = re.compile(
    r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*+\]){1,500}+)\](?:[ ]?\[([^\[\]\s]{1,100})\])?[ \t]*$"
)
_DEFINED = re.compile(r"^[ >]{0,20}\[([^\[\]\n]{1,300})\]:", re.MULTILINE)
_HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TABLE_ID = re.compile(r"\{[^{}\n]{0,200}#t(?:bl|ab)[-:]")
_WIDTHS = re.compile(r"\d{1,4}(?:\.\d{1,6})?")


def table_caption(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a caption before or after a table; such a line ends the rows of a table."""
    if state.is_code_block(start):
        return False
    text = line_text(state, start)
    if silent:
        is_in_table = state.parentType == "table" and "|" not in text
        return is_in_table and (_MARK.match(text) or _brackets(state, text)) is not None
    if mark := _MARK.match(text):
        stop = _end_of_text(state, start, end)
        words = line_start(state, start) + mark.end()
    elif brackets := _brackets(state, text):
        stop = start + 1
        words = line_start(state, start) + 1
    else:
        return False
    is_before = False
    if not _is_after_table(state, start, is_adjacent=mark is None):
        following = stop if mark is None else state.skipEmptyLines(stop)
        is_before = _begins_table(state, following, end)
        if not is_before:
            return False
    token = state.push("caption_open", "div", 1)
    token.map = [start, stop]
    token.meta["before"] = is_before
    inline = state.push("inline", "", 0)
    inline.map, inline.children = [start, stop], []
    if mark is not None:
        attributes = _read_words(state, words, inline)
    else:
        assert brackets is not None
        attributes = {"id": brackets[2]} if brackets[2] else {}
        inline.content, inline.meta["pieces"] = brackets[1], [(0, words)]
    _set_attributes(token.attrs, attributes, is_before=is_before)
    state.push("caption_close", "div", -1)
    state.line = stop
    return True


def is_table_label(text: str) -> bool:
    """Return whether a line has the id of a table, so that it is no definition of a term."""
    return _TABLE_ID.search(text) is not None


def with_widths(rule: BlockRule) -> BlockRule:
    """Return the rule of tables with bars with the widths that the dashes below the head give."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        count = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        if not silent:
            state.tokens[-1].meta["begins"] = count
            if widths := _widths_by_dashes(state, start):
                state.tokens[count].attrs[COLUMN_WIDTHS] = widths
        return True

    return run


def column_widths(value: str) -> str:
    """Return the widths in a list such as ``[30,70]``, with spaces; empty if there are none."""
    return " ".join(_WIDTHS.findall(value[:500]))


def _widths_by_dashes(state: StateBlock, start: int) -> str:
    """Return the counts of dashes, if a line is long and the dashes do not underline the head."""
    rows = [line_text(state, line).rstrip() for line in range(start, state.line)]
    if max(map(len, rows)) <= LONG_LINE:
        return ""
    head, dashes = (tuple(at for at, sign in enumerate(row) if sign == "|") for row in rows[:2])
    widths = [len(cell.strip()) for cell in rows[1].split("|") if cell.strip()]
    return " ".join(map(str, widths)) if head != dashes and len(set(widths)) > 1 else ""


def _end_of_text(state: StateBlock, start: int, end: int) -> int:
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if _begins_table(state, line, end):
            break
        line += 1
    return line


def _is_after_table(state: StateBlock, start: int, *, is_adjacent: bool) -> bool:
    """Return whether a table without a caption ends before a line."""
    last = state.tokens[-1] if state.tokens else None
    if last is None or last.type != "table_close" or (is_adjacent and state.isEmpty(start - 1)):
        return False
    begins = last.meta.get("begins", 0)
    before = state.tokens[begins - 2 - 1] if begins > 2 else None  # noqa: PLR2004 - three tokens
    return before is None or not before.meta.get("before", False)


def _begins_table(state: StateBlock, line: int, end: int) -> bool:
    if line >= end or state.sCount[line] < state.blkIndent:
        return False
    if _HTML_TABLE.match(state.src, line_start(state, line)):
        return True
    return any(rule(state, line, end, True) for rule in (table, grid_table, text_table))


def _brackets(state: StateBlock, text: str) -> re.Match[str] | None:
    """Return a line in brackets that is no link."""
    found = _BRACKETS.match(text) if text[:1] == "[" else None
    if found is None or found[1][0] in "^!@" or found[1].strip() in {"", "x", "X"}:
        return None
    if "defined names" not in state.env:
        state.env["defined names"] = {name.lower() for name in _DEFINED.findall(state.src)}
    return None if (found[2] or found[1]).lower() in state.env["defined names"] else found


def _read_words(state: StateBlock, begin: int, inline: Token) -> dict[str, str]:
    """Read the words of a caption from an offset; return the attributes at their end."""
    assert inline.map is not None
    start, stop = inline.map
    first = state.src[begin : state.eMarks[start]]
    rest = state.getLines(start + 1, stop, state.blkIndent, False)
    text = (f"{first}\n{rest}" if rest else first).rstrip()
    inline.content = text
    inline.meta["pieces"] = leaf_pieces(state, inline)
    at = text.rfind("{") if text.endswith("}") else -1
    found = ATTRIBUTE_LIST.fullmatch(text, at) if at >= 0 else None
    if found is None or not is_explicit(found[0]) or (at and not text[at - 1].isspace()):
        return {}
    inline.content = text[:at].rstrip()
    return attributes_in(found[0])


def _set_attributes(
    attrs: dict[str, str | int | float], attributes: dict[str, str], *, is_before: bool
) -> None:
    widths = column_widths(attributes.pop("tbl-colwidths", ""))
    names = ["caption", *([CAPTION_BEFORE] if is_before else ())]
    attrs.update(attributes)
    attrs["class"] = " ".join([*names, *attributes.get("class", "").split()])
    if widths:
        attrs[COLUMN_WIDTHS] = widths
