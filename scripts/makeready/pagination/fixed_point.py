"""Typesetting repeated until every page number is right: the fixed point.

Sections depend on page numbers only through how many digits they have, where those digits can
be swapped in place; so a first round on guessed numbers is often the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from makeready.book.model import Anchor, PageMap, Section
from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.errors import FindingsError
from makeready.findings import Findings, SourceLocation
from makeready.pagination.cache_key import key_of
from makeready.pagination.fragment_cache import FragmentStore
from makeready.pagination.imposition import Imposition, PlacedSection, impose
from makeready.pagination.length_estimate import depths
from makeready.pagination.schedule import Scheduler, longest_first
from makeready.pagination.section_pool import SectionPool
from makeready.pdf.fragment import Fragment
from makeready.printers.padding import EVEN_PAGES, Padding

_MOST_ROUNDS = 6

Markup = Callable[[Section, PageMap], str]


def _none(_idle: int) -> Mapping[str, SectionJob]:
    return {}


class SectionFailedError(FindingsError):
    """A section of the edition could not be set; its finding says why."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A book whose page numbers hold: its sections in their places, and their fragments.

    ``keys`` are what the fragments are kept under.
    """

    imposition: Imposition
    fragments: Mapping[str, Fragment]
    page_map: PageMap
    keys: Mapping[str, str]


@dataclass
class PageNumberSolver:
    """What it takes to settle one edition.

    ``seed`` stands for all that its fragments depend on alike; ``images`` gives a digest of the
    images a document shows.
    """

    sections: Sequence[Section]
    anchors: Mapping[str, Anchor]
    markup: Markup
    images: Callable[[str], bytes]
    chapters_open: str
    typesetter_config: TypesetterConfig
    section_pool: SectionPool
    store: FragmentStore
    seed: bytes
    letters_to_a_page: float
    findings: Findings
    on_done: Callable[[str], None]
    padding: Padding = EVEN_PAGES
    _fragments: dict[str, Fragment] = field(default_factory=dict)
    _exact: set[str] = field(default_factory=set)
    _awaited: dict[str, str] = field(default_factory=dict)
    """The names of the sections that are being set, by the keys of what they are set from."""

    _speculative: set[str] = field(default_factory=set)
    """The keys of what is being set that no section may ever be set from."""

    _shown: tuple[PageMap, PageMap] | None = None
    """A page map, and what it is where digits alone are counted."""

    _depths: dict[str, dict[str, float]] = field(default_factory=dict)
    _by_section: dict[str, list[str]] = field(default_factory=dict)

    def settle(self) -> Solution:
        """Typeset until what the sections were set from is what they came to."""
        self._exact |= {
            section.name for section in self.sections if section.kind.depends_on_page_numbers
        }
        before = self._set_first()
        for _ in range(_MOST_ROUNDS):
            imposition, page_map = self._impose(self._counts())
            self._exact |= set(self._with_other_folios(imposition))
            section_jobs = {p.section.name: self._setting(p, page_map) for p in imposition.places}
            keys = {name: self._key(section_job) for name, section_job in section_jobs.items()}
            if keys == before:
                self.section_pool.set_warm_up_job(self.typesetter_config, section_jobs.values())
                return self._settled(imposition, page_map, keys)
            changed = {n: s for n, s in section_jobs.items() if keys[n] != before.get(n)}
            self._set(longest_first(self._missing(changed, keys)))
            before = keys
        self.findings.add("LAY-002", SourceLocation("book.toml"), rounds=_MOST_ROUNDS)
        return self._settled(imposition, page_map, keys)

    def _settled(
        self, imposition: Imposition, page_map: PageMap, keys: Mapping[str, str]
    ) -> Solution:
        names = [place.section.name for place in imposition.places]
        fragments = {name: self._fragments[name] for name in names}
        return Solution(imposition, fragments, page_map, keys)

    def _set_first(self) -> dict[str, str]:
        """Set each section as soon as no guess changes what it is set from; return the keys."""
        scheduler = Scheduler(self.sections, self.letters_to_a_page, self._impose, self._setting)
        keys: dict[str, str] = {}

        def next_jobs(idle: int) -> dict[str, SectionJob]:
            missing: dict[str, SectionJob] = {}
            while not missing and (section_jobs := scheduler.ready(self._counts())):
                keys.update(
                    (name, self._key(section_job)) for name, section_job in section_jobs.items()
                )
                missing = self._missing(section_jobs, keys)
            new = {
                key: section_job
                for key, section_job in missing.items()
                if key not in self._speculative
            }
            return new | self._speculative_jobs(scheduler, idle - len(new))

        self._set(next_jobs(0), next_jobs)
        return keys

    def _speculative_jobs(self, scheduler: Scheduler, idle: int) -> dict[str, SectionJob]:
        """Have something to do for workers who are idle: what is likely to be asked for next."""
        likely = scheduler.speculative(self._counts(), idle) if idle > 0 else {}
        speculative = {self._key(section_job): section_job for section_job in likely.values()}
        new = {key: s for key, s in speculative.items() if self.store.get(key) is None}
        self._speculative |= new.keys()
        return new

    def _counts(self) -> dict[str, int]:
        return {name: fragment.page_count for name, fragment in self._fragments.items()}

    def _impose(self, counts: Mapping[str, int]) -> tuple[Imposition, PageMap]:
        imposition = impose(self.chapters_open, self.sections, counts, self.padding)
        return imposition, self._page_map(imposition)

    def _page_map(self, imposition: Imposition) -> PageMap:
        """Map anchors to labels; of a section not yet set, by how far into it they stand."""
        labels: dict[str, str] = {}
        for place in imposition.places:
            name, own = place.section.name, imposition.labels_of(place)
            fragment = self._fragments.get(name)
            pages = self._guessed_pages(place) if fragment is None else fragment.anchors()
            # What is nowhere on the pages counts as being on the first.
            labels |= dict.fromkeys((name, *self._anchors_of(name)), own[0])
            labels |= {anchor: own[page] for anchor, page in pages.items()}
        return PageMap(labels)

    def _guessed_pages(self, place: PlacedSection) -> dict[str, int]:
        name = place.section.name
        if name not in self._depths:
            self._depths[name] = depths(place.section)
        last = place.page_count - 1
        return {a: min(last, int(d * place.page_count)) for a, d in self._depths[name].items()}

    def _anchors_of(self, name: str) -> Sequence[str]:
        if not self._by_section:
            for anchor in self.anchors.values():
                self._by_section.setdefault(anchor.section, []).append(anchor.id)
        return self._by_section.get(name, ())

    def _setting(self, place: PlacedSection, page_map: PageMap) -> SectionJob:
        section = place.section
        if section.name in self._exact:
            number, shown = place.first_number, page_map
        else:
            number, shown = _stand_in(place), self._digits_of(page_map)
        return SectionJob(
            section.name,
            _source_path(section),
            self.markup(section, shown),
            number,
            place.on_verso,
        )

    def _digits_of(self, page_map: PageMap) -> PageMap:
        if self._shown is None or self._shown[0] is not page_map:
            self._shown = page_map, _digits_only(page_map)
        return self._shown[1]

    def _key(self, section_job: SectionJob) -> str:
        return key_of(self.seed, section_job, self.images(section_job.markup))

    def _missing(
        self, section_jobs: Mapping[str, SectionJob], keys: Mapping[str, str]
    ) -> dict[str, SectionJob]:
        """Take the fragments that are kept, and return the settings of the others by their keys."""
        missing: dict[str, SectionJob] = {}
        for name, section_job in section_jobs.items():
            fragment = self.store.get(keys[name])
            if fragment is None:
                self._awaited[keys[name]] = name
                missing[keys[name]] = section_job
            else:
                self._take(name, fragment)
        return missing

    def _set(
        self,
        missing: Mapping[str, SectionJob],
        next_jobs: Callable[[int], Mapping[str, SectionJob]] = _none,
    ) -> None:
        """Set the sections that are missing, and then what ``next_jobs`` adds to them.

        What was ventured is kept, and is nothing else until a section is to be set from just that.
        """
        for key, result in self.section_pool.typeset_all(
            self.typesetter_config, missing, self.on_done, next_jobs
        ):
            name = self._awaited.pop(key, None)
            self._speculative.discard(key)
            if isinstance(result, Fragment):
                self.store.put(key, result)
                if name is not None:
                    self._take(name, result)
            elif name is not None:
                self._refuse(name, result)

    def _with_other_folios(self, imposition: Imposition) -> Iterator[str]:
        """Find sections that print Arabic folios where pages are numbered otherwise."""
        for place in imposition.places:
            name = place.section.name
            folios = (n for n in self._fragments[name].page_numbers if n.glyphs and not n.target)
            if not imposition.labels[place.first_index].isdigit() and any(folios):
                yield name

    def _take(self, name: str, fragment: Fragment) -> None:
        self._fragments[name] = fragment
        if not fragment.is_changeable:
            self._exact.add(name)

    def _refuse(self, name: str, failure: Failure) -> None:
        section = next(section for section in self.sections if section.name == name)
        raise failed(name, SourceLocation(_source_path(section)), failure, self.findings)


def failed(
    name: str, location: SourceLocation, failure: Failure, findings: Findings
) -> SectionFailedError:
    """Make a finding of a section that could not be set, and return what ends the edition."""
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


def _stand_in(place: PlacedSection) -> int:
    """Return the number to set a section from: the lowest with folios of the same digits."""
    digits = len(str(place.first_number))
    last = place.first_number + place.page_count
    return 10 ** (digits - 1) if len(str(last)) == digits else place.first_number


def _digits_only(page_map: PageMap) -> PageMap:
    return PageMap({a: "0" * len(n) if n.isdigit() else n for a, n in page_map.labels.items()})
