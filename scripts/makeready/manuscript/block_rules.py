"""Rules of Markdown's blocks, where a book needs more than CommonMark says."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import fence as plain_fence
from markdown_it.rules_block.fence import make_fence_rule
from markdown_it.rules_block.table import escapedSplit

from makeready.manuscript.ordinals import is_ordinal
from makeready.manuscript.parse_run import BlockRule, line_start, line_text, run_of

_ABBREVIATION = re.compile(r"\*\[([^\]\\]+)\][ ]?:[ \t]*(.*)")
FENCE_WITH_CODE = re.compile(
    r"""(`{3,})([ \t]*\{(?:[^{}"'`\n]|"[^"\n]*+"|'[^'\n]*+')*+\}[ \t]*)$"""
)
"""A fence whose options in braces may have back-ticks in quotation marks."""
_fence_with_code = make_fence_rule(disallow_marker_in_info=())
_FENCE_END = re.compile(r"(`{3,}|~{3,})[ \t]*$")
_QUERY_MARK = re.compile(r"\\.|`+|\{>>|<<\}|\{\+\+|\+\+\}", re.DOTALL)
_QUERY_ENDS = {"{>>": "<<}", "{++": "++}"}
"""The marks of a query and of an insertion, which may be several paragraphs long."""
_NUMBERED = re.compile(r"(\d{1,3})[.)][ \t]+\S")
_ITEM_MARKER = re.compile(r"(?:[-+*]|\d{1,9}[.)])[ \t]*")
_CONTAINERS = re.compile(r"^(?:[ >]|[-*+](?=[ ]))*+")
_BLOCK_BREAK = re.compile(r"(?:\+\+\+(?:[ ]+\{.*\})?|\^\^\^)[ \t]*$")
_CODE_INDENT = 4
_FIRST_YEAR = 1000
_LARGEST_ITEM = 20
"""A larger number at the start of a line is of a list only after the end of a sentence."""

_SENTENCE_END = re.compile(r"[.:;!?…][\"'”’»)*_]*\s*$")


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """Read a paragraph; a query or an insertion that begins in it is part of it to its end."""
    last = _end_of_paragraph(state, start + 1)
    while (closing := _line_closing_query(state, start, last)) is not None:
        last = _end_of_paragraph(state, closing + 1)
    state.line = last
    state.push("paragraph_open", "p", 1).map = [start, last]
    token = state.push("inline", "", 0)
    token.content = state.getLines(start, last, state.blkIndent, False).strip(" \t\n")
    token.map, token.children = [start, last], []
    state.push("paragraph_close", "p", -1)
    if "{>>" not in token.content:
        _report_items(state, start, last)
    return True


def _end_of_paragraph(state: StateBlock, line: int) -> int:
    """Return the line after a paragraph of which the lines before ``line`` are known."""
    rules = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    while line < state.lineMax and not state.isEmpty(line):
        is_continuation = (
            state.sCount[line] - state.blkIndent >= _CODE_INDENT or state.sCount[line] < 0
        )
        if not is_continuation and any(rule(state, line, state.lineMax, True) for rule in rules):
            break
        line += 1
    state.parentType = parent
    return line


def _line_closing_query(state: StateBlock, start: int, end: int) -> int | None:
    """Return the line after a paragraph that closes a query in it; None if none is open."""
    text = state.src[state.bMarks[start] : state.eMarks[end - 1]]
    opening = _open_query(text) if "{>>" in text or "{++" in text else ""
    if not opening:
        return None
    edges = re.compile("|".join(map(re.escape, (opening, _QUERY_ENDS[opening]))))
    for line in range(end, state.lineMax):
        edge = edges.search(state.src, state.bMarks[line], state.eMarks[line])
        if edge is not None:
            return line if edge[0] == _QUERY_ENDS[opening] else None
    return None


def _open_query(text: str) -> str:
    """Return the mark of a query that begins in a text, outside code, and does not end in it."""
    marks = list(_QUERY_MARK.finditer(text))
    closing: dict[int, int] = {}
    last: dict[str, int] = {}
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index][0]
        if mark[0] == "`":
            closing[index] = last.get(mark, index)
            last[mark] = index
    opening = ""
    index = 0
    while index < len(marks):
        mark = marks[index][0]
        if mark[0] == "`" and not opening:
            index = closing[index]
        elif opening and mark == _QUERY_ENDS[opening]:
            opening = ""
        elif mark in _QUERY_ENDS and (not opening or mark == opening):
            opening = mark
        index += 1
    return opening


def _report_items(state: StateBlock, start: int, end: int) -> None:
    """Report lines inside a paragraph that look like items of a numbered list."""
    for line in range(start + 1, end):
        number = _NUMBERED.match(state.src, line_start(state, line), state.eMarks[line])
        if number is None or _is_ordinal(state, line):
            continue
        if int(number[1]) <= _LARGEST_ITEM or _SENTENCE_END.search(line_text(state, line - 1)):
            run_of(state).report("MAN-034", line_start(state, line))


def block_break(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """Leave out MyST's ``+++`` between cells, and the signs that divide a card.

    With nothing before it, it is text, as CommonMark has it.
    """
    if not state.tokens:
        return False
    if _BLOCK_BREAK.match(line_text(state, start)) is None or state.is_code_block(start):
        return False
    if not silent:
        state.line = start + 1
    return True


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read fenced code; as Pandoc has it, its title in braces may have code in it."""
    has_code = FENCE_WITH_CODE.match(line_text(state, start)) is not None
    return (_fence_with_code if has_code else plain_fence)(state, start, end, silent)


def with_closed_fences(rule: BlockRule) -> BlockRule:
    """Return the rule of fenced code with a finding for code that is never closed."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        if not silent:
            token = state.tokens[-1]
            closing = _FENCE_END.match(line_text(state, state.line - 1))
            is_closed = state.line > start + 1 and closing and closing[1].startswith(token.markup)
            if not is_closed:
                run_of(state).report("MAN-026", line_start(state, start), fence=token.markup)
        return True

    return run


def with_item_findings(rule: BlockRule) -> BlockRule:
    """Return the rule of lists without ordinal numbers, and with findings for what looks wrong."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if _is_ordinal(state, start) or _is_speech(state, start):
            return False
        count, indent = len(state.tokens), state.sCount[start] - state.blkIndent
        if not rule(state, start, end, silent):
            return False
        if not silent:
            _report_year(state, start, count)
            _report_indent(state, count, indent, end)
        return True

    return run


def ordinal(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """End a list before a line that begins with an ordinal number."""
    return silent and _is_ordinal(state, start)


def speech(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """End a paragraph before a line of speech that begins with a hyphen."""
    return silent and _is_speech(state, start)


def _is_speech(state: StateBlock, line: int) -> bool:
    if state.src[state.bMarks[line] : state.bMarks[line] + 2] != "- " or state.blkIndent:
        return False
    return run_of(state).is_speech(line)


def _is_ordinal(state: StateBlock, line: int) -> bool:
    text = line_text(state, line)
    if not text[:1].isdigit():
        return False
    before = _without_containers(state, line - 1) if line else ""
    after = _without_containers(state, line + 1) if line + 1 < state.lineMax else ""
    return is_ordinal(text, before, after, run_of(state).language)


def _without_containers(state: StateBlock, line: int) -> str:
    """Return a line without the marks of the quotations and bulleted lists it is in."""
    text = state.src[state.bMarks[line] : state.eMarks[line]]
    return _CONTAINERS.sub("", text, count=1)


def _report_year(state: StateBlock, start: int, count: int) -> None:
    """Report a list whose first number is a year: it may be the start of a sentence."""
    number = state.tokens[count].attrs.get("start", 1)
    if isinstance(number, int) and number >= _FIRST_YEAR:
        run_of(state).report("MAN-043", line_start(state, start), number=number)


def _report_indent(state: StateBlock, count: int, indent: int, end: int) -> None:
    """Report a block after a list that is indented too little to belong to its last item."""
    line = state.skipEmptyLines(state.line)
    if line >= end:
        return
    level = state.tokens[count].level + 1
    items = (t for t in reversed(state.tokens) if t.type == "list_item_open" and t.level == level)
    item = next(items)
    assert item.map is not None
    marker = _ITEM_MARKER.match(line_text(state, item.map[0]))
    width = len(marker[0]) if marker else 2
    spaces = state.sCount[line] - state.blkIndent
    if indent < spaces < min(indent + width, _CODE_INDENT):
        run_of(state).report("MAN-024", line_start(state, line), spaces=spaces)


def with_all_cells(rule: BlockRule) -> BlockRule:
    """Return the rule of tables without loss: a row keeps the cells that have no head."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        count = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        if not silent:
            _add_cells(state, count)
        return True

    return run


def _add_cells(state: StateBlock, count: int) -> None:
    tokens = state.tokens[count:]
    columns = sum(token.type == "th_open" for token in tokens)
    del state.tokens[count:]
    for token in tokens:
        if token.type == "tr_open":
            row = token
        elif token.type == "tr_close" and row.map and row.map[0] > tokens[0].map[0]:  # type: ignore[index]
            cells = escapedSplit(line_text(state, row.map[0]).strip())
            cells = cells[cells[:1] == [""] : len(cells) - (len(cells) > 1 and cells[-1] == "")]
            extra = [text.strip() for text in cells[columns:]]
            level = token.level + 1
            for text in extra if any(extra) else ():
                cell = state.push("td_open", "td", 1)
                inline = state.push("inline", "", 0)
                inline.content, inline.map, inline.children = text, list(row.map), []
                close = state.push("td_close", "td", -1)
                cell.level, inline.level, close.level = level, level + 1, level
        state.tokens.append(token)


def abbreviation(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001
    """Read ``*[HTML]: what it stands for``, which Python-Markdown's ``abbr`` puts into the tree."""
    found = _ABBREVIATION.match(state.src, line_start(state, start), state.eMarks[start])
    if found is None or not found[2].strip() or state.is_code_block(start):
        return False
    if not silent:
        run_of(state).abbreviations[found[1].strip()] = found[2].strip()
        state.line = start + 1
    return True
