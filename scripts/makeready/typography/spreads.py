"""Facing pages that end unevenly, and last pages of chapters with few lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from makeready.typography.text_block import Page, TextBlock

_UNEVEN_LEADINGS = 0.25
_LOWER_LEADINGS = 1.5
"""A page that begins lower than this below the usual top begins a chapter …"""
_SUNK_LEADINGS = 3.5
"""… and so does one whose text does, below a title."""
_TITLE_SIZE = 1.15
_MOST_TITLE_LINES = 6
_LEAST_LINES = 5
_SAME_SIZE_PT = 0.06


@dataclass(frozen=True, slots=True)
class Spread:
    """Two facing pages in running text, and by how many lines the left page is longer.

    ``left`` counts from 0. ``baseline`` and ``text`` are of the last line of the shorter page, and
    ``reason`` is what keeps it from being longer, as far as the pages show it.
    """

    left: int
    difference: float
    page: int
    baseline: float
    text: str
    reason: str

    @property
    def is_uneven(self) -> bool:
        """Whether the pages end on different lines."""
        return abs(self.difference) > _UNEVEN_LEADINGS


@dataclass(frozen=True, slots=True)
class LastPage:
    """The last page of a chapter that is longer than a page, and the lines of text on it."""

    page: int
    lines: int
    baseline: float
    text: str


def openings_of(block: TextBlock) -> list[bool]:
    """Return of each page whether a chapter begins on it."""
    return [_is_opening(page, block) for page in block.pages]


def _is_opening(page: Page, block: TextBlock) -> bool:
    if not page.lines:
        return False
    first = page.lines[0]
    if any(top > first.baseline + block.leading_pt for _, top in page.pictures):
        return False
    if block.top - first.baseline > _LOWER_LEADINGS * block.leading_pt:
        return True
    if not page.body:
        return False
    titles = [line for line in page.lines if line.baseline > page.body[0].baseline]
    if not titles:
        return False
    # In a short book the usual top may be that of pages with titles.
    top = block.top if page.pictures else max(block.top, titles[-1].baseline)
    is_sunk = top - page.body[0].baseline > _SUNK_LEADINGS * block.leading_pt
    return (
        is_sunk
        and len(titles) <= _MOST_TITLE_LINES
        and any(line.size_pt > _TITLE_SIZE * block.size_pt for line in titles)
    )


def _ends_chapter(block: TextBlock, openings: list[bool], number: int) -> bool:
    following = number + 1
    return following >= len(block.pages) or not block.pages[following].lines or openings[following]


def _bottom_line(page: Page, block: TextBlock) -> tuple[float, str] | None:
    """Return the last baseline of a page and its text; None if a picture is below it."""
    if not page.body:
        return None
    last = page.lines[-1]
    if any(bottom < last.baseline - block.leading_pt / 2 for bottom, _ in page.pictures):
        return None
    return last.baseline, last.text


def spreads_of(block: TextBlock) -> Iterator[Spread]:
    """Yield the facing pages that both run on to the next page, and both end with text."""
    openings = openings_of(block)
    for left in range(len(block.pages) - 1):
        if block.rectos[left] or not block.rectos[left + 1]:
            continue
        pages = block.pages[left], block.pages[left + 1]
        if any(_ends_chapter(block, openings, page.number) for page in pages):
            continue
        bottoms = [_bottom_line(page, block) for page in pages]
        if bottoms[0] is None or bottoms[1] is None:
            continue
        difference = (bottoms[1][0] - bottoms[0][0]) / block.leading_pt
        shorter = bottoms[0] if difference < 0 else bottoms[1]
        number = left + (difference >= 0)
        yield Spread(left, difference, number, *shorter, _reason(block, number))


def _reason(block: TextBlock, number: int) -> str:
    """Return what the page after a short one begins with, and so did not fit below it."""
    following = block.pages[number + 1]
    first = following.lines[0]
    if any(top > first.baseline + block.leading_pt / 2 for _, top in following.pictures):
        return "a picture follows"
    if first.size_pt > block.size_pt + _SAME_SIZE_PT:
        return "a heading follows"
    if first.size_pt < block.size_pt - _SAME_SIZE_PT:
        return "a block in another size follows"
    if block.pages[number].lines[-1].size_pt < block.size_pt - _SAME_SIZE_PT:
        return "its notes need the room"
    return "the text that follows cannot be divided there"


def short_last_pages(block: TextBlock) -> Iterator[LastPage]:
    """Yield the last pages of chapters that have fewer than five lines."""
    openings = openings_of(block)
    for page in block.pages:
        if (
            page.body
            and page.number
            and not openings[page.number]
            and block.pages[page.number - 1].body
            and _ends_chapter(block, openings, page.number)
            and len(page.lines) < _LEAST_LINES
            and not page.pictures
        ):
            last = page.lines[-1]
            yield LastPage(page.number, len(page.lines), last.baseline, last.text)
