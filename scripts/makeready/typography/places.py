"""The places in a book where a line or a page is not set as well as it could be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from makeready.typography.lines import Line
from makeready.typography.paragraphs import Paragraph
from makeready.typography.rivers import rivers_in
from makeready.typography.text_block import COLUMN_EM, TextBlock, has_leaders

LOOSE, VERY_LOOSE, TIGHT = 1.5, 2.0, 0.8
"""Mean word spaces of a line, in spaces of the font, beyond which it is loose or tight."""
LADDER, LONG_LADDER = 2, 3
"""So many lines with hyphens one after another are a ladder."""

_SHORT_LINE = 1 / 6
"""A last line is short below this share of the measure."""
_SHORT_WORD_LETTERS = 6
_DASHES = frozenset("\u2013\u2014")
_OFF_GRID_PT = 0.3
_OVERFULL_EM = 0.35
"""What hangs beyond the edge, such as a dash or a hyphen, is narrower than this."""
_NOT_WORD = re.compile(r"\W+")


class PlaceKind(StrEnum):
    """What is measured at a place; the values are the names in JSON."""

    LOOSE_LINE = "loose_line"
    TIGHT_LINE = "tight_line"
    OVERFULL_LINE = "overfull_line"
    HYPHEN = "hyphen"
    LADDER = "ladder"
    HYPHEN_ENDS_PAGE = "hyphen_ends_page"
    STACK_AT_START = "stack_at_start"
    STACK_AT_END = "stack_at_end"
    DASH_BEGINS_LINE = "dash_begins_line"
    SHORT_LAST_LINE = "short_last_line"
    SHORT_LAST_WORD = "short_last_word"
    PART_OF_WORD = "part_of_word"
    RIVER = "river"
    WIDOW = "widow"
    ORPHAN = "orphan"
    OFF_GRID = "off_grid"
    UNEVEN_SPREAD = "uneven_spread"
    SHORT_LAST_PAGE = "short_last_page"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page counted from 0; ``value`` is how far it goes, such as lines of a ladder.

    ``before`` is the text of the line before it, where that helps to find the place. ``reason`` is
    why the place is so, where the pages show it. ``left`` is the left one of facing pages.
    """

    kind: PlaceKind
    page: int
    baseline: float
    text: str
    value: float = 1.0
    before: str = ""
    reason: str = ""
    left: int | None = None


def justified_lines(paragraphs: Iterable[Paragraph], block: TextBlock) -> Iterator[Line]:
    """Yield the lines that are stretched to the measure: all of a paragraph but the last."""
    for paragraph in paragraphs:
        for line in paragraph[:-1]:
            if block.is_full(line) and not line.has_gap(COLUMN_EM) and not has_leaders(line):
                yield line


def places_in_lines(
    lines: Iterable[Line], paragraphs: Sequence[Paragraph], block: TextBlock
) -> Iterator[Place]:
    """Yield the places in justified lines, and in paragraphs of two lines or more."""
    for line in lines:
        if line.is_hyphenated:
            yield _place(PlaceKind.HYPHEN, line)
        edge = block.edge_of(line)
        if edge is not None and edge.right is not None:
            beyond = (line.right - edge.right) / line.size_pt
            if beyond > _OVERFULL_EM:
                yield _place(PlaceKind.OVERFULL_LINE, line, beyond)
        if line.stretch is not None and line.stretch > LOOSE:
            yield _place(PlaceKind.LOOSE_LINE, line, line.stretch)
        elif line.stretch is not None and line.stretch < TIGHT:
            yield _place(PlaceKind.TIGHT_LINE, line, line.stretch)
    for paragraph in paragraphs:
        if len(paragraph) > 1:
            yield from _ladders(paragraph)
            yield from _stacks(paragraph)
            yield from _dashes(paragraph)
            yield from _last_line(paragraph, block)
            for line, depth in rivers_in(paragraph):
                yield _place(PlaceKind.RIVER, line, depth)
    yield from _parted_paragraphs(paragraphs, block)
    yield from _off_grid(block)


def _place(kind: PlaceKind, line: Line, value: float = 1.0, before: Line | None = None) -> Place:
    text = "" if before is None else before.text
    return Place(kind, line.page, line.baseline, line.text, value, text)


def _ladders(paragraph: Paragraph) -> Iterator[Place]:
    run = 0
    for line in paragraph:
        if line.is_hyphenated:
            run += 1
            last = line
        elif run:
            if run >= LADDER:
                yield _place(PlaceKind.LADDER, last, run)
            run = 0


def _stacks(paragraph: Paragraph) -> Iterator[Place]:
    for above, below in pairwise(paragraph):
        if _word(above.words[0]) and _word(above.words[0]) == _word(below.words[0]):
            yield _place(PlaceKind.STACK_AT_START, below)
    for above, below in pairwise(paragraph[:-1]):
        word = _word(above.words[-1])
        if word and not above.is_hyphenated and word == _word(below.words[-1]):
            yield _place(PlaceKind.STACK_AT_END, below)


def _word(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _dashes(paragraph: Paragraph) -> Iterator[Place]:
    for line in paragraph[1:]:
        if line.text[0] in _DASHES:
            yield _place(PlaceKind.DASH_BEGINS_LINE, line)


def _last_line(paragraph: Paragraph, block: TextBlock) -> Iterator[Place]:
    before, last = paragraph[-2:]
    edge = block.edge_of(before)
    if edge is not None and edge.right is not None:
        # The first of two lines may be indented.
        width = edge.right - min(edge.left, last.left)
        if last.right - last.left < _SHORT_LINE * width:
            yield _place(PlaceKind.SHORT_LAST_LINE, last, before=before)
    if len(last.words) == 1:
        if sum(map(str.isalpha, last.text)) <= _SHORT_WORD_LETTERS:
            yield _place(PlaceKind.SHORT_LAST_WORD, last, before=before)
        if before.is_hyphenated:
            yield _place(PlaceKind.PART_OF_WORD, last, before=before)


def _parted_paragraphs(paragraphs: Iterable[Paragraph], block: TextBlock) -> Iterator[Place]:
    # A page may begin with code, a heading or a table.
    firsts = {id(page.body[0]) for page in block.pages if page.body[:1] == page.lines[:1] != []}
    lasts = {id(page.body[-1]) for page in block.pages if page.body}
    for page in block.pages:
        if page.body and page.body[-1].is_hyphenated:
            yield _place(PlaceKind.HYPHEN_ENDS_PAGE, page.body[-1])
    for paragraph in paragraphs:
        if len(paragraph) > 1 and id(paragraph[-1]) in firsts:
            yield _place(PlaceKind.WIDOW, paragraph[-1], before=paragraph[-2])
        if len(paragraph) > 1 and id(paragraph[0]) in lasts and id(paragraph[1]) in firsts:
            yield _place(PlaceKind.ORPHAN, paragraph[0])


def _off_grid(block: TextBlock) -> Iterator[Place]:
    for page in block.pages:
        for line in page.body:
            steps = (block.top - line.baseline) / block.leading_pt
            off = abs(steps - round(steps)) * block.leading_pt
            if off > _OFF_GRID_PT:
                yield _place(PlaceKind.OFF_GRID, line, off)
