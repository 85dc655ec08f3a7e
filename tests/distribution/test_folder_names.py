"""Which folder an edition is uploaded from."""

from __future__ import annotations

from dataclasses import replace

from conftest import BOOKS
from makeready.book.model import Edition, EditionKind
from makeready.distribution.kit import folder_names
from makeready.findings import Findings
from makeready.manuscript.reader import read_book


def test_two_editions_of_one_printer_have_folders_of_their_own() -> None:
    book = read_book(BOOKS / "garden", Findings())
    assert book is not None
    editions = (
        Edition("paperback", EditionKind.PRINT, printer="kdp"),
        Edition("large", EditionKind.PRINT, printer="kdp"),
        Edition("trade", EditionKind.PRINT, printer="ingramspark"),
        Edition("plain", EditionKind.PRINT),
        Edition("screen", EditionKind.SCREEN),
    )
    assert folder_names(replace(book, editions=editions)) == {
        "paperback": "kdp-paperback",
        "large": "kdp-large",
        "trade": "ingramspark",
        "plain": "generic",
    }
