"""A finished PDF measured: the figures of the book, of its sections, and all places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TypeVar

import pypdfium2

from makeready.errors import FindingsError
from makeready.typography.figures import Figures, Observations, figures_of
from makeready.typography.lines import Line, lines_of
from makeready.typography.page_glyphs import MOST_GLYPHS, Advances, read_page
from makeready.typography.page_sides import rectos_of
from makeready.typography.paragraphs import Paragraph, paragraphs_of
from makeready.typography.places import (
    Place,
    PlaceKind,
    justified_lines,
    places_in_lines,
)
from makeready.typography.sections import Section, sections_of
from makeready.typography.spreads import Spread, short_last_pages, spreads_of
from makeready.typography.text_block import TextBlock, text_block_of

T = TypeVar("T")

_PAGES_AT_A_TIME = 20
_LEAST_SPACES = 20
"""So many spaces at least tell the width of the font's own."""
_HUNG_EM = 0.02
_SAMPLED_PAGES, _SAMPLED_GLYPHS = 60, 200_000
_SAME_SIZE_PT = 0.1

ProgressCallback = Callable[[int, int], None]
"""Called with the number of pages read and of all pages."""


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """The figures of a section that begins on ``page``, counted from 0."""

    title: str
    page: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Typography:
    """What was measured of a PDF; lengths in points.

    ``space_em`` is the word space of the font; it is of the characters in the file, of the last
    lines of paragraphs, or given. ``labels`` are those of the pages, where they have any.
    ``pages_left_out`` have more characters than a page of a book.
    """

    size_pt: float
    leading_pt: float
    measure_pt: float
    space_em: float
    space_source: str
    figures: Figures
    sections: tuple[SectionFigures, ...]
    places: tuple[Place, ...]
    labels: tuple[str, ...]
    pages_left_out: tuple[int, ...]


def measure_pdf(
    path: Path, space_em: float | None = None, on_progress: ProgressCallback = lambda *_: None
) -> Typography:
    """Measure a PDF of any program; ``space_em`` is the word space of its font, if it is known.

    Raises FindingsError if the file cannot be read, or shows no text.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise FindingsError(
            f"{path.as_posix()} cannot be read as a PDF: {_reason(error)}.",
            "Save the file again, without a password.",
        ) from error
    try:
        return _measure(path, document, space_em, on_progress)
    finally:
        document.close()


def _reason(error: Exception) -> str:
    text = str(error)
    return "it needs a password" if "password" in text.lower() else text.rstrip(".")


def _measure(
    path: Path,
    document: pypdfium2.PdfDocument,
    space_em: float | None,
    on_progress: ProgressCallback,
) -> Typography:
    advances = _advances(document)
    lines: list[list[Line]] = []
    pictures: list[list[tuple[float, float]]] = []
    spaces: list[tuple[float, float]] = []
    left_out = []
    for number in range(len(document)):
        if number % _PAGES_AT_A_TIME == 0:
            on_progress(number, len(document))
        page = _page(document, number)
        shown = read_page(page, advances) if page is not None else None
        if page is None or shown is None or shown.is_too_large:
            left_out.append(number)
        lines.append(lines_of(number, shown.glyphs) if shown is not None else [])
        pictures.append(shown.pictures if shown is not None else [])
        spaces += shown.spaces if shown is not None else []
        if page is not None:
            page.close()
    labels = tuple(document.get_page_label(number) for number in range(len(document)))
    block = text_block_of(lines, pictures, rectos_of(labels))
    if block is None:
        raise _no_text(path, len(document), left_out)
    paragraphs = paragraphs_of(block)
    space, source = _space_of(block, paragraphs, spaces, space_em)
    sections = sections_of(document, block)
    return _measured(block, paragraphs, space, source, sections, labels, tuple(left_out))


def _advances(document: pypdfium2.PdfDocument) -> Advances:
    """Return the advances of letters, as pages from all of the book show them."""
    advances, glyphs = Advances(), 0
    step = max(len(document) // _SAMPLED_PAGES, 1)
    for number in range(0, len(document), step):
        page = _page(document, number)
        if page is not None:
            glyphs += advances.learn(page)
            page.close()
        if glyphs > _SAMPLED_GLYPHS:
            break
    return advances


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage | None:
    try:
        return document[number]
    except pypdfium2.PdfiumError:
        return None


def _no_text(path: Path, pages: int, left_out: Sequence[int]) -> FindingsError:
    if len(left_out) == pages and pages:
        return FindingsError(
            f"{path.as_posix()} has no page that can be measured: each is damaged or has more "
            f"than {MOST_GLYPHS:,} characters.",
            "Name the PDF of a book.",
        )
    return FindingsError(
        f"{path.as_posix()} shows no text that can be read.",
        "A scan or text drawn as outlines cannot be measured; name a PDF that a program typeset.",
    )


def _space_of(
    block: TextBlock,
    paragraphs: Iterable[Paragraph],
    spaces: Iterable[tuple[float, float]],
    given: float | None,
) -> tuple[float, str]:
    """Return the word space of the font in em, and where it is known from.

    Many programs leave spaces out of their PDFs; last lines of paragraphs are not stretched.
    """
    if given is not None:
        return given, "given"
    own = [em for size, em in spaces if abs(size - block.size_pt) < _SAME_SIZE_PT and em > 0]
    if len(own) >= _LEAST_SPACES:
        return median(own), "space characters"
    last = [
        (right - left) / lines[-1].size_pt for lines in paragraphs for left, right in lines[-1].gaps
    ]
    return (median(last), "last lines") if last else (0.25, "none")


def _measured(
    block: TextBlock,
    paragraphs: Sequence[Paragraph],
    space: float,
    source: str,
    sections: Sequence[Section],
    labels: tuple[str, ...],
    left_out: tuple[int, ...],
) -> Typography:
    justified = list(justified_lines(paragraphs, block))
    for line in justified:
        line.stretch = line.space_em / space if line.space_em is not None else None
    spreads = list(spreads_of(block))
    places = sorted(
        (*places_in_lines(justified, paragraphs, block), *_places_on_pages(block, spreads)),
        key=lambda place: (place.page, -place.baseline),
    )
    parts = _Parts(block, justified, paragraphs, spreads, places)
    return Typography(
        size_pt=block.size_pt,
        leading_pt=block.leading_pt,
        measure_pt=round(block.measure_pt, 2),
        space_em=round(space, 4),
        space_source=source,
        figures=figures_of(parts.all()),
        sections=tuple(
            SectionFigures(section.title, section.page, figures_of(seen))
            for section, seen in zip(sections, parts.of(sections), strict=True)
        ),
        places=tuple(places),
        labels=labels,
        pages_left_out=left_out,
    )


def _places_on_pages(block: TextBlock, spreads: Iterable[Spread]) -> Iterator[Place]:
    for spread in spreads:
        if spread.is_uneven:
            yield Place(
                PlaceKind.UNEVEN_SPREAD,
                spread.page,
                spread.baseline,
                spread.text,
                round(abs(spread.difference), 2),
                reason=spread.reason,
                left=spread.left,
            )
    for last in short_last_pages(block):
        yield Place(PlaceKind.SHORT_LAST_PAGE, last.page, last.baseline, last.text, last.lines)


class _Parts:
    """What was observed in a book, to be counted for all of it and for each section."""

    def __init__(
        self,
        block: TextBlock,
        justified: Sequence[Line],
        paragraphs: Sequence[Paragraph],
        spreads: Sequence[Spread],
        places: Sequence[Place],
    ) -> None:
        self._block, self._justified, self._paragraphs = block, justified, paragraphs
        self._spreads, self._places = spreads, places

    def all(self) -> Observations:
        """Return what was observed in the whole book."""
        return self._between(0, len(self._block.pages))

    def of(self, sections: Sequence[Section]) -> list[Observations]:
        """Return what was observed in each section; they begin on pages of their own, in order."""
        starts = [section.page for section in sections]
        return [self._between(*pages) for pages in pairwise([*starts, len(self._block.pages)])]

    def _between(self, first: int, end: int) -> Observations:
        justified = _on_pages(self._justified, first, end, lambda line: line.page)
        paragraphs = _on_pages(self._paragraphs, first, end, lambda lines: lines[0].page)
        long = [paragraph for paragraph in paragraphs if len(paragraph) > 1]
        stretches = [line.stretch for line in justified if line.stretch is not None]
        return Observations(
            pages=end - first,
            lines=sum(len(page.body) for page in self._block.pages[first:end]),
            justified_lines=len(justified),
            hung_lines=sum(self._is_hung(line) for line in justified),
            stretches=stretches,
            scales=[line.scale for line in justified],
            paragraphs=len(paragraphs),
            long_paragraphs=len(long),
            lines_of_long_paragraphs=sum(map(len, long)),
            spreads=len(_on_pages(self._spreads, first, end, lambda spread: spread.page)),
            places=_on_pages(self._places, first, end, lambda place: place.page),
        )

    def _is_hung(self, line: Line) -> bool:
        edge = self._block.edge_of(line)
        right = None if edge is None else edge.right
        return right is not None and line.right - right > _HUNG_EM * line.size_pt


def _on_pages(items: Sequence[T], first: int, end: int, page_of: Callable[[T], int]) -> Sequence[T]:
    """Return those of some items, in the order of their pages, that are on some of the pages."""
    start = bisect_left(items, first, key=page_of)
    return items[start : bisect_left(items, end, lo=start, key=page_of)]
