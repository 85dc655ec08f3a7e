"""Sections in their places: rectos, blanks, numbers, and the search for a fixed point."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from lxml import etree

from makeready.book.kinds import KINDS, Division
from makeready.book.model import PageMap, Section
from makeready.findings import Findings
from makeready.pdf.assemble import impose, roman
from makeready.pdf.typeset import TypesetSection


def section(kind: str, division: Division, name: str = "") -> Section:
    return Section(
        name or kind,
        KINDS[kind],
        division,
        None,
        kind,
        etree.Element("span"),
        "",
        etree.Element("div"),
    )


def pages(count: int, **anchors: int) -> TypesetSection:
    return TypesetSection(SimpleNamespace(pages=[None] * count), anchors)  # type: ignore[arg-type]


FRONT = [
    section("halftitlepage", Division.FRONT),
    section("titlepage", Division.FRONT),
    section("copyright-page", Division.FRONT),
    section("toc", Division.FRONT),
]
BODY = [section("chapter", Division.BODY, f"chapter-{n}") for n in (1, 2)]
BACK = [section("colophon", Division.BACK)]


def test_places_and_labels() -> None:
    seen: list[tuple[str, int, bool]] = []

    def typeset(one: Section, _: PageMap, number: int, on_verso: bool) -> TypesetSection:
        seen.append((one.name, number, on_verso))
        return pages(3 if one.name == "chapter-1" else 1, **{one.name: 0})

    found = Findings()
    result = impose("recto", [*FRONT, *BODY, *BACK], typeset, found)
    assert not found
    assert result.labels == ("i", "ii", "iii", "iv", "v", "vi", "1", "2", "3", "4", "5", "6")
    assert seen[: len(seen) // 2] == [
        ("halftitlepage", 1, False),
        ("titlepage", 3, False),
        ("copyright-page", 4, True),
        ("toc", 5, False),
        ("chapter-1", 1, False),
        ("chapter-2", 5, False),
        ("colophon", 6, True),
    ]
    assert result.page_map.label("toc") == "v"
    assert result.page_map.label("colophon") == "6"


def test_chapters_that_open_anywhere_still_begin_the_body_on_a_recto() -> None:
    result = impose("any", [FRONT[0], *BODY], lambda one, *_: pages(1, **{one.name: 0}), Findings())
    assert result.labels == ("i", "ii", "1", "2")


def test_a_book_that_does_not_settle_ends_in_a_finding() -> None:
    rounds = 0

    def restless(one: Section, *_: object) -> TypesetSection:
        nonlocal rounds
        rounds += 1
        return pages(1 + rounds % 2, **{one.name: rounds % 2})

    found = Findings()
    impose("recto", [BODY[0]], restless, found)
    assert [finding.id for finding in found] == ["LAY-002"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "i"), (4, "iv"), (9, "ix"), (14, "xiv"), (40, "xl"), (90, "xc"), (1994, "mcmxciv")],
)
def test_roman(number: int, text: str) -> None:
    assert roman(number) == text
