"""The sections of a finished PDF: by its bookmarks, or by the titles on pages that begin one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

from makeready.typography.spreads import openings_of
from makeready.typography.text_block import Page, TextBlock

_DEEPEST = 3
"""Levels of bookmarks whose sections may begin a page: books, parts and their chapters."""
_MOST_BOOKMARKS = 20_000
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Section:
    """A section and the page it begins on, counted from 0."""

    title: str
    page: int


def sections_of(document: pypdfium2.PdfDocument, block: TextBlock) -> list[Section]:
    """Return the sections that begin a page, in order; at most one for each page."""
    sections = list(_bookmarked(document, block)) or list(_titled(block))
    by_page: dict[int, Section] = {}
    for section in sections:
        by_page.setdefault(section.page, section)
    return [by_page[page] for page in sorted(by_page)]


def _bookmarked(document: pypdfium2.PdfDocument, block: TextBlock) -> Iterator[Section]:
    """Yield the bookmarked sections; one within the text of a page is part of another."""
    for number, bookmark in enumerate(document.get_toc(max_depth=_DEEPEST)):
        if number >= _MOST_BOOKMARKS:
            return
        destination = bookmark.get_dest()
        page = destination.get_index() if destination is not None else None
        if page is None or not 0 <= page < len(block.pages):
            continue
        _, view = destination.get_view()
        top = view[1] if len(view) > 1 and view[1] is not None else None
        if bookmark.level == 0 or _begins_page(block.pages[page], top):
            yield Section(_title(bookmark.get_title()), page)


def _begins_page(page: Page, top: float | None) -> bool:
    return top is None or not page.lines or top >= page.lines[0].baseline


def _titled(block: TextBlock) -> Iterator[Section]:
    for page, is_opening in zip(block.pages, openings_of(block), strict=True):
        if not is_opening:
            continue
        first = page.body[0].baseline if page.body else -1.0
        titles = [line.text for line in page.lines if line.baseline > first]
        # An epigraph begins a page too.
        if titles:
            yield Section(_title(" ".join(titles)), page.number)


def _title(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]
