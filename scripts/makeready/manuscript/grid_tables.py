"""Grid tables: cells between lines of ``+---+``, with blocks in them, over several columns or rows.

The lines are those of Pandoc, reStructuredText and Emacs: ``+===+`` ends the head, and begins a
foot if another one ends the table; colons in the first line, or below the head, align columns.
In a table in which no cell takes several columns, the bars need not be below each other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

from markdown_it.rules_block import StateBlock

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

_BORDER = re.compile(r"\+(?:[-=:]+\+)+[ \t]*")
_PLUS = re.compile(r"\+(?=[-=:+])|(?<=[-=:+])\+")
_HORIZONTAL, _VERTICAL = frozenset("+-=:"), frozenset("|+")
_SEPARATOR = {"+": re.compile(r"\+"), "|": re.compile(r"\|")}
_MOST_COLUMNS = 100
_MOST_LINES = 20_000


def grid_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a grid table; what is not drawn to its end stays text, and is reported later."""
    text = line_text(state, start)
    if text[:1] != "+" or state.is_code_block(start) or not _BORDER.fullmatch(text):
        return False
    refused: list[int] = state.env.setdefault("lines of no grid", [0, 0])
    if refused[0] <= start < refused[1] or not can_hold_tables(state):
        return False
    stop = _end_of_grid(state, start, end)
    lines = [ColumnLine(line_text(state, line).rstrip()) for line in range(start, stop)]
    grid = _Grid(lines)
    if grid.cells is None and (moved := _moved_into_line(lines)):
        grid = _Grid(moved)
    if grid.cells is None:
        refused[:] = [start, stop]
        return False
    if silent:
        return True
    push_table(state, (start, stop), _table_of(state, start, grid))
    state.line = stop
    return True


def _end_of_grid(state: StateBlock, start: int, end: int) -> int:
    line = start
    while line < min(end, start + _MOST_LINES):
        first = state.src[line_start(state, line)] if not state.isEmpty(line) else ""
        if first not in _VERTICAL or state.sCount[line] < state.blkIndent:
            break
        line += 1
    return line


def _moved_into_line(lines: Sequence[ColumnLine]) -> list[ColumnLine]:
    """Return lines whose bars are moved below each other, if all have the same number of cells."""
    rows = [_SEPARATOR[line.text[:1]].split(line.text[1:-1]) for line in lines]
    if len({len(row) for row in rows}) > 1 or any(
        line.text[-1:] != line.text[:1] for line in lines
    ):
        return []
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    result = []
    for line, row in zip(lines, rows, strict=True):
        sign = line.text[0]
        columns, places, at = sign, [0], 1
        for cell, width in zip(row, widths, strict=True):
            fill = cell[-1:] if sign == "+" else " "
            columns += cell.ljust(width, fill) + sign
            places += [*range(at, at + len(cell)), *[at + len(cell)] * (width - len(cell) + 1)]
            at += len(cell) + 1
        result.append(ColumnLine(line.text, columns, places))
    return result


@dataclass(frozen=True, slots=True)
class _Area:
    """A cell, as the numbers of the lines between which it is; the second ones are excluded."""

    top: int
    bottom: int
    left: int
    right: int


class _Grid:
    """The lines of a table as a grid of elementary cells, of which a cell takes one or more."""

    def __init__(self, lines: Sequence[ColumnLine]) -> None:
        self.lines = lines
        self._width = max(len(line.columns) for line in lines)
        self._rows = [line.columns.ljust(self._width) for line in lines]

    @cached_property
    def xs(self) -> list[int]:
        """The columns of the vertical lines."""
        found: set[int] = set()
        for y, row in enumerate(self._rows):
            beside = self._rows[max(y - 1, 0)], self._rows[min(y + 1, len(self._rows) - 1)]
            for plus in _PLUS.finditer(row):
                x = plus.start()
                if any(other[x] in _VERTICAL for other in beside if other is not row):
                    found.add(x)
        return sorted(found)

    @cached_property
    def ys(self) -> list[int]:
        """The lines that are horizontal lines of the grid, for some of the columns at least."""
        pairs = list(zip(self.xs, self.xs[1:], strict=False))
        return [
            y
            for y, row in enumerate(self._rows)
            if "+" in row and any(_HORIZONTAL.issuperset(row[a : b + 1]) for a, b in pairs)
        ]

    @cached_property
    def cells(self) -> list[_Area] | None:
        """The cells from left to right and top to bottom; None if the lines are no grid."""
        xs, ys = self.xs, self.ys
        if not 1 < len(xs) <= _MOST_COLUMNS or len(ys) < 2:  # noqa: PLR2004 - a first and a last
            return None
        if ys[-1] != len(self._rows) - 1 or xs[0] != 0 or xs[-1] != self._width - 1:
            return None
        areas: list[_Area] = []
        taken = [[False] * (len(xs) - 1) for _ in ys[1:]]
        for i, row in enumerate(taken):
            for j, is_taken in enumerate(row):
                if is_taken:
                    continue
                area = self._area(i, j)
                if area is None:
                    return None
                for number in range(area.top, area.bottom):
                    if any(taken[number][area.left : area.right]):
                        return None
                    taken[number][area.left : area.right] = [True] * (area.right - area.left)
                areas.append(area)
        return areas

    def _area(self, top: int, left: int) -> _Area | None:
        """Return the cell whose first corner is at two lines; None if it is not closed."""
        right = left + 1
        while right < len(self.xs) and not self._is_vertical(top, right):
            right += 1
        bottom = top + 1
        while bottom < len(self.ys) and not self._is_horizontal(bottom, left):
            bottom += 1
        if right == len(self.xs) or bottom == len(self.ys):
            return None
        across = all(
            self._is_horizontal(top, j) and self._is_horizontal(bottom, j)
            for j in range(left, right)
        )
        down = all(
            self._is_vertical(i, left) and self._is_vertical(i, right) for i in range(top, bottom)
        )
        return _Area(top, bottom, left, right) if across and down else None

    def _is_horizontal(self, i: int, j: int) -> bool:
        return _HORIZONTAL.issuperset(self._rows[self.ys[i]][self.xs[j] : self.xs[j + 1] + 1])

    def _is_vertical(self, i: int, j: int) -> bool:
        x = self.xs[j]
        return all(self._rows[y][x] in _VERTICAL for y in range(self.ys[i], self.ys[i + 1] + 1))

    def is_double(self, i: int) -> bool:
        """Return whether a line is one of equals signs."""
        row = self._rows[self.ys[i]].rstrip()
        return "=" in row and "-" not in row and _BORDER.fullmatch(row) is not None

    def dashes(self, i: int, left: int, right: int) -> str:
        """Return a horizontal line between two columns."""
        return self._rows[self.ys[i]][self.xs[left] + 1 : self.xs[right]]

    def text(self, area: _Area) -> list[tuple[int, int, str]]:
        """Return the lines of a cell: their numbers, where they begin in them, and their texts."""
        begin, end = self.xs[area.left] + 1, self.xs[area.right]
        numbers = range(self.ys[area.top] + 1, self.ys[area.bottom])
        parts = [(number, *self.lines[number].part(begin, end)) for number in numbers]
        return list(_without_indent(parts))


def _without_indent(lines: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield lines without the space that all of them begin with, and without blank ones around."""
    while lines and not lines[-1][2].strip():
        lines.pop()
    texts = [text for _, _, text in lines if text.strip()]
    indent = min((len(text) - len(text.lstrip(" ")) for text in texts), default=0)
    is_begun = False
    for number, at, text in lines:
        is_begun = is_begun or bool(text.strip())
        if is_begun:
            yield number, at + indent, text[indent:].rstrip()


def _table_of(state: StateBlock, start: int, grid: _Grid) -> Table:
    areas = grid.cells
    assert areas is not None
    tops, lefts = sorted({area.top for area in areas}), sorted({area.left for area in areas})
    last = len(grid.ys) - 1
    doubles = [i for i in range(1, last) if grid.is_double(i)]
    inside = {i for area in areas for i in range(area.top + 1, area.bottom)}
    divides = [i for i in doubles if i not in inside]
    head = divides[0] if divides else 0
    foot = divides[-1] if len(divides) > 1 and grid.is_double(last) else last
    table = Table()
    for top, group in groupby(areas, key=lambda area: area.top):
        cells = [_cell(state, start, grid, area, tops, lefts) for area in group]
        row = Row(start + grid.ys[top] + 1, cells)
        (table.head if top < head else table.foot if top >= foot else table.body).append(row)
    edges = [*lefts, len(grid.xs) - 1]
    marks = [grid.dashes(head, a, b) for a, b in pairwise(edges)]
    table.alignments = [_alignment(mark) for mark in marks]
    if len(grid.lines[0].columns) > LONG_LINE:
        table.widths = " ".join(str(len(mark)) for mark in marks)
    return table


def _cell(
    state: StateBlock,
    start: int,
    grid: _Grid,
    area: _Area,
    tops: Sequence[int],
    lefts: Sequence[int],
) -> Cell:
    parts = grid.text(area)
    lines = [(line_start(state, start + number) + at, text) for number, at, text in parts]
    first = start + (parts[0][0] if parts else grid.ys[area.top] + 1)
    return Cell(
        read_cell(state, lines or [(line_start(state, start), "")], first),
        bisect_left(lefts, area.right) - bisect_left(lefts, area.left),
        bisect_left(tops, area.bottom) - bisect_left(tops, area.top),
        bisect_left(lefts, area.left),
    )


def _alignment(mark: str) -> str:
    match mark[:1] == ":", mark[-1:] == ":":
        case True, True:
            return "center"
        case True, False:
            return "left"
        case False, True:
            return "right"
        case _:
            return ""
