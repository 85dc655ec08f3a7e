"""Simple tables and multiline tables of Pandoc: columns of text below or between lines of dashes.

A simple table has a row on each line, to a blank line or a line of dashes; a multiline table, which
is between lines of dashes, has rows divided by blank lines. Either may lack a head. A text is no
table if a word of it would be cut by the columns.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from makeready.manuscript.column_lines import ColumnLine
from makeready.manuscript.parse_run import line_start, line_text
from makeready.manuscript.table_tokens import (
    LONG_LINE,
    Cell,
    Row,
    Table,
    can_hold_tables,
    push_table,
    read_cell,
)

_COLUMNS = re.compile(r"-{2,}(?: +-{2,}){1,99} *")
_RULE = re.compile(r"-{3,} *")
_GROUP = re.compile(r"-+")
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])[ ]")
_MOST_HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a table: of its head, of its dashes, and of each row; ``stop`` is after it."""

    head: range
    dashes: int
    rows: Sequence[range]
    stop: int


def text_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a simple or a multiline table."""
    lines = _lines_of_table(state, start, end)
    if lines is None or not can_hold_tables(state):
        return False
    base = state.bMarks[lines.dashes]
    dashes = state.src[base : state.eMarks[lines.dashes]]
    groups = [found.span() for found in _GROUP.finditer(dashes)]
    if not _is_in_columns(state, lines, groups):
        return False
    if silent:
        return True
    push_table(state, (start, lines.stop), _table_of(state, lines, groups))
    state.line = lines.stop
    return True


def _lines_of_table(state: StateBlock, start: int, end: int) -> _Lines | None:
    text = line_text(state, start)
    if state.isEmpty(start) or start + 2 > end:
        return None
    if _COLUMNS.fullmatch(text) and not state.is_code_block(start):
        return _with_rows(state, range(start, start), start, end, is_framed=True)
    if _RULE.fullmatch(text) and not state.is_code_block(start):
        dashes = start + 1
        while dashes < min(end, start + _MOST_HEAD_LINES) and _is_text(state, dashes):
            dashes += 1
        is_head = start + 1 < dashes < end and _is_columns(state, dashes)
        head = range(start + 1, dashes)
        return _with_rows(state, head, dashes, end, is_framed=True) if is_head else None
    is_item = _ITEM.match(text) and state.sCount[start + 1] > state.sCount[start]
    if _is_columns(state, start + 1) and not is_item:
        return _with_rows(state, range(start, start + 1), start + 1, end, is_framed=False)
    return None


def _is_columns(state: StateBlock, line: int) -> bool:
    is_inside = state.sCount[line] >= state.blkIndent and not state.is_code_block(line)
    return is_inside and _COLUMNS.fullmatch(line_text(state, line)) is not None


def _is_text(state: StateBlock, line: int) -> bool:
    """Return whether a line can be part of a row."""
    text = line_text(state, line)
    is_inside = bool(text) and state.sCount[line] >= state.blkIndent
    return is_inside and not (_COLUMNS.fullmatch(text) or _RULE.fullmatch(text))


def _with_rows(
    state: StateBlock, head: range, dashes: int, end: int, *, is_framed: bool
) -> _Lines | None:
    """Return the lines of a table with rows; one that ``is_framed`` ends with dashes."""
    blocks: list[range] = []
    line = dashes + 1
    has_blank = False
    while line < end:
        begin = line
        while line < end and _is_text(state, line):
            line += 1
        if begin < line:
            blocks.append(range(begin, line))
        if line >= end or not state.isEmpty(line) or not is_framed:
            break
        has_blank = True
        line += 1
    is_inside = line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent
    is_closed = is_inside and not _is_text(state, line)
    is_last = line + 1 >= end or state.isEmpty(line + 1) or state.sCount[line + 1] < state.blkIndent
    if not blocks or (is_framed and not (is_closed and is_last)):
        return None
    is_multiline = has_blank or (is_framed and len(head) > 0)
    rows = blocks if is_multiline else [range(n, n + 1) for block in blocks for n in block]
    if not head and len(rows) == 1:
        # Words between two breaks of a scene are no table.
        return None
    return _Lines(head, dashes, rows, line + 1 if is_closed else line)


def _is_in_columns(state: StateBlock, lines: _Lines, groups: Sequence[tuple[int, int]]) -> bool:
    """Return whether no word goes over the begin of a column.

    In a table without a head, none goes over the end of one either, or far beyond the last one.
    """
    gaps = list(itertools.pairwise(groups))
    begin, stop = groups[-1]
    farthest = stop + (stop - begin)
    for line in (n for row in [lines.head, *lines.rows] for n in row):
        columns = _line(state, line).columns
        if "\t" in columns or (not lines.head and len(columns.rstrip()) > farthest):
            return False
        for (_, end), (first, _) in gaps:
            is_cut = columns[first - 1 : first].strip() and columns[first : first + 1].strip()
            if is_cut or (not lines.head and columns[end:first].strip()):
                return False
    return True


def _line(state: StateBlock, line: int) -> ColumnLine:
    """Return a line with spaces in place of the mark of an item of a list before it."""
    base, first = state.bMarks[line], line_start(state, line)
    return ColumnLine(" " * (first - base) + state.src[first : state.eMarks[line]])


def _table_of(state: StateBlock, lines: _Lines, groups: Sequence[tuple[int, int]]) -> Table:
    edges = [0, *(first for first, _ in groups[1:]), None]
    columns = list(itertools.pairwise(edges))
    model = lines.head if lines.head else lines.rows[0]
    table = Table()
    table.alignments = [
        _alignment([_part(state, n, first, edge)[1] for n in model], stop - first)
        for (first, stop), (_, edge) in zip(groups, columns, strict=True)
    ]
    if groups[-1][1] - groups[0][0] > LONG_LINE:
        table.widths = " ".join(str(stop - first) for first, stop in groups)
    for rows, numbers in (
        (table.head, [lines.head] if lines.head else []),
        (table.body, lines.rows),
    ):
        for row in numbers:
            cells = [Cell(_cell(state, row, begin or 0, edge)) for begin, edge in columns]
            rows.append(Row(row[0], cells))
    return table


def _part(state: StateBlock, line: int, begin: int, edge: int | None) -> tuple[int, str]:
    """Return the text of a line between two columns, and the offset at which it begins."""
    text = _line(state, line)
    at, part = text.part(begin, len(text.columns) if edge is None else edge)
    return state.bMarks[line] + at, part


def _cell(state: StateBlock, row: range, begin: int, edge: int | None) -> list[Token]:
    parts = [(*_part(state, line, begin, edge), line) for line in row]
    first = next((line for _, part, line in parts if part.strip()), row[0])
    return read_cell(state, list(_stripped(parts)) or [(parts[0][0], "")], first)


def _stripped(parts: Sequence[tuple[int, str, int]]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a cell without the space around them, and without blank ones around."""
    texts = [part.strip() for _, part, _ in parts]
    filled = [n for n, text in enumerate(texts) if text]
    for number in range(filled[0], filled[-1] + 1) if filled else ():
        at, part, _ = parts[number]
        yield at + len(part) - len(part.lstrip()), texts[number]


def _alignment(texts: Sequence[str], width: int) -> str:
    """Return the alignment of a column, by where the shortest line of its head is."""
    filled = sorted((text.rstrip() for text in texts if text.strip()), key=len)
    if not filled:
        return ""
    match filled[0][0] == " ", len(filled[0]) < width:
        case True, False:
            return "right"
        case True, True:
            return "center"
        case False, True:
            return "left"
        case _:
            return ""
