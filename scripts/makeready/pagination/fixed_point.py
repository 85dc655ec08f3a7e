"""The fixed point of page numbers: typesetting repeated until every number shown is right.

Where the digits of page numbers can be replaced afterwards, a section depends on a number only
through its digit count, so that a first round with estimated numbers is often the last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.model import Anchor, PageMap, Section
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.errors import FindingsError
from makeready.findings import Findings, SourceLocation
from makeready.pagination.cache_key import section_key
from makeready.pagination.fragment_cache import FragmentCache
from makeready.pagination.imposition import Imposition, PlacedSection, impose
from makeready.pagination.length_estimate import anchor_depths
from makeready.pagination.schedule import Scheduler, longest_first
from makeready.pagination.section_pool import SectionPool
from makeready.pdf.fragment import Fragment
from makeready.printers.padding import EVEN_PAGES, Padding

_MOST_ROUNDS = 6

MakeDocument = Callable[[Section, PageMap], str]
"""A function that returns the document of a section, with the page labels of a page map."""


def _no_jobs(_idle: int) -> Mapping[str, SectionJob]:
    return {}


class SectionFailedError(FindingsError):
    """A section of an edition could not be typeset; a finding says why."""


@dataclass(frozen=True, slots=True)
class Solution:
    """An edition whose page numbers are right; ``keys`` are those of its fragments in the cache."""

    imposition: Imposition
    fragments: Mapping[str, Fragment]
    page_map: PageMap
    keys: Mapping[str, str]


@dataclass
class PageNumberSolver:
    """The search for the fixed point of one edition.

    ``config_digest`` is that of `typesetter_config` (see `makeready.pagination.cache_key`),
    ``images_digest`` returns a digest of the images that a document shows, and ``on_done`` is
    called with the name of each section that has been typeset. ``changed_last`` are the sections
    that most likely have to be typeset.
    """

    sections: Sequence[Section]
    anchors: Mapping[str, Anchor]
    make_document: MakeDocument
    images_digest: Callable[[str], bytes]
    chapters_open: str
    typesetter_config: TypesetterConfig
    section_pool: SectionPool
    cache: FragmentCache
    config_digest: bytes
    letters_per_page: float
    findings: Findings
    on_done: Callable[[str], None]
    padding: Padding = EVEN_PAGES
    changed_last: Collection[str] = ()
    _fragments: dict[str, Fragment] = field(default_factory=dict)
    _with_exact_numbers: set[str] = field(default_factory=set)
    """The sections typeset with exact page numbers, because theirs cannot be changed."""

    _names_by_key: dict[str, str] = field(default_factory=dict)
    """The names of the sections that are being typeset, by the keys of their fragments."""

    _speculative: set[str] = field(default_factory=set)
    """The keys of fragments that are being typeset although no section may ever need them."""

    _digit_count_map: tuple[PageMap, PageMap] | None = None
    """The last page map, and the one derived from it by `_with_zeros`."""

    _anchor_depths: dict[str, dict[str, float]] = field(default_factory=dict)
    _anchor_ids: dict[str, list[str]] = field(default_factory=dict)

    def solve(self) -> Solution:
        """Typeset until the sections show the page numbers that follow from their lengths.

        Raises SectionFailedError if a section cannot be typeset.
        """
        self._with_exact_numbers |= {
            section.name for section in self.sections if section.kind.depends_on_page_numbers
        }
        keys_before = self._typeset_first_round()
        for _ in range(_MOST_ROUNDS):
            imposition, page_map = self._impose(self._page_counts())
            self._with_exact_numbers |= set(self._with_arabic_folios_on_roman_pages(imposition))
            jobs = {p.section.name: self._section_job(p, page_map) for p in imposition.sections}
            keys = {name: self._key(job) for name, job in jobs.items()}
            if keys == keys_before:
                self.section_pool.set_warm_up_job(self.typesetter_config, jobs.values())
                return self._solution(imposition, page_map, keys)
            changed = {n: job for n, job in jobs.items() if keys[n] != keys_before.get(n)}
            self._typeset(longest_first(self._not_cached(changed, keys)))
            keys_before = keys
        self.findings.add("LAY-002", SourceLocation("book.toml"), rounds=_MOST_ROUNDS)
        return self._solution(imposition, page_map, keys)

    def _solution(
        self, imposition: Imposition, page_map: PageMap, keys: Mapping[str, str]
    ) -> Solution:
        names = [placed.section.name for placed in imposition.sections]
        fragments = {name: self._fragments[name] for name in names}
        return Solution(imposition, fragments, page_map, keys)

    def _typeset_first_round(self) -> dict[str, str]:
        """Typeset each section as soon as its job is certain; return the keys of all."""
        scheduler = Scheduler(
            self.sections,
            self.letters_per_page,
            self._impose,
            self._section_job,
            self.changed_last,
        )
        keys: dict[str, str] = {}

        def not_cached(jobs: Mapping[str, SectionJob]) -> dict[str, SectionJob]:
            keys.update((name, self._key(job)) for name, job in jobs.items())
            return self._not_cached(jobs, keys)

        def next_jobs(idle: int) -> dict[str, SectionJob]:
            uncached: dict[str, SectionJob] = {}
            while not uncached and (jobs := scheduler.next_jobs(self._page_counts())):
                uncached = not_cached(jobs)
            new = {key: job for key, job in uncached.items() if key not in self._speculative}
            return new | self._speculative_jobs(scheduler, idle - len(new))

        self._typeset(not_cached(scheduler.first_jobs()) or next_jobs(0), next_jobs)
        return keys

    def _speculative_jobs(self, scheduler: Scheduler, idle: int) -> dict[str, SectionJob]:
        """Return jobs that are likely to be needed, for workers that would be idle."""
        likely = scheduler.speculative(self._page_counts(), idle) if idle > 0 else {}
        jobs = {self._key(job): job for job in likely.values()}
        new = {key: job for key, job in jobs.items() if self.cache.get(key) is None}
        self._speculative |= new.keys()
        return new

    def _page_counts(self) -> dict[str, int]:
        return {name: fragment.page_count for name, fragment in self._fragments.items()}

    def _impose(self, page_counts: Mapping[str, int]) -> tuple[Imposition, PageMap]:
        imposition = impose(self.chapters_open, self.sections, page_counts, self.padding)
        return imposition, self._page_map(imposition)

    def _page_map(self, imposition: Imposition) -> PageMap:
        """Return the label of each anchor's page, estimated in sections not yet typeset."""
        labels: dict[str, str] = {}
        for placed in imposition.sections:
            # An anchor that is on no page is taken to be on the first.
            name, own = placed.section.name, imposition.labels_of(placed)
            labels |= dict.fromkeys((name, *self._anchors_of(name)), own[0])
        for placed in imposition.sections:
            # The notes at the end of the book have anchors of other sections.
            name, own = placed.section.name, imposition.labels_of(placed)
            fragment = self._fragments.get(name)
            # The scheduler estimates the lengths of sections that have been typeset, too.
            if fragment is None or fragment.page_count != placed.page_count:
                pages = self._estimated_pages(placed)
            else:
                pages = fragment.anchors()
            labels |= {anchor: own[page] for anchor, page in pages.items()}
        return PageMap(labels)

    def _estimated_pages(self, placed: PlacedSection) -> dict[str, int]:
        """Return the estimated page of each anchor of a section, from 0."""
        name = placed.section.name
        if name not in self._anchor_depths:
            self._anchor_depths[name] = anchor_depths(placed.section)
        last, depths = placed.page_count - 1, self._anchor_depths[name]
        return {a: min(last, int(depth * placed.page_count)) for a, depth in depths.items()}

    def _anchors_of(self, name: str) -> Sequence[str]:
        if not self._anchor_ids:
            for anchor in self.anchors.values():
                self._anchor_ids.setdefault(anchor.section, []).append(anchor.id)
        return self._anchor_ids.get(name, ())

    def _section_job(self, placed: PlacedSection, page_map: PageMap) -> SectionJob:
        """Return the job of a section, with the numbers it must be typeset with.

        That is one job for all numbers of the same digit count where those can be changed.
        """
        section = placed.section
        if section.name in self._with_exact_numbers:
            number, shown = placed.first_number, page_map
        else:
            number, shown = _lowest_like_number(placed), self._zeros_of(page_map)
        return SectionJob(
            section.name,
            _source_path(section),
            self.make_document(section, shown),
            number,
            placed.on_verso,
        )

    def _zeros_of(self, page_map: PageMap) -> PageMap:
        if self._digit_count_map is None or self._digit_count_map[0] is not page_map:
            self._digit_count_map = page_map, _with_zeros(page_map)
        return self._digit_count_map[1]

    def _key(self, job: SectionJob) -> str:
        return section_key(self.config_digest, job, self.images_digest(job.markup))

    def _not_cached(
        self, jobs: Mapping[str, SectionJob], keys: Mapping[str, str]
    ) -> dict[str, SectionJob]:
        """Accept the fragments in the cache; return the other jobs by their keys."""
        uncached: dict[str, SectionJob] = {}
        for name, job in jobs.items():
            fragment = self.cache.get(keys[name])
            if fragment is None:
                self._names_by_key[keys[name]] = name
                uncached[keys[name]] = job
            else:
                self._accept(name, fragment)
        return uncached

    def _typeset(
        self,
        jobs: Mapping[str, SectionJob],
        next_jobs: Callable[[int], Mapping[str, SectionJob]] = _no_jobs,
    ) -> None:
        """Typeset sections, by the keys of their jobs, and then what ``next_jobs`` adds.

        A speculative fragment goes into the cache only; it is accepted when a section's job
        turns out to be the same.
        """
        for key, result in self.section_pool.typeset_all(
            self.typesetter_config, jobs, self.on_done, next_jobs
        ):
            name = self._names_by_key.pop(key, None)
            self._speculative.discard(key)
            if isinstance(result, Fragment):
                self.cache.put(key, result)
                if name is not None:
                    self._accept(name, result)
            elif name is not None:
                section = next(section for section in self.sections if section.name == name)
                location = SourceLocation(_source_path(section))
                raise section_failed(name, location, result, self.findings)

    def _with_arabic_folios_on_roman_pages(self, imposition: Imposition) -> Iterator[str]:
        """Yield the sections whose styles show Arabic folios on pages with Roman labels.

        Their folios are not the page labels, and cannot be replaced by them.
        """
        for placed in imposition.sections:
            name = placed.section.name
            numbers = self._fragments[name].page_numbers
            folios = (number for number in numbers if number.glyphs and not number.target)
            if not imposition.labels[placed.first_index].isdigit() and any(folios):
                yield name

    def _accept(self, name: str, fragment: Fragment) -> None:
        self._fragments[name] = fragment
        if not fragment.is_changeable:
            self._with_exact_numbers.add(name)


def section_failed(
    name: str, location: SourceLocation, failure: Failure, findings: Findings
) -> SectionFailedError:
    """Add a finding for a section that could not be typeset, and return the error to raise."""
    step = f"Typesetting {name}"
    if failure.seconds is not None:
        findings.add("LAY-009", location, step=step, seconds=f"{failure.seconds:g}")
    elif failure.missing:
        findings.add("LAY-030", location, section=name, reason=failure.missing)
    else:
        findings.add("LAY-010", location, step=step, reason=failure.reason)
    return SectionFailedError(f"{step} failed.")


def _source_path(section: Section) -> str:
    return section.source_path or "book.toml"


def _lowest_like_number(placed: PlacedSection) -> int:
    """Return the lowest first number whose folios have as many digits as the section's.

    Where the digit count changes within the section, that is its own first number.
    """
    digits = len(str(placed.first_number))
    end = placed.first_number + placed.page_count
    return 10 ** (digits - 1) if len(str(end)) == digits else placed.first_number


def _with_zeros(page_map: PageMap) -> PageMap:
    """Return a page map with zeros for the digits of Arabic labels."""
    return PageMap({a: "0" * len(n) if n.isdigit() else n for a, n in page_map.labels.items()})
