"""Widths of a table's columns, shared out so that the table is as low as it can be.

The engine shares the width by the longest line of each column, so that a column of short entries
takes room from one of sentences. Here the width is shared out letter by letter: each step goes to
the column that loses the most lines by it. Widths that the author gave are kept as far as the
words of each column fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from makeready.book.model import Element
from makeready.manuscript.allowed_html import COLUMN_WIDTHS
from makeready.manuscript.turned_blocks import TURNED, add_class, can_be_turned, is_on_side

_LINE_LETTERS = 64
"""The letters that a line of text holds, about; what counts is the share of each column."""

_TURNED_LETTERS = 92
"""Those that a line of a turned page holds."""

OVER_WIDE = "over-wide"
"""The class of a table that is turned where lines hold so few letters, and fits on wide pages."""

ON_WIDE_PAGES = "--on-wide-pages"
"""The property with the width of a table or column on pages with longer lines."""

WHOLE_IF_WIDE = "whole-if-wide"
"""The class of a table that is set in its own size of type there."""

_ROOM, _WIDE_PAGE = 1.07, 1.25
"""How much more the engine fits on a line, and how much longer the lines of wide pages are."""

_STEPS = {1.0: "", 0.85: "smaller", 0.72: "smallest"}
"""The sizes of type, each with the class of a table that is set in it."""

_PADDING_LETTERS = 4.3
"""The space between two columns, in letters."""

_CODE_WIDTH = 1.15
"""The width of a letter of code in letters of text."""

_NARROW, _WIDE, _CAPITAL, _OTHER, _SPACE = 0.75, 2.05, 1.75, 1.2, 0.6
"""The widths of kinds of letters in letters, each of which has its share of the spaces in text."""

_KINDS = (
    (frozenset("fijlrtI.,:;!|()[]'-\u2019"), _NARROW),
    (frozenset("mwMW@%&\u2014\u2026"), _WIDE),
    (frozenset("ABCDEFGHJKLNOPQRSTUVXYZ"), _CAPITAL),
)
_LETTER_WIDTHS = {letter: width for letters, width in _KINDS for letter in letters}
_BOLD = 1.06
"""How much wider bold letters are."""

_MAXIMUM_ROWS = 60
"""Only so many rows are weighed: a longer table has others of the same kind."""

_SQUARE, _FIRST_SQUARE = 2.6, "\u2e80"
"""The width of a letter of Chinese, Japanese and Korean, and the first of these."""

_PIECE = re.compile(r"([\s\u200b]*)(-*[^\s\u200b-]+-?|-+)")
_CELLS = frozenset({"th", "td"})


def set_column_widths(tree: Element) -> None:
    """Give each table that does not fit on lines of its own the widths of its columns.

    One that does not fit in the smallest type either is turned onto its side, or marked for pages
    that are too narrow for it. Tables whose cells
    span columns, or that have widths already, are left to the engine.
    """
    for table in tree.iter("table"):
        wanted = _wanted_shares(table)
        rows = [[cell for cell in row if cell.tag in _CELLS] for row in table.iter("tr")]
        if _is_regular(table, rows):
            pieces = [[_pieces(cell) for cell in row] for row in rows[:_MAXIMUM_ROWS]]
            if not is_on_side(table) and can_be_turned(table):
                _turn_if_too_wide(table, pieces)
            is_turned = is_on_side(table)
            scale = _scale(pieces, _TURNED_LETTERS if is_turned else _LINE_LETTERS) or min(_STEPS)
            if scale != 1:
                add_class(table, _STEPS[scale])
            letters: float = _TURNED_LETTERS if is_turned else _LINE_LETTERS
            shares = _best_shares(pieces, letters / scale, wanted)
            _set_shares(table, rows[0], shares)
            if shares and not is_turned:
                letters *= _WIDE_PAGE
                if scale != 1 and _scale(pieces, letters) == 1:
                    add_class(table, WHOLE_IF_WIDE)
                    scale = 1.0
                wide = _best_shares(pieces, letters / scale, wanted)
                _set_shares_on_wide_pages(table, rows[0], wide)


def _turn_if_too_wide(table: Element, pieces: Sequence[Sequence[Sequence[_Piece]]]) -> None:
    if _scale(pieces, _LINE_LETTERS * _ROOM * _WIDE_PAGE) == 0:
        add_class(table, TURNED)
    elif _scale(pieces, _LINE_LETTERS * _ROOM) == 0:
        add_class(table, OVER_WIDE)


def set_given_widths(tree: Element) -> None:
    """Give the columns of each table the widths that its author gave, in a document that flows."""
    for table in tree.iter("table"):
        wanted = _wanted_shares(table)
        rows = [[cell for cell in row if cell.tag in _CELLS] for row in table.iter("tr")]
        if _is_regular(table, rows) and len(wanted) == len(rows[0]):
            _set_shares(table, rows[0], wanted)


def _set_shares(table: Element, first_row: Sequence[Element], shares: Sequence[float]) -> None:
    for cell, share in zip(first_row, shares, strict=True) if shares else ():
        cell.set("style", f"width:{share:.1%}")
    if shares:
        table.set("style", "width:100%")


def _set_shares_on_wide_pages(
    table: Element, first_row: Sequence[Element], shares: Sequence[float]
) -> None:
    """Set the shares on pages with longer lines, which the rules of their geometry take."""
    if not shares:
        table.set("style", f"{table.get('style')};{ON_WIDE_PAGES}:auto")
    widths = [f"{share:.1%}" for share in shares] or ["auto"] * len(first_row)
    for cell, width in zip(first_row, widths, strict=True):
        cell.set("style", f"{cell.get('style')};{ON_WIDE_PAGES}:{width}")


def _best_shares(
    rows: Sequence[Sequence[Sequence[_Piece]]], letters: float, wanted: Sequence[float]
) -> list[float]:
    return _shares_near(rows, letters, wanted) or _shares(rows, letters)


def _wanted_shares(table: Element) -> list[float]:
    """Take the widths that the author gave from a table; return each column's share."""
    widths = [float(width) for width in str(table.attrib.pop(COLUMN_WIDTHS, "")).split()]
    total = sum(widths)
    return [width / total for width in widths] if total else []


def _is_regular(table: Element, rows: Sequence[Sequence[Element]]) -> bool:
    has_width = any(cell.get("style") or cell.get("width") for row in rows for cell in row)
    spans = any(cell.get("colspan") for row in rows for cell in row)
    declared = table.find(".//col") is not None or table.get("style") is not None
    lengths = {len(row) for row in rows}
    return not (has_width or spans or declared) and len(lengths) == 1 and lengths != {0}


class _Piece(NamedTuple):
    """What a line cannot be broken in: its width, and that of the space before it, in letters."""

    width: float
    space: float


def _pieces(cell: Element) -> list[_Piece]:
    """Return the pieces of a cell's text; words may be broken after a hyphen."""
    is_code = cell.find(".//code") is not None
    factor = _BOLD if cell.tag == "th" else 1.0
    found = _PIECE.findall("".join(map(str, cell.itertext())))
    return [
        _Piece(
            len(word) * _CODE_WIDTH if is_code else _width(word) * factor,
            _SPACE if space.strip("\u200b") else 0.0,
        )
        for space, word in found
    ]


def _width(word: str) -> float:
    """Return the width of a word in letters."""
    other = _SQUARE if word >= _FIRST_SQUARE else _OTHER
    return sum(_LETTER_WIDTHS.get(letter, other) for letter in word)


@dataclass(frozen=True)
class _Column:
    """The cells of a column, each as its pieces."""

    cells: Sequence[Sequence[_Piece]]

    @cached_property
    def longest_piece(self) -> float:
        return max((piece.width for cell in self.cells for piece in cell), default=1.0)

    @cached_property
    def longest_entry(self) -> float:
        return max(sum(map(sum, cell)) for cell in self.cells)

    def line_counts(self, width: float) -> list[int]:
        """Return how many lines each cell takes in a width."""
        return [_line_count(cell, width) for cell in self.cells]


def _line_count(pieces: Sequence[_Piece], width: float) -> int:
    lines, used = 1, 0.0
    for piece in pieces:
        if used and used + piece.space + piece.width > width:
            lines, used = lines + 1, piece.width
        else:
            used += piece.width + (piece.space if used else 0)
    return lines


def _scale(rows: Sequence[Sequence[Sequence[_Piece]]], line_letters: float) -> float:
    """Return the size of type in which what cannot be broken fits; 0 if it fits in none."""
    columns = [_Column(cells) for cells in zip(*rows, strict=True)]
    needed = sum(column.longest_piece for column in columns)
    padding = _PADDING_LETTERS * len(columns)
    return next((s for s in _STEPS if needed < line_letters / s - padding), 0.0)


def _shares(rows: Sequence[Sequence[Sequence[_Piece]]], letters: float) -> list[float]:
    """Return each column's share of the width; none where every entry fits on a line."""
    columns = [_Column(cells) for cells in zip(*rows, strict=True)]
    room = letters - _PADDING_LETTERS * len(columns)
    widths = [column.longest_piece for column in columns]
    if sum(column.longest_entry for column in columns) <= room or sum(widths) >= room:
        return []
    while step := _best_step(columns, widths, room - sum(widths)):
        number, width = step
        widths[number] = width
    left = room - sum(widths)
    total = sum(widths)
    padded = [width + left * width / total + _PADDING_LETTERS for width in widths]
    return [width / sum(padded) for width in padded]


def _shares_near(
    rows: Sequence[Sequence[Sequence[_Piece]]], letters: float, wanted: Sequence[float]
) -> list[float]:
    """Return shares that are the wanted ones as far as the longest piece of each column fits.

    None are returned where other columns are wanted, or what cannot be broken is too wide.
    """
    if len(wanted) != len(rows[0]):
        return []
    columns = [_Column(cells) for cells in zip(*rows, strict=True)]
    least = [(column.longest_piece + _PADDING_LETTERS) / letters for column in columns]
    if sum(least) >= 1:
        return []
    shares = list(wanted)
    narrow: set[int] = set()
    while found := {n for n, share in enumerate(shares) if share < least[n]} - narrow:
        narrow |= found
        room = 1 - sum(least[n] for n in narrow)
        rest = sum(wanted[n] for n in range(len(wanted)) if n not in narrow)
        shares = [
            least[n] if n in narrow else share * room / rest for n, share in enumerate(wanted)
        ]
    return shares


def _best_step(
    columns: Sequence[_Column], widths: Sequence[float], left: float
) -> tuple[int, float] | None:
    """Return the column to widen, and to what, for the most lines saved by the letter."""
    counts = [column.line_counts(width) for column, width in zip(columns, widths, strict=True)]
    height = sum(map(max, zip(*counts, strict=True)))
    best: tuple[float, int, float] | None = None
    for number, column in enumerate(columns):
        for more in _steps(column, widths[number], left):
            narrower = counts[number]
            counts[number] = column.line_counts(widths[number] + more)
            saved = height - sum(map(max, zip(*counts, strict=True)))
            # Between two columns of the same row, the one that is higher gives way first.
            saved_cells = sum(narrower) - sum(counts[number])
            counts[number] = narrower
            gain = (saved + saved_cells / 100) / more
            if gain > 0 and (best is None or gain > best[0]):
                best = gain, number, widths[number] + more
    return best[1:] if best is not None else None


def _steps(column: _Column, width: float, left: float) -> Iterator[float]:
    """Yield by how many letters a column may be widened."""
    limit = min(left, column.longest_entry - width)
    more = 1.0
    while more <= limit:
        yield more
        more += 1 if more < 8 else 4  # noqa: PLR2004 - fine steps first
    if limit > 0 and more - 1 < limit:
        yield limit
