"""Facing pages, widows and orphans, the grid, and last pages of chapters."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from makeready.typography.measure import Typography, measure_pdf
from makeready.typography.page_sides import rectos_of
from makeready.typography.places import Place, PlaceKind
from typography.set_pages import LINES, SetLine, Words, natural, paragraph, write_pdf

Page = list[SetLine | None]


def full_page(words: Words, lines: int = LINES) -> Page:
    """Return a page of whole paragraphs of four lines, and one of as many as are left."""
    page: Page = []
    while lines - len(page) >= 8:
        page += paragraph(words)
    return [*page, *paragraph(words, [1.0] * (lines - len(page) - 2))]


def opening(words: Words, lines: int = LINES) -> Page:
    title = natural(("Chapter",), size=16.0)
    return [None, title, None, None, *full_page(words, lines - 4)]


def book(words: Words) -> list[Page]:
    """Return two chapters of eight pages each."""
    return [page for _ in range(2) for page in (opening(words), *(full_page(words),) * 7)]


def measured(tmp_path: Path, pages: list[Page], **how: object) -> Typography:
    return measure_pdf(write_pdf(tmp_path / "book.pdf", pages, **how))


def found(typography: Typography) -> dict[PlaceKind, list[Place]]:
    by_kind: dict[PlaceKind, list[Place]] = {}
    for place in typography.places:
        if place.kind is not PlaceKind.RIVER:
            by_kind.setdefault(place.kind, []).append(place)
    return by_kind


def test_an_even_book(tmp_path: Path) -> None:
    typography = measured(tmp_path, book(Words()))
    assert found(typography) == {}
    # Of eight spreads the one that ends the first chapter and the book are not in running text.
    assert typography.figures.spreads == 6
    assert [section.title for section in typography.sections] == ["Chapter", "Chapter"]
    assert [section.page for section in typography.sections] == [0, 8]
    assert [section.figures.pages for section in typography.sections] == [8, 8]


def test_facing_pages_that_end_unevenly(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    pages[3] = full_page(words, LINES - 1)
    typography = measured(tmp_path, pages)
    (place,) = found(typography).pop(PlaceKind.UNEVEN_SPREAD)
    assert (place.page, place.value) == (3, 1)
    assert place.reason == "the text that follows cannot be divided there"
    assert typography.figures.uneven_spreads == 1
    assert [section.figures.uneven_spreads for section in typography.sections] == [1, 0]
    # Both a line short are even.
    pages[4] = full_page(words, LINES - 1)
    assert found(measured(tmp_path, pages)) == {}


@pytest.mark.parametrize(
    ("size", "reason"),
    [(13.0, "a heading follows"), (8.0, "a block in another size follows")],
)
def test_what_follows_an_uneven_page_is_named(tmp_path: Path, size: float, reason: str) -> None:
    words = Words()
    pages = book(words)
    pages[3] = full_page(words, LINES - 1)
    pages[4] = [natural(words.of(20, 5), size=size), *full_page(words, LINES - 1)]
    (place,) = found(measured(tmp_path, pages))[PlaceKind.UNEVEN_SPREAD]
    assert place.reason == reason


def test_a_picture_that_follows_an_uneven_page_is_named(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    pages[3] = full_page(words, LINES - 1)
    pages[4] = [None] * 6 + full_page(words, LINES - 6)

    def picture(pdf: pikepdf.Pdf) -> None:
        pdf.pages[4].contents_add(b"0.5 g 60 445 250 60 re f")

    (place,) = found(measured(tmp_path, pages, after=picture))[PlaceKind.UNEVEN_SPREAD]
    assert place.reason == "a picture follows"


def test_a_note_of_one_line_ends_its_page(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    for number, text_lines in ((3, LINES - 1), (4, LINES - 2), (5, LINES - 2), (6, LINES - 1)):
        note = natural(words.of(24, 6), size=8.0)
        pages[number] = full_page(words, text_lines) + [None] * (LINES - text_lines) + [note]
    assert PlaceKind.UNEVEN_SPREAD not in found(measured(tmp_path, pages))


def test_a_page_that_ends_with_a_picture_is_not_compared(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    pages[3] = full_page(words, LINES - 6)

    def picture(pdf: pikepdf.Pdf) -> None:
        pdf.pages[3].contents_add(b"0.5 g 60 272 250 60 re f")

    typography = measured(tmp_path, pages, after=picture)
    assert found(typography) == {}
    assert typography.figures.spreads == 5


def test_a_title_that_most_pages_have_begins_a_chapter_too(tmp_path: Path) -> None:
    words = Words()
    pages: list[Page] = []
    for number in range(12):
        title = natural(("Chapter",), size=16.0)
        pages += [[title, *[None] * 6, *full_page(words, LINES - 7)], []]
        if number == 3:
            # It ends on a left-hand page, which faces a chapter of two pages.
            pages[-1] = full_page(words, 9)
            pages += [[title, *[None] * 6, *full_page(words, LINES - 7)], full_page(words, 9)]
    typography = measured(tmp_path, pages)
    assert typography.figures.spreads == 0
    assert found(typography) == {}


def test_a_widow_and_an_orphan(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    page = full_page(words, LINES - 1)
    begun = paragraph(words)
    # The first line of a paragraph ends a page.
    pages[2], pages[3] = [*page, begun[0]], [*begun[1:], *full_page(words, LINES - 3)]
    typography = measured(tmp_path, pages)
    assert set(found(typography)) == {PlaceKind.ORPHAN}
    assert found(typography)[PlaceKind.ORPHAN][0].page == 2
    # The last line of one begins a page.
    pages[2] = [*full_page(words, LINES - 3), *begun[:3]]
    pages[3] = [begun[3], *full_page(words, LINES - 1)]
    typography = measured(tmp_path, pages)
    assert set(found(typography)) == {PlaceKind.WIDOW}
    assert typography.figures.widows == 1
    # Two lines on either page are neither.
    pages[2] = [*full_page(words, LINES - 2), *begun[:2]]
    pages[3] = [*begun[2:], *full_page(words, LINES - 2)]
    assert found(measured(tmp_path, pages)) == {}


def test_a_line_below_code_is_no_widow(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    begun, code = paragraph(words), natural(("code",), size=7.0)
    pages[2] = [*full_page(words, LINES - 3), *begun[:3]]
    pages[3] = [code, begun[3], *full_page(words, LINES - 2)]
    assert set(found(measured(tmp_path, pages))) == set()
    pages[3] = [begun[3], *full_page(words, LINES - 1)]
    assert set(found(measured(tmp_path, pages))) == {PlaceKind.WIDOW}


@pytest.mark.parametrize(("lines", "is_short"), [(4, True), (5, False)])
def test_the_last_page_of_a_chapter(tmp_path: Path, lines: int, is_short: bool) -> None:
    words = Words()
    pages = book(words)
    pages[7] = list(paragraph(words, [1.0] * (lines - 2)))
    typography = measured(tmp_path, pages)
    assert set(found(typography)) == ({PlaceKind.SHORT_LAST_PAGE} if is_short else set())
    assert typography.figures.short_last_pages == int(is_short)


@pytest.mark.parametrize(("by", "off"), [(0.2, 0), (0.5, LINES)])
def test_lines_off_the_grid(tmp_path: Path, by: float, off: int) -> None:
    pages = book(Words())
    typography = measured(tmp_path, pages, tops={3: 500.0 - by})
    assert typography.figures.lines_off_grid == off


def test_bookmarks_name_the_sections(tmp_path: Path) -> None:
    words = Words()

    def bookmark(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            one, two = pikepdf.OutlineItem("One", 0), pikepdf.OutlineItem("Two", 8)
            # One that begins below other text is part of a section.
            inner = pikepdf.OutlineItem("Inner", 3, "XYZ", left=60, top=300)
            begins = pikepdf.OutlineItem("Begins a page", 5, "XYZ", left=60, top=512)
            one.children += [inner, begins]
            outline.root += [one, two]

    typography = measured(tmp_path, book(words), after=bookmark)
    sections = [(section.title, section.page) for section in typography.sections]
    assert sections == [("One", 0), ("Begins a page", 5), ("Two", 8)]
    whole = typography.figures.justified_lines
    assert sum(section.figures.justified_lines for section in typography.sections) == whole


def test_printed_numbers_say_which_pages_face_each_other(tmp_path: Path) -> None:
    words = Words()
    pages = book(words)
    pages[3] = full_page(words, LINES - 1)

    def number(pdf: pikepdf.Pdf) -> None:
        # Without its blank first page, a book begins with a left-hand one.
        style = pikepdf.Dictionary(S=pikepdf.Name.D, St=2)
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, style]))

    (place,) = found(measured(tmp_path, pages, after=number)).pop(PlaceKind.UNEVEN_SPREAD)
    assert place.page == 3
    pages[2] = full_page(words, LINES - 1)
    assert found(measured(tmp_path, pages, after=number)) == {}
    assert PlaceKind.UNEVEN_SPREAD in found(measured(tmp_path, pages))


@pytest.mark.parametrize(
    ("labels", "rectos"),
    [
        (["", "", ""], [True, False, True]),
        (["2", "3", "4"], [False, True, False]),
        (["i", "ii", "1", "2"], [True, False, True, False]),
        (["xi", "1", "2", ""], [True, True, False, True]),
        (["1-1", "1-2", "A"], [True, False, True]),
        (["00", "10" * 5000, "0"], [True, False, True]),
    ],
)
def test_right_hand_pages(labels: list[str], rectos: list[bool]) -> None:
    assert rectos_of(labels) == rectos
