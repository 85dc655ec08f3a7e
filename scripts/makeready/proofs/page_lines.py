"""The numbered lines of the pages of an edition, and the place of a spot of text among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from makeready.book.text_position import BlockPosition
from makeready.pagination.imposition import Imposition
from makeready.pdf.fragment import Fragment, TextLine
from makeready.proofs.text_blocks import Spot

_SAME_LINE = 0.3


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of a page as its reader counts it, from 1; its edges and baseline are in points.

    The cells of a row are one line.
    """

    number: int
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line of a page, counted from 0 in the whole file, and the letters of it that are meant.

    ``first`` and ``last`` count from the start of ``text``; for the rest of the line ``last`` is
    None. There is no ``line`` on a page whose lines are not numbered, and for an image.
    """

    page: int
    line: NumberedLine | None
    text: TextLine | None = None
    first: int = 0
    last: int | None = None


@dataclass
class BookLines:
    """The numbered lines of an edition: by page, and by the blocks of its sections."""

    pages: dict[int, list[NumberedLine]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    first_pages: dict[str, int] = field(default_factory=dict)
    _blocks: dict[tuple[str, bool, BlockPosition], list[tuple[int, TextLine]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _numbers: dict[tuple[int, TextLine], NumberedLine] = field(default_factory=dict)

    def places_of(self, section: str, spot: Spot) -> list[LinePlace]:
        """Return the lines that show a spot of a section; a point is in one of them.

        A point between two lines is at the end of the first.
        """
        lines = self._lines_of(section, spot)
        if not lines:
            return self._start_of(section)
        if spot.start == spot.end:
            page, line = next(
                (one for one in reversed(lines) if one[1].letters < max(spot.start, 1)), lines[0]
            )
            first = max(spot.start - line.letters, 0)
            return [LinePlace(page, self._numbers.get((page, line)), line, first, first)]
        places = []
        for (page, line), following in zip(lines, [*lines[1:], None], strict=True):
            ends = following[1].letters if following is not None else None
            if line.letters < spot.end and (ends is None or ends > spot.start):
                first = max(spot.start - line.letters, 0)
                last = spot.end - line.letters if ends is None or spot.end < ends else None
                numbered = self._numbers.get((page, line))
                places.append(LinePlace(page, numbered, line, first, last))
        return places or self._start_of(section)

    def _lines_of(self, section: str, spot: Spot) -> list[tuple[int, TextLine]]:
        if spot.block is None:
            return []
        return self._blocks.get((section, spot.is_note, spot.block), [])

    def _start_of(self, section: str) -> list[LinePlace]:
        page = self.first_pages.get(section, 0)
        lines = self.pages.get(page, [])
        return [LinePlace(page, lines[0] if lines else None)]

    def add_section(self, name: str, first_page: int, lines: Sequence[TextLine]) -> None:
        """Add the lines of a section whose first page is that page of the file, from 0."""
        self.first_pages[name] = first_page
        by_page: dict[int, list[TextLine]] = defaultdict(list)
        for line in lines:
            page = first_page + line.page
            block = BlockPosition(line.line, line.occurrence)
            self._blocks[name, line.is_note, block].append((page, line))
            if not line.is_turned and not line.height:
                by_page[page].append(line)
        for page, found in by_page.items():
            self.pages[page] = []
            for number, row in enumerate(_rows(found), start=1):
                numbered = NumberedLine(
                    number,
                    min(line.left for line in row),
                    max(line.right for line in row),
                    row[0].baseline,
                    max(line.size for line in row),
                )
                self.pages[page].append(numbered)
                self._numbers |= {(page, line): numbered for line in row}


def _rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return lines in rows with one baseline, from top to bottom."""
    ordered = sorted(lines, key=lambda line: -line.baseline)
    rows = [[line] for line in ordered[:1]]
    for before, line in pairwise(ordered):
        if before.baseline - line.baseline < _SAME_LINE * max(before.size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def book_lines(imposition: Imposition, fragments: Mapping[str, Fragment], _: str = "") -> BookLines:
    """Return the numbered lines of a print interior."""
    lines = BookLines(labels=imposition.labels)
    for placed in imposition.sections:
        name = placed.section.name
        lines.add_section(name, placed.first_index, fragments[name].lines)
    return lines


def screen_lines(
    imposition: Imposition, fragments: Mapping[str, Fragment], cover_label: str
) -> BookLines:
    """Return the numbered lines of a screen edition, whose first page is its cover."""
    labels = [cover_label]
    lines = BookLines()
    for placed in imposition.sections:
        name = placed.section.name
        lines.add_section(name, len(labels), fragments[name].lines)
        labels += imposition.labels_of(placed)
    lines.labels = tuple(labels)
    return lines
