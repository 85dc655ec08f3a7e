"""A book that is a few leaves too thin is filled up to what its printer binds, no other."""

from __future__ import annotations

import pytest

from makeready.book.model import Edition, EditionKind
from makeready.printers.padding import Padding, padding_of


@pytest.mark.parametrize(
    ("pages", "blanks", "thickens"),
    [
        (21, 3, False),  # to the multiple alone: 32 are more than ten away
        (22, 10, True),
        (28, 4, True),
        (31, 1, False),
        (32, 0, False),
        (33, 3, False),
    ],
)
def test_no_more_than_ten_blank_pages_make_a_book_thick_enough(
    pages: int, blanks: int, thickens: bool
) -> None:
    padding = Padding(multiple=4, least=32, most_blanks=10)
    assert (padding.blanks_after(pages), padding.thickens(pages)) == (blanks, thickens)


def test_the_least_is_rounded_up_to_the_multiple_and_the_last_page_stays_blank() -> None:
    padding = Padding(multiple=4, last_blank=True, least=18, most_blanks=10)
    assert [pages + padding.blanks_after(pages) for pages in (15, 16, 19, 20)] == [20, 20, 20, 24]


@pytest.mark.parametrize(
    ("printer", "paper", "expected"),
    [
        ("kdp", "cream", Padding(2, least=24, most_blanks=10)),
        ("lulu", "cream", Padding(4, least=32, most_blanks=10)),
        ("ingramspark", "cream", Padding(2, last_blank=True, least=18, most_blanks=10)),
        ("bnpress", "", Padding(2, least=18, most_blanks=10)),
        ("generic", "", Padding(2, least=2, most_blanks=10)),
    ],
)
def test_each_printer_is_filled_up_for_by_its_own_figures(
    printer: str, paper: str, expected: Padding
) -> None:
    assert padding_of(Edition("one", EditionKind.PRINT, printer=printer, paper=paper)) == expected
