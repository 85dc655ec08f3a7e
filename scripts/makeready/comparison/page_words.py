"""The words of the pages of a PDF with their places, running heads and page numbers apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import pypdfium2

from makeready.typography.lines import HYPHENS, Line, lines_of
from makeready.typography.page_glyphs import Advances, read_page

_NUMBER = re.compile(r"[\divxlcIVXLC]{1,7}")
_ASCENT, _DESCENT = 0.8, 0.25
_TWICE, _OFTEN = 2, 4
_BESIDE = 12
"""So many pages before and after one are read to know its running head by."""


class Box(NamedTuple):
    """A box on a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


class Word(NamedTuple):
    """A word of a page, joined if it is divided at the end of a line, and where its parts are."""

    text: str
    page: int
    boxes: tuple[Box, ...]


@dataclass
class PageWords:
    """A page: its size in points, its label, its words, and its running head and number."""

    number: int
    label: str
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    furniture: list[Word] = field(default_factory=list)

    @property
    def text(self) -> tuple[str, ...]:
        """The words, which a page that is only renumbered shares."""
        return tuple(word.text for word in self.words)


def read_pages(
    document: pypdfium2.PdfDocument, wanted: Collection[int] | None = None
) -> list[PageWords]:
    """Return the pages of a document, or those wanted, by their numbers from 0."""
    pages: list[PageWords] = []
    lines: list[list[Line]] = []
    advances = Advances()
    for number in _to_read(len(document), wanted):
        page = document[number]
        left, bottom, right, top = page.get_cropbox()
        label = document.get_page_label(number) or str(number + 1)
        pages.append(PageWords(number, label, right - left, top - bottom))
        lines.append(lines_of(number, read_page(page, advances).glyphs))
        page.close()
    heads = Counter(_without_numbers(page[0]) for page in lines if page)
    feet = Counter(_without_numbers(page[-1]) for page in lines if page)
    for one, found in zip(pages, lines, strict=True):
        edges = {0: heads, len(found) - 1: feet}
        body = [
            line for index, line in enumerate(found) if not _is_furniture(line, edges.get(index))
        ]
        one.furniture = [word for line in found if line not in body for word in _words(line)]
        one.words = list(_joined(body))
    return [one for one in pages if wanted is None or one.number in wanted]


def _to_read(count: int, wanted: Collection[int] | None) -> Sequence[int]:
    if wanted is None:
        return range(count)
    beside = range(-_BESIDE, _BESIDE + 1)
    near = {number + by for number in wanted for by in beside}
    return sorted(near.intersection(range(count)))


def _without_numbers(line: Line) -> str:
    return " ".join(word for word in line.words if not _NUMBER.fullmatch(word))


def _is_furniture(line: Line, repeated: Counter[str] | None) -> bool:
    if repeated is None:
        return False
    rest = _without_numbers(line)
    is_numbered = any(_NUMBER.fullmatch(line.words[index]) for index in (0, -1))
    return not rest or repeated[rest] >= (_TWICE if is_numbered else _OFTEN)


def _words(line: Line) -> Iterator[Word]:
    edges = [line.left, *(edge for gap in line.gaps for edge in gap), line.right]
    bottom = line.baseline - _DESCENT * line.size_pt
    top = line.baseline + _ASCENT * line.size_pt
    for text, left, right in zip(line.words, edges[::2], edges[1::2], strict=True):
        yield Word(text, line.page, (Box(left, bottom, right, top),))


def _joined(lines: Sequence[Line]) -> Iterator[Word]:
    """Yield the words of lines; one divided between two lines is one word."""
    pending: Word | None = None
    for line, following in pairwise([*lines, None]):
        assert line is not None
        words = list(_words(line))
        if pending is not None:
            first = words[0]
            words[0] = Word(pending.text + first.text, first.page, pending.boxes + first.boxes)
            pending = None
        if following is not None and line.is_hyphenated:
            last = words.pop()
            pending = last._replace(text=last.text.rstrip("".join(HYPHENS)))
        yield from words
