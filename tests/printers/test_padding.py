"""Padding: blank pages to the multiple, and to the minimum if few are missing."""

from __future__ import annotations

import pytest

from makeready.book.model import Edition, EditionKind
from makeready.printers.padding import Padding, padding_of
from makeready.printers.print_job import print_job


@pytest.mark.parametrize(
    ("pages", "blanks", "for_minimum"),
    [
        (21, 3, False),  # to the multiple alone: 32 are more than ten away
        (22, 10, True),
        (28, 4, True),
        (31, 1, False),
        (32, 0, False),
        (33, 3, False),
    ],
)
def test_a_book_is_padded_to_the_minimum_with_at_most_ten_blanks(
    pages: int, blanks: int, for_minimum: bool
) -> None:
    padding = Padding(multiple=4, minimum_pages=32, maximum_blanks=10)
    assert (padding.blanks_after(pages), padding.adds_for_minimum(pages)) == (blanks, for_minimum)


def test_the_minimum_is_rounded_up_and_the_last_page_is_blank() -> None:
    padding = Padding(multiple=4, last_blank=True, minimum_pages=18, maximum_blanks=10)
    assert [pages + padding.blanks_after(pages) for pages in (15, 16, 19, 20)] == [20, 20, 20, 24]


@pytest.mark.parametrize(
    ("printer", "paper", "expected"),
    [
        ("kdp", "cream", Padding(2, minimum_pages=24, maximum_blanks=10)),
        ("lulu", "cream", Padding(4, minimum_pages=32, maximum_blanks=10)),
        ("ingramspark", "cream", Padding(2, last_blank=True, minimum_pages=18, maximum_blanks=10)),
        ("bnpress", "", Padding(2, minimum_pages=18, maximum_blanks=10)),
        ("generic", "", Padding(2, minimum_pages=2, maximum_blanks=10)),
    ],
)
def test_the_padding_of_each_printer(printer: str, paper: str, expected: Padding) -> None:
    edition = Edition("one", EditionKind.PRINT, printer=printer, paper=paper)
    assert padding_of(print_job(edition)) == expected


def test_a_book_that_its_printer_does_not_make_has_no_minimum() -> None:
    edition = Edition("one", EditionKind.PRINT, 380.0, 580.0, printer="ingramspark", paper="cream")
    padding = padding_of(print_job(edition))
    assert padding == Padding(2, last_blank=True, minimum_pages=0, maximum_blanks=10)
    assert padding.blanks_after(4) == 2
