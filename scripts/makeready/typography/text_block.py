"""The text block of a book: its type size, its leading, its edges, and what is outside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from statistics import median

from makeready.typography.lines import Line

COLUMN_EM = 2.5
"""A gap as wide as this is no word space: what has one is a table, a heading, a contents list."""
FULL_EM = 1.0
"""A line that ends farther than this from the edge is not justified."""

_SAME_SIZE_PT = 0.06
_SAME_EDGE_EM = 0.45
"""Left edges so near to each other are one, with quotation marks hung before it."""
_SHORT_OF_EDGE_EM, _HUNG_EM = 0.3, 0.6
"""How far before and after the edge lines end that are justified, but for what hangs."""
_LEAST_WORDS = 4
"""A line with fewer words says little of an edge."""
_LEAST_LINES = 5
_MOST_EDGES = 40
_JUSTIFIED_SHARE = 0.5
"""If at least this share of lines ends at one edge, the others are ends of paragraphs."""
_FURNITURE_LEADINGS = 1.2
"""A running head or a folio is farther from the text than this."""
_FURNITURE_SHARE = 0.6
_FURNITURE_PAGES = 0.2
_TITLE_SIZE = 1.15
_TOP_SHARE = 0.2
_NUMBER = re.compile(r"[\W\d]+|\b[ivxlcdm]+\b", re.IGNORECASE)
_LEADERS = ("....", ". . . .", "····", "· · · ·")


@dataclass(frozen=True, slots=True)
class Edge:
    """The left edge of some lines, and the right edge if they are justified; in points."""

    left: float
    right: float | None


@dataclass(slots=True)
class Page:
    """The lines of a page, without running heads and folios, from top to bottom.

    ``body`` are those in the size of the text. ``pictures`` are bottoms and tops, in points.
    """

    number: int
    lines: list[Line]
    body: list[Line]
    pictures: list[tuple[float, float]] = field(default_factory=list)


@dataclass(slots=True)
class TextBlock:
    """The pages of a book, and what most of them have in common; lengths in points.

    ``rectos`` says of each page whether it is a right-hand one. ``edges`` are those of left-hand
    pages, then of right-hand pages, the commonest first.
    """

    pages: list[Page]
    size_pt: float
    leading_pt: float
    top: float
    rectos: Sequence[bool]
    edges: tuple[list[Edge], list[Edge]]

    @property
    def measure_pt(self) -> float:
        """The width of the text, None of which may be justified."""
        widths = [
            edge.right - edge.left for edges in self.edges for edge in edges[:1] if edge.right
        ]
        return sum(widths) / len(widths) if widths else 0.0

    def edge_of(self, line: Line) -> Edge | None:
        """Return the edges that a line has in common with others, or None."""
        near = _SAME_EDGE_EM * self.size_pt
        edges = self.edges[self.rectos[line.page]]
        return next((edge for edge in edges if abs(edge.left - line.left) <= near), None)

    def main_left(self, line: Line) -> float:
        """Return the left edge of most lines on that side."""
        edges = self.edges[self.rectos[line.page]]
        return edges[0].left if edges else line.left

    def is_full(self, line: Line) -> bool:
        """Return whether a line ends at the right edge of justified text."""
        edge = self.edge_of(line)
        return (
            edge is not None
            and edge.right is not None
            and edge.right - line.right <= FULL_EM * self.size_pt
        )


def has_leaders(line: Line) -> bool:
    """Return whether a line has a row of dots, as a contents list has."""
    text = line.text
    return any(leaders in text for leaders in _LEADERS)


def text_block_of(
    lines_by_page: Sequence[list[Line]],
    pictures_by_page: Sequence[list[tuple[float, float]]],
    rectos: Sequence[bool],
) -> TextBlock | None:
    """Return the text block of a book from the lines of its pages; None if it has no lines."""
    letters: Counter[float] = Counter()
    for line in (line for lines in lines_by_page for line in lines):
        letters[line.size_pt] += len(line.text)
    if not letters:
        return None
    size = letters.most_common(1)[0][0]
    leading = _leading(lines_by_page, size)
    pages = [
        Page(number, lines, [line for line in lines if abs(line.size_pt - size) < _SAME_SIZE_PT])
        for number, lines in enumerate(_without_furniture(lines_by_page, size, leading))
    ]
    top = _top(page.body[0].baseline for page in pages if page.body)
    versos = [page for page in pages if not rectos[page.number]]
    edges = (_edges(versos, size), _edges((p for p in pages if rectos[p.number]), size))
    block = TextBlock(pages, size, leading, top, rectos, edges)
    _add_pictures(block, pictures_by_page)
    return block


def _leading(lines_by_page: Iterable[list[Line]], size: float) -> float:
    steps = Counter(
        round(above.baseline - below.baseline, 1)
        for lines in lines_by_page
        for above, below in pairwise(lines)
        if abs(above.size_pt - size) < _SAME_SIZE_PT and abs(below.size_pt - size) < _SAME_SIZE_PT
    )
    common = steps.most_common(1)[0][0] if steps else 0.0
    return common if common > 0 else 1.2 * size


def _commonest(values: Iterable[float]) -> float:
    """Return the median of the values in the commonest half point."""
    exact = list(values)
    common = Counter(round(value * 2) for value in exact).most_common(1)[0][0]
    return median(value for value in exact if round(value * 2) == common)


def _top(firsts: Iterable[float]) -> float:
    """Return the highest of the baselines at which the text of many pages begins.

    In a book of short chapters most pages may begin lower, below a title.
    """
    exact = list(firsts)
    counts = Counter(round(first * 2) for first in exact)
    most = max(counts.values(), default=0)
    common = max((key for key, count in counts.items() if count >= _TOP_SHARE * most), default=0)
    return median([first for first in exact if round(first * 2) == common] or [0.0])


def _without_furniture(
    lines_by_page: Sequence[list[Line]], size: float, leading: float
) -> list[list[Line]]:
    """Return the lines of each page without running heads and folios.

    They are first or last on many pages, at one height, farther from the text than a line, and
    not larger than it, as titles are. A note of one line is like them, but no other is the same.
    """
    pages = [list(lines) for lines in lines_by_page]
    # A page may have a running head and a number above it, or two lines at its foot.
    for end in (0, -1, 0, -1):
        texts = Counter(_repeated_text(lines[end]) for lines in pages if lines)
        apart: Counter[int] = Counter()
        close: Counter[int] = Counter()
        for lines in filter(None, pages):
            counter = apart if _may_be_furniture(lines, end, size, leading) else close
            if end == 0 or texts[_repeated_text(lines[end])] > 1:
                counter[round(lines[end].baseline)] += 1
        least = max(2.0, _FURNITURE_PAGES * sum(map(bool, pages)) / 2)
        furniture = {
            height
            for height, number in apart.items()
            if number >= least and number >= _FURNITURE_SHARE * (number + close[height])
        }
        for lines in filter(None, pages):
            is_there = round(lines[end].baseline) in furniture
            is_there &= end == 0 or texts[_repeated_text(lines[end])] > 1
            if is_there and _may_be_furniture(lines, end, size, leading):
                del lines[end]
    return pages


def _repeated_text(line: Line) -> str:
    """Return the text of a line without numbers, which is the same at the foot of many pages."""
    return _NUMBER.sub("", line.text)


def _may_be_furniture(lines: Sequence[Line], end: int, size: float, leading: float) -> bool:
    if lines[end].size_pt >= _TITLE_SIZE * size:
        return False
    if len(lines) == 1:
        return True
    first, second = (lines[0], lines[1]) if end == 0 else (lines[-2], lines[-1])
    return first.baseline - second.baseline > _FURNITURE_LEADINGS * leading


def _edges(pages: Iterable[Page], size: float) -> list[Edge]:
    lines = [
        line
        for page in pages
        for line in page.body
        if len(line.words) >= _LEAST_WORDS and not line.has_gap(COLUMN_EM) and not has_leaders(line)
    ]
    edges: list[Edge] = []
    main: float | None = None
    for left, cluster in islice(_by_left(lines, size), _MOST_EDGES):
        right = _commonest(line.right for line in cluster)
        reaching = sum(
            right - _SHORT_OF_EDGE_EM * size <= line.right <= right + _HUNG_EM * size
            for line in cluster
        )
        is_main = main is not None and abs(right - main) <= _SHORT_OF_EDGE_EM * size
        is_justified = is_main or (
            len(cluster) >= _LEAST_LINES and reaching >= _JUSTIFIED_SHARE * len(cluster)
        )
        if not edges and is_justified:
            main = right
        edges.append(Edge(left, right if is_justified else None))
    return edges


def _by_left(lines: Iterable[Line], size: float) -> Iterator[tuple[float, list[Line]]]:
    """Yield left edges and the lines that begin there, the commonest edge first."""
    bins: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        bins[round(line.left * 2)].append(line)
    near = round(_SAME_EDGE_EM * size * 2)
    for key in sorted(bins, key=lambda one: (-len(bins[one]), one)):
        if key in bins:
            left = median(line.left for line in bins[key])
            taken = [
                bins.pop(other) for other in range(key - near, key + near + 1) if other in bins
            ]
            yield left, [line for lines in taken for line in lines]


def _add_pictures(block: TextBlock, pictures_by_page: Sequence[list[tuple[float, float]]]) -> None:
    """Add to each page the pictures in its text block that are higher than a line."""
    bottoms = [page.lines[-1].baseline for page in block.pages if page.lines]
    lowest = (min(bottoms) if bottoms else 0.0) - block.leading_pt
    highest = block.top + 2 * block.leading_pt
    for page, pictures in zip(block.pages, pictures_by_page, strict=True):
        page.pictures = [
            (bottom, top)
            for bottom, top in pictures
            if top - bottom > block.leading_pt and bottom >= lowest and top <= highest
        ]
