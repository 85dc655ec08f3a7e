"""Imposition: rectos, blank pages and page labels."""

from __future__ import annotations

import pytest
from lxml import etree

from makeready.book.kinds import KINDS, Division
from makeready.book.model import Section
from makeready.pagination.imposition import impose
from makeready.printers.padding import Padding


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


FRONT = [
    section("halftitlepage", Division.FRONT),
    section("titlepage", Division.FRONT),
    section("copyright-page", Division.FRONT),
    section("toc", Division.FRONT),
]
BODY = [section("chapter", Division.BODY, f"chapter-{n}") for n in (1, 2)]
BACK = [section("colophon", Division.BACK)]


def test_sections_and_labels() -> None:
    sections = [*FRONT, *BODY, *BACK]
    counts = {one.name: 3 if one.name == "chapter-1" else 1 for one in sections}
    result = impose("recto", sections, counts)
    assert result.labels == ("i", "ii", "iii", "iv", "v", "vi", "1", "2", "3", "4", "5", "6")
    assert [
        (p.section.name, p.first_number, p.on_verso, p.blanks_before) for p in result.sections
    ] == [
        ("halftitlepage", 1, False, 0),
        ("titlepage", 3, False, 1),
        ("copyright-page", 4, True, 0),
        ("toc", 5, False, 0),
        ("chapter-1", 1, False, 1),
        ("chapter-2", 5, False, 1),
        ("colophon", 6, True, 0),
    ]
    assert result.labels_of(result.sections[4]) == ("1", "2", "3")


def test_chapters_that_open_anywhere_still_begin_the_body_on_a_recto() -> None:
    sections = [FRONT[0], *BODY]
    result = impose("any", sections, {one.name: 1 for one in sections})
    assert result.labels == ("i", "ii", "1", "2")


def test_the_page_count_is_even() -> None:
    assert impose("recto", [BODY[0]], {"chapter-1": 3}).page_count == 4


@pytest.mark.parametrize(
    ("pages", "multiple", "last_blank", "whole"),
    [
        (3, 2, False, 4),
        (4, 2, False, 4),
        (3, 2, True, 4),
        (4, 2, True, 6),
        (4, 4, False, 4),
        (5, 4, False, 8),
        (4, 4, True, 8),
        (7, 4, True, 8),
        (6, 6, False, 6),
        (205, 4, False, 208),
    ],
)
def test_blank_pages_at_the_end_pad_the_book(
    pages: int, multiple: int, last_blank: bool, whole: int
) -> None:
    padding = Padding(multiple, last_blank)
    result = impose("recto", [BODY[0]], {"chapter-1": pages}, padding)
    assert result.page_count == whole
    assert result.sections[0].page_count == pages
    assert result.labels == tuple(str(number) for number in range(1, whole + 1))
