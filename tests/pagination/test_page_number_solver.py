"""Page numbers are solved in the same way whatever of the sections is in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from makeready.book.kinds import KINDS, Division
from makeready.book.model import Anchor, PageMap, Section
from makeready.engine.section_job import SectionJob, TypesetterConfig
from makeready.findings import Findings
from makeready.pagination.fixed_point import PageNumberSolver
from makeready.pdf.extract import ExtractedSection
from makeready.pdf.fragment import Destination, Fragment
from makeready.pdf.images import ImageTarget
from makeready.pdf.objects import Objects

_LETTERS_PER_PAGE = 100.0


def _section(name: str, kind: str, division: Division, letters: int) -> Section:
    tree = etree.Element("div")
    tree.text = "x" * letters
    tree.append(etree.Element("p", id=f"{name}-end"))
    return Section(name, KINDS[kind], division, None, name, etree.Element("span"), "", tree)


class _FakeCache(dict[str, Fragment]):
    """A cache of fragments in memory."""

    def put(self, key: str, fragment: Fragment) -> None:
        """Store a fragment."""
        self[key] = fragment


class _FakePool:
    """A pool that makes fragments of given page counts, with an anchor on the last page."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts

    def typeset_all(
        self,
        _config: TypesetterConfig,
        jobs: Mapping[str, SectionJob],
        _on_done: Callable[[str], None],
        next_jobs: Callable[[int], Mapping[str, SectionJob]],
    ) -> Iterator[tuple[str, Fragment]]:
        waiting = dict(jobs)
        while waiting:
            key = next(iter(waiting))
            job = waiting.pop(key)
            count = self.counts[job.name]
            end = Destination(f"{job.name}-end", count - 1, 0, 0)
            yield key, Fragment(ExtractedSection(Objects((), ()), ()), "", count, (end,))
            waiting |= next_jobs(0)

    def set_warm_up_job(self, *_: Any) -> None:
        """Take the job, and forget it."""


def _solved(sections: list[Section], pool: _FakePool, cache: _FakeCache) -> tuple[str, ...]:
    def document(section: Section, page_map: PageMap) -> str:
        anchors = [f"{other.name}-end" for other in sections]
        return " ".join(map(page_map.label, anchors)) if section.name == "toc" else ""

    solver = PageNumberSolver(
        sections,
        {
            f"{section.name}-end": Anchor(f"{section.name}-end", section.name, "other", "", "")
            for section in sections
        },
        document,
        lambda _: b"",
        "recto",
        TypesetterConfig((), (), (), ImageTarget(), None),
        cast(Any, pool),
        cast(Any, cache),
        b"",
        _LETTERS_PER_PAGE,
        Findings(),
        lambda _: None,
    )
    solution = solver.solve()
    return tuple(solution.page_map.label(f"{section.name}-end") for section in sections)


@given(
    chapters=some.lists(
        some.tuples(some.integers(1, 40), some.floats(0.3, 3)), min_size=1, max_size=14
    )
)
def test_a_book_in_the_cache_has_the_same_numbers_again(
    chapters: list[tuple[int, float]],
) -> None:
    # Sections whose length was estimated far too short were once looked up beyond their end.
    sections = [_section("toc", "toc", Division.FRONT, 0)]
    counts = {"toc": 1}
    for number, (pages, estimate) in enumerate(chapters, start=1):
        letters = round(pages * _LETTERS_PER_PAGE * estimate)
        sections.append(_section(f"chapter-{number}", "chapter", Division.BODY, letters))
        counts[f"chapter-{number}"] = pages
    cache = _FakeCache()
    labels = _solved(sections, _FakePool(counts), cache)
    assert _solved(sections, _FakePool(counts), cache) == labels
