"""Imposition: the sections in order, with blank pages and page labels, from page counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.kinds import Division, Opening
from makeready.book.model import Section
from makeready.book.roman import roman
from makeready.printers.padding import EVEN_PAGES, Padding


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section with its pages in the book.

    ``first_index`` is the index of its first page, from 0, ``first_number`` that page's number,
    and ``blanks_before`` the number of blank pages that bring it to the side it opens on.
    """

    section: Section
    first_index: int
    first_number: int
    blanks_before: int
    page_count: int

    @property
    def on_verso(self) -> bool:
        """Whether its first page is a left-hand one."""
        return self.first_index % 2 == 1


@dataclass(frozen=True, slots=True)
class Imposition:
    """All pages of a book, as many as its printer binds.

    ``labels`` has a label for each page, blank pages included.
    """

    sections: tuple[PlacedSection, ...]
    labels: tuple[str, ...]

    @property
    def page_count(self) -> int:
        """The number of pages, blank pages included."""
        return len(self.labels)

    @property
    def printed_count(self) -> int:
        """The number of pages up to the last one of a section."""
        last = self.sections[-1]
        return last.first_index + last.page_count

    def labels_of(self, placed: PlacedSection) -> tuple[str, ...]:
        """Return the labels of a section's pages."""
        return self.labels[placed.first_index : placed.first_index + placed.page_count]


@dataclass
class _PageCounter:
    """A counter that labels pages as sections are placed."""

    labels: list[str] = field(default_factory=list)
    number: int = 1
    in_frontmatter: bool = True

    def begin_body(self) -> None:
        self.in_frontmatter, self.number = False, 1

    def add(self, count: int) -> None:
        for _ in range(count):
            self.labels.append(roman(self.number) if self.in_frontmatter else str(self.number))
            self.number += 1


def impose(
    chapters_open: str,
    sections: Sequence[Section],
    page_counts: Mapping[str, int],
    padding: Padding = EVEN_PAGES,
) -> Imposition:
    """Return the imposition of sections with these page counts, by section name.

    Front matter is numbered in Roman numerals, the rest in Arabic ones from 1. The body begins
    on a recto; ``chapters_open`` says whether its sections do too (``recto``) or not (``any``).
    Blank pages at the end pad the book as its printer requires.
    """
    counter, placed = _PageCounter(), list[PlacedSection]()
    for section in sections:
        begins_body = counter.in_frontmatter and section.division is not Division.FRONT
        opens_on = opening(section, chapters_open, begins_body=begins_body)
        blanks = _blanks_before(opens_on, len(counter.labels))
        counter.add(blanks)
        if begins_body:
            counter.begin_body()
        count = page_counts[section.name]
        placed.append(PlacedSection(section, len(counter.labels), counter.number, blanks, count))
        counter.add(count)
    counter.add(padding.blanks_after(len(counter.labels)))
    return Imposition(tuple(placed), tuple(counter.labels))


def opening(section: Section, chapters_open: str, *, begins_body: bool) -> Opening:
    """Return the page a section opens on; ``chapters_open`` is ``recto`` or ``any``.

    The body always begins on a recto, and ``any`` changes neither front matter nor display pages.
    """
    if begins_body:
        return Opening.RECTO
    opens_anywhere = chapters_open == "any" and not section.kind.display
    return (
        Opening.NEXT
        if opens_anywhere and section.division is not Division.FRONT
        else section.kind.opening
    )


def _blanks_before(opens_on: Opening, index: int) -> int:
    """Return the blank pages needed before a section at page ``index``; an even one is a recto."""
    if opens_on is Opening.NEXT:
        return 0
    return index % 2 if opens_on is Opening.RECTO else (index + 1) % 2
