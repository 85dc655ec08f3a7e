"""Estimates of how many pages sections take, from their letters.

An estimate changes no page. It only saves typesetting a section twice, the first time for a page
number of too few digits or for too narrow a gutter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from makeready.book.model import Section
from makeready.pagination.page_geometry import PageGeometry

_LETTERS_PER_EM = 2.6
_FILLED_SHARE = 0.85
"""The share of the text area that letters fill: paragraphs end early, headings are short."""


def letters_per_page(geometry: PageGeometry) -> float:
    """Return about how many letters a page has."""
    ems = geometry.measure_pt / geometry.size_pt
    return max(1.0, ems * _LETTERS_PER_EM * geometry.line_count * _FILLED_SHARE)


def letter_count(section: Section) -> int:
    """Count the letters of a section and its notes."""
    trees = (section.tree, *(note.tree for note in section.notes))
    return sum(len(text) for tree in trees for text in tree.itertext())


def anchor_depths(section: Section) -> dict[str, float]:
    """Return how far into a section each of its anchors is, from 0 to 1."""
    letters, letters_before = 0, dict[str, int]()
    for event, element in etree.iterwalk(section.tree, events=("start", "end")):
        if event == "start":
            if anchor := element.get("id"):
                letters_before[anchor] = letters
            letters += len(element.text or "")
        else:
            letters += len(element.tail or "")
    return {anchor: before / max(1, letters) for anchor, before in letters_before.items()}


def estimated_page_count(sections: Iterable[Section], geometry: PageGeometry) -> int:
    """Estimate the number of pages of all sections together."""
    letters = {section.name: letter_count(section) for section in sections}
    return sum(estimated_page_counts(letters, letters_per_page(geometry)).values())


def estimated_page_counts(letters: Mapping[str, int], per_page: float) -> dict[str, int]:
    """Estimate the page count of each section from its letters."""
    return {name: max(1, round(count / per_page)) for name, count in letters.items()}
