"""Which sections can be set now: those whose first page and page numbers no guess changes.

A section that is set on a guess, and wrongly, is set twice. What stands about a change of
digits, or shows the number of such a page, waits until what comes before it has been set.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.model import PageMap, Section
from makeready.engine.section_job import SectionJob
from makeready.pagination.imposition import Imposition, PlacedSection
from makeready.pagination.length_estimate import guessed, letters_in

_TO_LEARN_FROM = 2
"""So many sections tell how many pages the rest will come to."""

_LENGTH_ERROR_AT_FIRST, _LENGTH_ERROR = 1.25, 1.04
"""By how much a guess may be out, before and after it was learnt from sections that are set."""


@dataclass
class Scheduler:
    """Tells which of the sections can be set, as more and more of their page counts are known."""

    sections: Sequence[Section]
    letters_to_a_page: float
    impose: Callable[[Mapping[str, int]], tuple[Imposition, PageMap]]
    section_job: Callable[[PlacedSection, PageMap], SectionJob]
    _letters: dict[str, int] = field(init=False)
    _learners: Sequence[str] = ()
    _speculative: set[str] = field(default_factory=set)
    _waiting: set[str] = field(init=False)
    _deferred: set[str] = field(init=False)
    """What is made of page numbers would be set for nothing until all of them are known."""

    def __post_init__(self) -> None:
        self._letters = {section.name: letters_in(section) for section in self.sections}
        self._deferred = {
            section.name for section in self.sections if section.kind.depends_on_page_numbers
        }
        self._waiting = self._letters.keys() - self._deferred

    def ready(self, known: Mapping[str, int]) -> dict[str, SectionJob]:
        """Return what can be set, the most urgent first; ``known`` are the page counts so far.

        Each section is returned once, and one at least when all that were have become known.
        """
        under_way = self._letters.keys() - self._waiting - self._deferred - known.keys()
        if not self._waiting and not under_way:
            self._waiting, self._deferred = self._deferred, set()
        if not self._waiting:
            return {}
        section_jobs = self._certain(known)
        if not self._learners:
            certain = sorted(section_jobs, key=lambda name: (-self._letters[name], name))
            self._learners = certain[:_TO_LEARN_FROM] or self._first_waiting()
        if not section_jobs and not under_way:
            # Sections wait for each other: one of them has to be set on a guess.
            section_jobs = self._settings(self._guessed(known), set(self._first_waiting()))
        self._waiting -= section_jobs.keys()
        return self._by_urgency(section_jobs)

    def speculative(self, known: Mapping[str, int], most: int) -> dict[str, SectionJob]:
        """Return what waiting sections will most likely be set from, the first ``most`` of them.

        It is for workers who would have nothing to do; nothing is known by it, and no section
        is returned twice.
        """
        names = [
            section.name
            for section in self.sections
            if section.name in self._waiting - self._speculative and not section.kind.generated
        ][:most]
        self._speculative.update(names)
        return self._settings(self._guessed(known), set(names))

    def _certain(self, known: Mapping[str, int]) -> dict[str, SectionJob]:
        """Return what is set from the same, whether the other sections are shorter or longer.

        The side that a section begins on is as likely one as the other: no waiting helps.
        """
        learnt = self._has_learnt(known)
        amiss = _LENGTH_ERROR if learnt else _LENGTH_ERROR_AT_FIRST
        fewest = self._settings(self._guessed(known, 1 / amiss), self._waiting)
        most = self._settings(self._guessed(known, amiss), self._waiting)
        certain = {name: s for name, s in fewest.items() if s == most[name]}
        if learnt:
            tossed = {n for n, s in fewest.items() if s.on_verso != most[n].on_verso}
            certain |= self._settings(self._guessed(self._learnt(known)), tossed)
        return certain

    def _first_waiting(self) -> Sequence[str]:
        """Return the first section that waits, rather one that is written than a list of others."""
        waiting = [section for section in self.sections if section.name in self._waiting]
        return [section.name for section in sorted(waiting, key=lambda s: s.kind.generated)[:1]]

    def _has_learnt(self, known: Mapping[str, int]) -> bool:
        return bool(self._learners) and all(name in known for name in self._learners)

    def _learnt(self, known: Mapping[str, int]) -> dict[str, int]:
        return {name: known[name] for name in self._learners}

    def _guessed(self, known: Mapping[str, int], longer: float = 1.0) -> dict[str, int]:
        """Guess page counts, and make those that are not known longer by a factor."""
        to_a_page = self.letters_to_a_page
        if self._has_learnt(known):
            letters = sum(self._letters[name] for name in self._learners)
            to_a_page = max(1.0, letters / sum(self._learnt(known).values()))
        return guessed(self._letters, to_a_page / longer) | dict(known)

    def _settings(self, counts: Mapping[str, int], names: set[str]) -> dict[str, SectionJob]:
        if not names:
            return {}
        imposition, page_map = self.impose(counts)
        return {
            place.section.name: self.section_job(place, page_map)
            for place in imposition.places
            if place.section.name in names
        }

    def _by_urgency(self, section_jobs: Mapping[str, SectionJob]) -> dict[str, SectionJob]:
        """Put first the longest of those that a section waits for."""
        order = [section.name for section in self.sections if not section.kind.generated]
        held_up = [place for place, name in enumerate(order) if name in self._waiting]
        urgent = set(order[: held_up[0]] if held_up else ())
        urgent.update(self._learners)
        return longest_first(section_jobs, urgent)


def longest_first(
    section_jobs: Mapping[str, SectionJob], urgent: Collection[str] = ()
) -> dict[str, SectionJob]:
    """Put the longest sections first, after the urgent ones, so that none is waited for at last."""
    names = sorted(
        section_jobs, key=lambda name: (name not in urgent, -len(section_jobs[name].markup))
    )
    return {name: section_jobs[name] for name in names}
