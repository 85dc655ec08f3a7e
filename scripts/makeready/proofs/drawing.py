"""The rules, bars and signs of a proof's sheet, as content of a PDF page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from makeready.book.queries import QueryKind
from makeready.proofs.letter_edges import LetterEdges
from makeready.proofs.marks import PlacedQuery, ProofMarks
from makeready.proofs.page_lines import LinePlace, NumberedLine
from makeready.proofs.sheet import Sheet
from makeready.proofs.sheet_markup import PlacedNote

_RED, _PALE_RED, _BLUE = "0.69 0.11 0.11", "0.85 0.55 0.53", "0.05 0.33 0.58"
_YELLOW, _PINK, _GREY = "1 0.95 0.62", "1 0.88 0.87", "0.72 0.72 0.72"
_ASCENT, _DESCENT, _STRIKE = 0.74, 0.26, 0.24
_BAR_PT = 1.3
_STRUCK = frozenset({QueryKind.DELETION, QueryKind.REPLACEMENT})


class SheetDrawing:
    """The drawing of the sheets of a proof: what is under the book's page, and what is over it."""

    def __init__(self, sheet: Sheet, marks: ProofMarks, edges: LetterEdges) -> None:
        self._sheet, self._marks, self._edges = sheet, marks, edges

    def under(self, page: int, notes: Sequence[PlacedNote]) -> str:
        """Return what is drawn under the page: its edge, bars, tints, and rules to the notes."""
        parts = [self._frame(page), *self._bars(page), *self._deletions(page)]
        for one, place in self._marks.places_on(page):
            parts += self._tint(page, one, place)
        starts = {one.number: at for one in self._marks.queries_on(page) for at in self._sign(one)}
        parts += [sign for _, _, sign in starts.values()]
        for note in notes:
            if note.query is not None and note.query.number in starts:
                x, y, _ = starts[note.query.number]
                parts.append(self._rule_to(page, note, x, y))
        return "\n".join(parts)

    def over(self, page: int) -> str:
        """Return what is drawn over the page: lines through words to be deleted."""
        parts = []
        for one, place in self._marks.places_on(page):
            if one.query.kind in _STRUCK and place.line is not None:
                left, right = self._span(page, place)
                y = self._y(place.line.baseline) + _STRIKE * place.line.size
                parts.append(f"{_RED} RG 0.7 w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S")
        return "\n".join(parts)

    def _x(self, page: int, x: float) -> float:
        return self._sheet.page_left(page) + x

    def _y(self, y: float) -> float:
        return self._sheet.page_bottom + y

    def _frame(self, page: int) -> str:
        sheet = self._sheet
        left, bottom = sheet.page_left(page), sheet.page_bottom
        box = f"{left:.2f} {bottom:.2f} {sheet.page_width:.2f} {sheet.page_height:.2f}"
        return f"{_GREY} RG 0.35 w {box} re S"

    def _bars(self, page: int) -> Iterator[str]:
        """Yield a bar beside each run of changed lines."""
        found = {p.line.number: p.line for p in self._marks.changed_lines(page) if p.line}
        x = self._sheet.bar_middle(page)
        for run in _runs([found[number] for number in sorted(found)]):
            top = self._y(run[0].baseline) + _ASCENT * run[0].size
            bottom = self._y(run[-1].baseline) - _DESCENT * run[-1].size
            yield f"{_BLUE} RG {_BAR_PT} w {x:.2f} {bottom:.2f} m {x:.2f} {top:.2f} l S"
        for place in self._marks.changed_lines(page):
            if place.text is not None and place.text.height:
                bottom = self._y(place.text.baseline)
                top = bottom + place.text.height
                yield f"{_BLUE} RG {_BAR_PT} w {x:.2f} {bottom:.2f} m {x:.2f} {top:.2f} l S"

    def _deletions(self, page: int) -> Iterator[str]:
        """Yield a triangle beside each line without a bar in which words were deleted."""
        x = self._sheet.bar_middle(page)
        to_text = 1 if self._sheet.is_verso(page) else -1
        barred = {place.line for place in self._marks.changed_lines(page)}
        deletions = (place.line for place in self._marks.deletions(page))
        lines = {line.number: line for line in deletions if line and line not in barred}
        for line in lines.values():
            y = self._y(line.baseline) + 0.22 * line.size
            tip, back = x + to_text * 2.4, x - to_text * 2.4
            yield (
                f"{_BLUE} rg {tip:.2f} {y:.2f} m {back:.2f} {y + 2.6:.2f} l "
                f"{back:.2f} {y - 2.6:.2f} l f"
            )

    def _tint(self, page: int, one: PlacedQuery, place: LinePlace) -> Iterator[str]:
        if place.line is None or place.text is None or place.first == place.last:
            return
        left, right = self._span(page, place)
        y = self._y(place.line.baseline) - _DESCENT * place.line.size
        colour = _PINK if one.query.kind in _STRUCK else _YELLOW
        height = (_ASCENT + _DESCENT) * place.line.size
        yield f"{colour} rg {left:.2f} {y:.2f} {right - left:.2f} {height:.2f} re f"

    def _sign(self, one: PlacedQuery) -> Iterator[tuple[float, float, str]]:
        """Yield where a query is, and the sign under its place."""
        place = one.places[0]
        if place.line is None:
            if place.text is not None:
                # On a turned page the start of the line is marked.
                x, y = self._x(place.page, place.text.left), self._y(place.text.baseline)
                yield x, y, f"{_RED} rg {x - 1.4:.2f} {y - 1.4:.2f} 2.8 2.8 re f"
            return
        page, y = place.page, self._y(place.line.baseline)
        left, right = self._span(page, place)
        if place.text is None:
            left = right = self._x(page, place.line.left)
        if place.last is None or place.last > place.first:
            yield left, y - 0.28 * place.line.size, ""
            return
        x = right
        is_insertion = one.query.kind is QueryKind.INSERTION
        half, top, bottom = (2.4, y - 0.3, y - 4) if is_insertion else (1.6, y - 0.6, y - 3.6)
        path = f"{x - half:.2f} {bottom:.2f} m {x:.2f} {top:.2f} l {x + half:.2f} {bottom:.2f} l"
        yield x, bottom, f"{_RED} RG 0.7 w {path} S" if is_insertion else f"{_RED} rg {path} f"

    def _span(self, page: int, place: LinePlace) -> tuple[float, float]:
        if place.text is None or place.line is None:
            at = self._x(page, place.line.left if place.line is not None else 0.0)
            return at, at
        left, right = self._edges.span(page, place.text, place.first, place.last)
        return self._x(page, left), self._x(page, right)

    def _rule_to(self, page: int, note: PlacedNote, x: float, y: float) -> str:
        """Return the rule from a place to its note: under the line, then across the margin."""
        sheet = self._sheet
        verso = sheet.is_verso(page)
        left, right = sheet.page_left(page), sheet.page_left(page) + sheet.page_width
        edge = left - 3 if verso else right + 3
        note_x = sheet.note_left(page)
        end = note_x + sheet.note_width + 3 if verso else note_x - 3
        note_y = sheet.height - sheet.page_top_from_top - note.top - 5.6
        return (
            f"{_PALE_RED} RG 0.35 w [0.7 1.5] 0 d {x:.2f} {y:.2f} m {edge:.2f} {y:.2f} l S "
            f"[] 0 d {edge:.2f} {y:.2f} m {end:.2f} {note_y:.2f} l S"
        )


def _runs(lines: Sequence[NumberedLine]) -> Iterator[list[NumberedLine]]:
    """Yield runs of lines that follow each other."""
    for _, run in groupby(enumerate(lines), key=lambda one: one[1].number - one[0]):
        yield [line for _, line in run]
