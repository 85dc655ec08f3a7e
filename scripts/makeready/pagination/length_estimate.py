"""How long sections will be: a guess from their letters, made better by those that are set.

A guess changes no page. It only saves setting again what was set for a page number of too few
digits, or for too narrow a gutter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from makeready.book.model import Section
from makeready.pagination.page_geometry import Geometry

_LETTERS_TO_AN_EM = 2.6
_FILLED = 0.85
"""How much of the text area has letters in it: paragraphs end early, headings are short."""


def letters_to_a_page(geometry: Geometry) -> float:
    """Return about how many letters stand on a page."""
    ems = geometry.measure_pt / geometry.size_pt
    return max(1.0, ems * _LETTERS_TO_AN_EM * geometry.line_count * _FILLED)


def letters_in(section: Section) -> int:
    """Count the letters of a section and its notes."""
    trees = (section.tree, *(note.tree for note in section.notes))
    return sum(len(text) for tree in trees for text in tree.itertext())


def depths(section: Section) -> dict[str, float]:
    """Return how far into a section each of its anchors stands, from 0 to 1."""
    passed, found = 0, dict[str, int]()
    for event, element in etree.iterwalk(section.tree, events=("start", "end")):
        if event == "start":
            if anchor := element.get("id"):
                found[anchor] = passed
            passed += len(element.text or "")
        else:
            passed += len(element.tail or "")
    return {anchor: place / max(1, passed) for anchor, place in found.items()}


def expected_pages(sections: Iterable[Section], geometry: Geometry) -> int:
    """Guess how many pages the sections come to."""
    letters = {section.name: letters_in(section) for section in sections}
    return sum(guessed(letters, letters_to_a_page(geometry)).values())


def guessed(letters: Mapping[str, int], to_a_page: float) -> dict[str, int]:
    """Guess the page count of each section from its letters."""
    return {name: max(1, round(count / to_a_page)) for name, count in letters.items()}
