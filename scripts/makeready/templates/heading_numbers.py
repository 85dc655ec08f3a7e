"""The numbers of headings below the titles of numbered sections: 1.1, 1.1.1."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from makeready.book.model import Element, Section
from makeready.manuscript.allowed_html import HEADINGS
from makeready.manuscript.structure import plain_text


def heading_numbers(section: Section, tree: Element, depth: int) -> Iterator[tuple[Element, str]]:
    """Yield the headings of a numbered section down to a level, with their numbers (``1.2``).

    A heading that lacks one of the level above it has none. ``tree`` is the section's, or a copy.
    """
    number = section.numeral or section.number
    if number is None or depth <= 1:
        return
    counts = [0] * (depth - 1)
    for heading in tree.iter(*HEADINGS[1:depth]):
        level = HEADINGS.index(heading.tag) - 1
        if 0 in counts[:level]:
            continue
        counts[level:] = [counts[level] + 1, *[0] * (len(counts) - level - 1)]
        yield heading, ".".join(map(str, (number, *counts[: level + 1])))


def insert_heading_numbers(section: Section, tree: Element, depth: int) -> None:
    """Put the numbers of headings before their text."""
    for heading, number in list(heading_numbers(section, tree, depth)):
        span = etree.Element("span", {"class": "heading-number"})
        span.text, span.tail = number, f" {heading.text or ''}"
        heading.text = None
        heading.insert(0, span)


def title_bookmarks(section: Section, tree: Element, depth: int, numbered: int) -> None:
    """Give headings down to a level the titles of their bookmarks, with their numbers."""
    numbers = dict(heading_numbers(section, tree, numbered)) if depth > 1 else {}
    for heading in tree.iter(*HEADINGS[1:depth]) if depth > 1 else ():
        if title := plain_text(heading):
            heading.set("data-title", f"{numbers.get(heading, '')} {title}".strip())
