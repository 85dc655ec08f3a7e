"""The cells of tables: their headers and spans, and the cells that rows lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from makeready.engine.tagging.node import Node
from makeready.engine.tagging.roles import CELLS

_ROW_GROUPS = frozenset({"THead", "TBody", "TFoot"})
_MOST_SPAN = 1000
"""As in HTML; no table of a book has more columns."""


def set_cells(table: Node, elements: Mapping[Node, Any], numbers: Iterator[int]) -> None:
    """Describe the cells of a table, and make its rows equally long.

    ``elements`` has the element of each node in it. Headers that cells refer to get ids with
    the next ``numbers``.
    """
    grids = [_Grid(rows, elements, at_head) for rows, at_head in _row_groups(table)]
    width = max((grid.width for grid in grids), default=0)
    for grid in grids:
        grid.fill(width)
        grid.set_scopes(elements)
    if all(grid.is_simple for grid in grids):
        return
    columns: dict[int, list[Node]] = {}
    for grid in grids:
        grid.connect(columns)
    for header in dict.fromkeys(header for grid in grids for header in grid.headers):
        header.texts["ID"] = f"header-{next(numbers)}"


def _row_groups(table: Node) -> Iterator[tuple[list[Node], bool]]:
    """Yield the rows of each group of a table, and whether they are at its head."""
    own = [kid for kid in table.nodes if kid.role == "TR"]
    if own:
        yield own, False
    for group in table.nodes:
        if group.role in _ROW_GROUPS:
            rows = [kid for kid in group.nodes if kid.role == "TR"]
            if rows:
                yield rows, group.role == "THead"


class _Grid:
    """The rows of a group, with the cell that each place in them belongs to."""

    def __init__(self, rows: list[Node], elements: Mapping[Node, Any], at_head: bool) -> None:
        self.rows, self._at_head = rows, at_head
        self._places: list[dict[int, Node]] = [{} for _ in rows]
        self.is_simple = True
        for number, row in enumerate(rows):
            column = 0
            for cell in [kid for kid in row.nodes if kid.role in CELLS]:
                while column in self._places[number]:
                    column += 1
                column += self._place(cell, number, column, elements[cell])

    def _place(self, cell: Node, row: int, column: int, element: Any) -> int:
        """Place a cell and set its spans; return how many columns it has."""
        columns = _span(element, "colspan")
        # A cell ends with its group.
        rows = min(_span(element, "rowspan") or len(self.rows), len(self.rows) - row)
        columns = max(1, columns)
        if columns > 1:
            cell.set_attribute("Table", "ColSpan", columns)
        if rows > 1:
            cell.set_attribute("Table", "RowSpan", rows)
        self.is_simple &= columns == rows == 1
        for down in range(rows):
            for across in range(columns):
                self._places[row + down].setdefault(column + across, cell)
        return columns

    @property
    def headers(self) -> Iterator[Node]:
        """The headers that cells refer to."""
        for places in self._places:
            for cell in places.values():
                yield from cell.headers

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((max(places) + 1 for places in self._places if places), default=0)

    def fill(self, width: int) -> None:
        """Add empty cells to rows that have fewer than the others."""
        for row, places in zip(self.rows, self._places, strict=True):
            for column in range(width):
                if column not in places:
                    places[column] = row.add("TD")

    def set_scopes(self, elements: Mapping[Node, Any]) -> None:
        """Say of each header whether it is one of columns or of rows."""
        for places in self._places:
            for cell in dict.fromkeys(places.values()):
                if cell.role == "TH":
                    scope = elements[cell].get("scope") or ("col" if self._at_head else "row")
                    is_row = scope.startswith("row")
                    cell.set_attribute("Table", "Scope", "/Row" if is_row else "/Column")

    def connect(self, columns: dict[int, list[Node]]) -> None:
        """Give each cell its headers; ``columns`` are those of columns, down to this group."""
        for places in self._places:
            row_headers = [cell for cell in places.values() if _scope(cell) == "/Row"]
            for column, cell in sorted(places.items()):
                above = columns.get(column, [])
                for header in (*above, *row_headers):
                    if header is not cell and header not in cell.headers:
                        cell.headers.append(header)
            for column, cell in places.items():
                if _scope(cell) == "/Column" and cell not in columns.setdefault(column, []):
                    columns[column] = [*columns[column], cell]


def _scope(cell: Node) -> Any:
    return cell.attributes.get("Table", {}).get("Scope") if cell.role == "TH" else None


def _span(element: Any, name: str) -> int:
    value = element.get(name) or "1"
    return min(int(value), _MOST_SPAN) if value.isdecimal() else 1
