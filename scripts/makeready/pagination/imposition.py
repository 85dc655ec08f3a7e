"""Sections put in their places: rectos, blanks and page numbers, from their page counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.kinds import Division, Opening
from makeready.book.model import Section
from makeready.book.roman import roman
from makeready.printers.padding import EVEN_PAGES, Padding


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """Where a section stands.

    ``first_index`` is its first page from 0, ``first_number`` that page's number, and
    ``blanks_before`` the blank pages that bring it to the side it opens on.
    """

    section: Section
    first_index: int
    first_number: int
    blanks_before: int
    page_count: int

    @property
    def on_verso(self) -> bool:
        """Whether it begins on a left-hand page."""
        return self.first_index % 2 == 1


@dataclass(frozen=True, slots=True)
class Imposition:
    """A whole book in pages, as many as its printer binds: a label for each, blanks included."""

    places: tuple[PlacedSection, ...]
    labels: tuple[str, ...]

    @property
    def page_count(self) -> int:
        """The number of pages, blanks included."""
        return len(self.labels)

    @property
    def printed_count(self) -> int:
        """The number of pages up to the last that is not filled up with."""
        last = self.places[-1]
        return last.first_index + last.page_count

    def labels_of(self, place: PlacedSection) -> tuple[str, ...]:
        """Return the labels of a section's pages."""
        return self.labels[place.first_index : place.first_index + place.page_count]


@dataclass
class _Run:
    """Counts pages as sections are placed."""

    labels: list[str] = field(default_factory=list)
    number: int = 1
    in_front: bool = True

    def begin_body(self) -> None:
        self.in_front, self.number = False, 1

    def add(self, count: int) -> None:
        for _ in range(count):
            self.labels.append(roman(self.number) if self.in_front else str(self.number))
            self.number += 1


def impose(
    chapters_open: str,
    sections: Sequence[Section],
    page_counts: Mapping[str, int],
    padding: Padding = EVEN_PAGES,
) -> Imposition:
    """Put sections of known page counts in their places.

    Front matter is numbered in Roman, the rest in Arabic numerals from 1. The body begins on a
    recto; ``chapters_open`` says whether its sections do (``recto``) or not (``any``). Blank
    pages at the end fill the book up as its printer wants.
    """
    run, places = _Run(), list[PlacedSection]()
    for section in sections:
        begins_body = run.in_front and section.division is not Division.FRONT
        blanks = _blanks(opening(section, chapters_open, begins_body=begins_body), len(run.labels))
        run.add(blanks)
        if begins_body:
            run.begin_body()
        count = page_counts[section.name]
        places.append(PlacedSection(section, len(run.labels), run.number, blanks, count))
        run.add(count)
    run.add(padding.blanks_after(len(run.labels)))
    return Imposition(tuple(places), tuple(run.labels))


def opening(section: Section, chapters_open: str, *, begins_body: bool) -> Opening:
    """Return the page a section opens on; ``chapters_open`` is ``recto`` or ``any``.

    The body always begins on a recto, and front matter and display pages keep their places.
    """
    if begins_body:
        return Opening.RECTO
    free = chapters_open == "any" and not section.kind.display
    return Opening.NEXT if free and section.division is not Division.FRONT else section.kind.opening


def _blanks(wanted: Opening, index: int) -> int:
    """Count the blank pages needed before a section at page ``index`` (even is a recto)."""
    if wanted is Opening.NEXT:
        return 0
    return index % 2 if wanted is Opening.RECTO else (index + 1) % 2
