"""What can be set before all page counts are known, and that it need not be set again."""

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

_LETTERS_TO_A_PAGE = 100


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


class _Press:
    """Sets sections that show the digits of their own number and of all that they refer to."""

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
        labels = {p.section.name: imposition.labels_of(p)[0] for p in imposition.places}
        return imposition, PageMap(labels)

    def section_job(self, place: PlacedSection, page_map: PageMap) -> SectionJob:
        name = place.section.name
        shown = self.references.get(name, ())
        if name == "toc":
            shown = tuple(section.name for section in self.sections)
        digits = [len(page_map.label(anchor)) for anchor in shown]
        number = 10 ** (len(str(place.first_number)) - 1)
        return SectionJob(name, "", f"{digits}", number, place.on_verso)

    def true_settings(self) -> dict[str, SectionJob]:
        imposition, page_map = self.impose(self.counts)
        return {p.section.name: self.section_job(p, page_map) for p in imposition.places}

    def work(self) -> list[SectionJob]:
        """Set one section after the other, as many as can be; return what each was set from."""
        foresight = Scheduler(self.sections, _LETTERS_TO_A_PAGE, self.impose, self.section_job)
        known: dict[str, int] = {}
        waiting: list[SectionJob] = []
        done: list[SectionJob] = []
        while True:
            waiting += foresight.ready(known).values()
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
def test_each_section_is_set_once_and_from_what_is_true(
    pages: list[int], longer: float, chosen: list[tuple[int, int]]
) -> None:
    sections = _book([round(count * _LETTERS_TO_A_PAGE * longer) for count in pages])
    counts = {f"chapter-{n}": count for n, count in enumerate(pages, start=1)} | {"toc": 1}
    references: dict[str, list[str]] = {}
    for one, other in chosen:
        if max(one, other) <= len(pages):
            references.setdefault(f"chapter-{max(one, other)}", []).append(
                f"chapter-{min(one, other)}"
            )
    press = _Press(sections, counts, references)
    done = press.work()
    assert sorted(section_job.name for section_job in done) == sorted(counts)
    assert {section_job.name: section_job for section_job in done} == press.true_settings()


@given(
    pages=_CHAPTERS, longer=some.floats(0.3, 3), chapters_open=some.sampled_from(["any", "recto"])
)
def test_no_section_is_forgotten_however_wrong_the_guess(
    pages: list[int], longer: float, chapters_open: str
) -> None:
    sections = _book([round(count * _LETTERS_TO_A_PAGE * longer) for count in pages])
    counts = {f"chapter-{n}": count for n, count in enumerate(pages, start=1)} | {"toc": 1}
    done = _Press(sections, counts, {}, chapters_open).work()
    assert sorted(section_job.name for section_job in done) == sorted(counts)


def test_sections_that_wait_for_each_other_are_set_too() -> None:
    sections = _book([900, 500, 500])
    counts = {"toc": 1, "chapter-1": 9, "chapter-2": 5, "chapter-3": 5}
    everywhere = {name: list(counts) for name in counts}
    done = _Press(sections, counts, everywhere).work()
    assert sorted(section_job.name for section_job in done) == sorted(counts)


def test_what_is_made_of_pages_waits_for_all_of_them() -> None:
    sections = _book([2000, 2000, 2000], index=True)
    counts = {"toc": 1, "chapter-1": 20, "chapter-2": 20, "chapter-3": 20, "index": 1}
    assert _Press(sections, counts, {}).work()[-1].name == "index"


def test_the_chapter_about_a_change_of_digits_comes_after_those_before_it() -> None:
    sections = _book([3000] * 8)
    counts = {f"chapter-{n}": 30 for n in range(1, 9)} | {"toc": 1}
    names = [section_job.name for section_job in _Press(sections, counts, {}).work()]
    # Page 100 is near the beginning of the fourth chapter, or the end of the third.
    assert names.index("chapter-4") > max(names.index(f"chapter-{n}") for n in (1, 2))


def test_whoever_is_idle_is_given_what_is_likely_to_be_asked_for_once() -> None:
    sections = _book([3000] * 8, index=True)
    counts = {f"chapter-{n}": 30 for n in range(1, 9)} | {"toc": 1, "index": 1}
    everywhere = {f"chapter-{n}": ["chapter-4"] for n in range(1, 9)}
    press = _Press(sections, counts, everywhere)
    foresight = Scheduler(sections, _LETTERS_TO_A_PAGE, press.impose, press.section_job)
    learners = foresight.ready({})
    ventured = [*foresight.speculative({}, 3).values(), *foresight.speculative({}, 9).values()]
    names = [section_job.name for section_job in ventured]
    waiting = [f"chapter-{n}" for n in range(1, 9) if f"chapter-{n}" not in learners]
    assert names == waiting
    true = press.true_settings()
    assert [
        section_job for section_job in ventured if section_job == true[section_job.name]
    ] == ventured
    assert foresight.speculative({}, 9) == {}
    # What was ventured is waited for as it was before.
    known = {name: counts[name] for name in learners}
    assert foresight.ready(known)
