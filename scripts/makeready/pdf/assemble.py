"""Sections put in their places: rectos and blanks, numbers, the page map, the fixed point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from makeready.book.kinds import Division, Opening
from makeready.book.model import PageMap, Section
from makeready.findings import Findings, SourceLocation
from makeready.pdf.typeset import TypesetSection

_MOST_ROUNDS = 6

SetSection = Callable[[Section, PageMap, int, bool], TypesetSection]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands: its first page from 0 and that page's number; ``blanks_before``."""

    section: Section
    typeset: TypesetSection
    first_index: int
    first_number: int
    blanks_before: int


@dataclass(frozen=True, slots=True)
class Imposition:
    """A whole book in pages: ``page_count`` with every blank, ``labels`` one a page."""

    places: tuple[Place, ...]
    page_map: PageMap
    labels: tuple[str, ...]

    @property
    def page_count(self) -> int:
        """The number of pages, blanks included."""
        return len(self.labels)


def roman(number: int) -> str:
    """Write a number in lower-case Roman numerals."""
    steps = (
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    )
    text = ""
    for value, letters in steps:
        count, number = divmod(number, value)
        text += letters * count
    return text


def impose(
    chapters_open: str, sections: Sequence[Section], set_section: SetSection, findings: Findings
) -> Imposition:
    """Typeset the sections until every literal page number is the right one.

    The first round typesets with page numbers yet unknown; each next one with the map of the
    last. A book that has not settled after a few rounds gets finding LAY-002 and its last state.
    """
    page_map = PageMap()
    for _ in range(_MOST_ROUNDS):
        imposition = _round(chapters_open, sections, set_section, page_map)
        if imposition.page_map == page_map:
            return imposition
        page_map = imposition.page_map
    findings.add("LAY-002", SourceLocation("book.toml"), rounds=_MOST_ROUNDS)
    return imposition


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


def _round(
    chapters_open: str, sections: Sequence[Section], set_section: SetSection, page_map: PageMap
) -> Imposition:
    run, places, anchors = _Run(), list[Place](), dict[str, str]()
    for section in sections:
        begins_body = run.in_front and section.division is not Division.FRONT
        blanks = _blanks(opening(section, chapters_open, begins_body=begins_body), len(run.labels))
        run.add(blanks)
        if begins_body:
            run.begin_body()
        first = len(run.labels)
        typeset = set_section(section, page_map, run.number, first % 2 == 1)
        places.append(Place(section, typeset, first, run.number, blanks))
        run.add(len(typeset.pages))
        for anchor, index in typeset.anchors.items():
            anchors.setdefault(anchor, run.labels[first + index])
    run.add(len(run.labels) % 2)
    return Imposition(tuple(places), PageMap(anchors), tuple(run.labels))


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
