"""The order in which sections are typeset while the page numbers before them are unknown.

A section typeset with a wrong estimate is typeset twice. So a section waits if its first page is
near a change of digit count, or if it shows the number of such a page, until the sections before
it have been typeset.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.model import PageMap, Section
from makeready.engine.section_job import SectionJob
from makeready.pagination.imposition import Imposition, PlacedSection
from makeready.pagination.length_estimate import estimated_page_counts, letter_count

_SAMPLE_SIZE = 2
"""How many sections are typeset first, to estimate the lengths of the others by theirs."""

_FIRST_SIZE = 3
"""How many of the longest sections are looked at before the others."""

_FIRST_LENGTH_ERROR, _LENGTH_ERROR = 1.25, 1.04
"""The factor by which an estimate may be wrong, before and after the sample is typeset."""


@dataclass
class Scheduler:
    """A scheduler of section jobs, as more and more page counts become known.

    ``impose`` returns the imposition and the page map for page counts, and ``section_job`` the
    job of a section in them. ``first`` are the names of sections to begin with.
    """

    sections: Sequence[Section]
    letters_per_page: float
    impose: Callable[[Mapping[str, int]], tuple[Imposition, PageMap]]
    section_job: Callable[[PlacedSection, PageMap], SectionJob]
    first: Collection[str] = ()
    _letters: dict[str, int] = field(init=False)
    _begun: Collection[str] = ()
    _sample: Sequence[str] = ()
    _speculative: set[str] = field(default_factory=set)
    _waiting: set[str] = field(init=False)
    _deferred: set[str] = field(init=False)
    """The sections made of page numbers (contents, index), which wait until all are known."""

    def __post_init__(self) -> None:
        self._letters = {section.name: letter_count(section) for section in self.sections}
        self._deferred = {
            section.name for section in self.sections if section.kind.depends_on_page_numbers
        }
        self._waiting = self._letters.keys() - self._deferred

    def first_jobs(self) -> dict[str, SectionJob]:
        """Return the jobs that workers can begin with while those of other sections are made.

        They are those that are certain of a few sections: the ``first`` and the longest.
        """
        longest = sorted(self._waiting, key=lambda name: (-self._letters[name], name))
        jobs = self._certain({}, self._waiting & {*self.first, *longest[:_FIRST_SIZE]})
        self._begun = jobs.keys()
        self._waiting -= jobs.keys()
        return self._by_urgency(jobs)

    def next_jobs(self, known: Mapping[str, int]) -> dict[str, SectionJob]:
        """Return the jobs that can be done now, the most urgent first.

        ``known`` are the page counts of the sections typeset so far. Each section is returned
        once, and at least one when all that were returned before are known.
        """
        in_progress = self._letters.keys() - self._waiting - self._deferred - known.keys()
        if not self._waiting and not in_progress:
            self._waiting, self._deferred = self._deferred, set()
        if not self._waiting:
            return {}
        jobs = self._certain(known, self._waiting)
        if not self._sample:
            certain = sorted({*self._begun, *jobs}, key=lambda name: (-self._letters[name], name))
            self._sample = certain[:_SAMPLE_SIZE] or self._first_waiting()
        if not jobs and not in_progress:
            # Sections depend on each other's page numbers: one has to be typeset by an estimate.
            jobs = self._jobs(self._estimate(known), set(self._first_waiting()))
        self._waiting -= jobs.keys()
        return self._by_urgency(jobs)

    def speculative(self, known: Mapping[str, int], most: int) -> dict[str, SectionJob]:
        """Return the likeliest jobs of the first ``most`` waiting sections.

        They are for workers that would be idle. The sections go on waiting, and none is returned
        twice.
        """
        names = [
            section.name
            for section in self.sections
            if section.name in self._waiting - self._speculative and not section.kind.generated
        ][:most]
        self._speculative.update(names)
        return self._jobs(self._estimate(known), set(names))

    def _certain(self, known: Mapping[str, int], names: set[str]) -> dict[str, SectionJob]:
        """Return the jobs that are the same for the shortest and the longest estimate.

        With the sample known, they include those that differ in the side of the first page:
        either side is equally likely, and waiting does not help.
        """
        sample_is_known = self._sample_is_known(known)
        error = _LENGTH_ERROR if sample_is_known else _FIRST_LENGTH_ERROR
        shortest = self._jobs(self._estimate(known, 1 / error), names)
        longest = self._jobs(self._estimate(known, error), names)
        certain = {name: job for name, job in shortest.items() if job == longest[name]}
        if sample_is_known:
            either_side = {n for n, j in shortest.items() if j.on_verso != longest[n].on_verso}
            certain |= self._jobs(self._estimate(self._sample_counts(known)), either_side)
        return certain

    def _first_waiting(self) -> Sequence[str]:
        """Return the first section that waits, one of the manuscript before a generated one."""
        waiting = [section for section in self.sections if section.name in self._waiting]
        return [section.name for section in sorted(waiting, key=lambda s: s.kind.generated)[:1]]

    def _sample_is_known(self, known: Mapping[str, int]) -> bool:
        return bool(self._sample) and all(name in known for name in self._sample)

    def _sample_counts(self, known: Mapping[str, int]) -> dict[str, int]:
        return {name: known[name] for name in self._sample}

    def _estimate(self, known: Mapping[str, int], longer: float = 1.0) -> dict[str, int]:
        """Estimate page counts; those not known are made longer by a factor."""
        per_page = self.letters_per_page
        if self._sample_is_known(known):
            letters = sum(self._letters[name] for name in self._sample)
            per_page = max(1.0, letters / sum(self._sample_counts(known).values()))
        return estimated_page_counts(self._letters, per_page / longer) | dict(known)

    def _jobs(self, page_counts: Mapping[str, int], names: set[str]) -> dict[str, SectionJob]:
        if not names:
            return {}
        imposition, page_map = self.impose(page_counts)
        return {
            placed.section.name: self.section_job(placed, page_map)
            for placed in imposition.sections
            if placed.section.name in names
        }

    def _by_urgency(self, jobs: Mapping[str, SectionJob]) -> dict[str, SectionJob]:
        """Put the longest of the jobs first that other sections wait for."""
        order = [section.name for section in self.sections if not section.kind.generated]
        waiting = [index for index, name in enumerate(order) if name in self._waiting]
        urgent = set(order[: waiting[0]] if waiting else ())
        urgent.update(self._sample)
        return longest_first(jobs, urgent)


def longest_first(
    jobs: Mapping[str, SectionJob], urgent: Collection[str] = ()
) -> dict[str, SectionJob]:
    """Sort jobs by length, after the urgent ones, so that no long one is left for the end."""
    names = sorted(jobs, key=lambda name: (name not in urgent, -len(jobs[name].markup)))
    return {name: jobs[name] for name in names}
