"""The scheduler returns jobs before all page counts are known, and each only once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from makeready.book.kinds import KINDS, Division
from makeready.book.model import PageMap, Section
from makeready.engine.section_job import SectionJob
from makeready.pagination.imposition import Imposition, PlacedSection, impose
from makeready.pagination.schedule import Scheduler

_LETTERS_PER_PAGE = 100


def _section(name: str, kind: str, division: Division, letters: int) -> Section:
    tree = etree.Element("div")
    tree.text = "x" * letters
    return Section(name, KINDS[kind], division, None, name, etree.Element("span"), "", tree)


def _book(chapters: Sequence[int], *, index: bool = False) -> list[Section]:
    sections = [_section("toc", "toc", Division.FRONT, 0)]
    sections += [
        _section(f"chapter-{number}", "chapter", Division.BODY, letters)
        for number, letters in enumerate(chapters, start=1)
    ]
    if index:
        sections.append(_section("index", "index", Division.BACK, 0))
    return sections


class _FakeTypesetter:
    """A typesetter whose jobs depend on the digits of a section's and its references' numbers."""

    def __init__(
        self,
        sections: Sequence[Section],
        counts: Mapping[str, int],
        references: Mapping[str, Sequence[str]],
        chapters_open: str = "recto",
    ) -> None:
        self.sections, self.counts, self.references = sections, counts, references
        self.chapters_open = chapters_open

    def impose(self, counts: Mapping[str, int]) -> tuple[Imposition, PageMap]:
        imposition = impose(self.chapters_open, self.sections, counts)
        labels = {p.section.name: imposition.labels_of(p)[0] for p in imposition.sections}
        return imposition, PageMap(labels)

    def section_job(self, placed: PlacedSection, page_map: PageMap) -> SectionJob:
        name = placed.section.name
        shown = self.references.get(name, ())
        if name == "toc":
            shown = tuple(section.name for section in self.sections)
        digits = [len(page_map.label(anchor)) for anchor in shown]
        number = 10 ** (len(str(placed.first_number)) - 1)
        return SectionJob(name, "", f"{digits}", number, placed.on_verso)

    def true_jobs(self) -> dict[str, SectionJob]:
        imposition, page_map = self.impose(self.counts)
        return {p.section.name: self.section_job(p, page_map) for p in imposition.sections}

    def typeset_all(self) -> list[SectionJob]:
        """Do the scheduler's jobs one after the other; return them in their order."""
        first = [self.sections[-1].name]
        scheduler = Scheduler(
            self.sections, _LETTERS_PER_PAGE, self.impose, self.section_job, first
        )
        known: dict[str, int] = {}
        waiting = list(scheduler.first_jobs().values())
        done: list[SectionJob] = []
        while True:
            waiting += scheduler.next_jobs(known).values()
            if not waiting:
                return done
            done.append(waiting.pop(0))
            known[done[-1].name] = self.counts[done[-1].name]


_CHAPTERS = some.lists(some.integers(1, 40), min_size=1, max_size=14)


@given(
    pages=_CHAPTERS,
    longer=some.floats(0.85, 1.2),
    chosen=some.lists(some.tuples(some.integers(1, 14), some.integers(1, 14))),
)
def test_each_section_is_typeset_once_and_with_the_true_numbers(
    pages: list[int], longer: float, chosen: list[tuple[int, int]]
) -> None:
    sections = _book([round(count * _LETTERS_PER_PAGE * longer) for count in pages])
    counts = {f"chapter-{n}": count for n, count in enumerate(pages, start=1)} | {"toc": 1}
    references: dict[str, list[str]] = {}
    for one, other in chosen:
        if max(one, other) <= len(pages):
            references.setdefault(f"chapter-{max(one, other)}", []).append(
                f"chapter-{min(one, other)}"
            )
    typesetter = _FakeTypesetter(sections, counts, references)
    done = typesetter.typeset_all()
    assert sorted(section_job.name for section_job in done) == sorted(counts)
    assert {section_job.name: section_job for section_job in done} == typesetter.true_jobs()


@given(
    pages=_CHAPTERS, longer=some.floats(0.3, 3), chapters_open=some.sampled_from(["any", "recto"])
)
def test_no_section_is_forgotten_however_wrong_the_estimate(
    pages: list[int], longer: float, chapters_open: str
) -> None:
    sections = _book([round(count * _LETTERS_PER_PAGE * longer) for count in pages])
    counts = {f"chapter-{n}": count for n, count in enumerate(pages, start=1)} | {"toc": 1}
    done = _FakeTypesetter(sections, counts, {}, chapters_open).typeset_all()
    assert sorted(section_job.name for section_job in done) == sorted(counts)


def test_sections_that_wait_for_each_other_are_typeset() -> None:
    sections = _book([900, 500, 500])
    counts = {"toc": 1, "chapter-1": 9, "chapter-2": 5, "chapter-3": 5}
    everywhere = {name: list(counts) for name in counts}
    done = _FakeTypesetter(sections, counts, everywhere).typeset_all()
    assert sorted(section_job.name for section_job in done) == sorted(counts)


def test_an_index_waits_for_all_other_sections() -> None:
    sections = _book([2000, 2000, 2000], index=True)
    counts = {"toc": 1, "chapter-1": 20, "chapter-2": 20, "chapter-3": 20, "index": 1}
    assert _FakeTypesetter(sections, counts, {}).typeset_all()[-1].name == "index"


def test_a_chapter_near_a_change_of_digits_comes_after_those_before_it() -> None:
    sections = _book([3000] * 8)
    counts = {f"chapter-{n}": 30 for n in range(1, 9)} | {"toc": 1}
    names = [
        section_job.name for section_job in _FakeTypesetter(sections, counts, {}).typeset_all()
    ]
    # Page 100 is near the beginning of the fourth chapter, or the end of the third.
    assert names.index("chapter-4") > max(names.index(f"chapter-{n}") for n in (1, 2))


def test_likely_jobs_are_returned_once_for_idle_workers() -> None:
    sections = _book([3000] * 8, index=True)
    counts = {f"chapter-{n}": 30 for n in range(1, 9)} | {"toc": 1, "index": 1}
    everywhere = {f"chapter-{n}": ["chapter-4"] for n in range(1, 9)}
    typesetter = _FakeTypesetter(sections, counts, everywhere)
    scheduler = Scheduler(sections, _LETTERS_PER_PAGE, typesetter.impose, typesetter.section_job)
    sample = scheduler.next_jobs({})
    speculative = [*scheduler.speculative({}, 3).values(), *scheduler.speculative({}, 9).values()]
    names = [section_job.name for section_job in speculative]
    waiting = [f"chapter-{n}" for n in range(1, 9) if f"chapter-{n}" not in sample]
    assert names == waiting
    true = typesetter.true_jobs()
    assert [
        section_job for section_job in speculative if section_job == true[section_job.name]
    ] == speculative
    assert scheduler.speculative({}, 9) == {}
    # Sections with a speculative job go on waiting.
    known = {name: counts[name] for name in sample}
    assert scheduler.next_jobs(known)
