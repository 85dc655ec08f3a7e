"""What readers search for, as the forms of printers and stores take it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pikepdf import Pdf
from typeset_fixtures import edition_of, read

from makeready.distribution.listing import store_form_entries
from makeready.distribution.upload_form import form_entries
from makeready.findings import Findings, SourceLocation
from makeready.printers.print_job import print_job
from makeready.stores.store import read_store

GIVEN = """slug = "leaflet"
subjects = ["Asia, Central -- History", "Asia, Central -- Politics -- 1991-", "Interviews"]
keywords = ["steppe", "history"]
"""
WORDS = "steppe; history; Asia, Central; Politics; 1991-; Interviews"


def test_a_library_s_subject_is_as_many_words_as_it_has_parts(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder, interior = broken_book(), tmp_path / "interior.pdf"
    text = (folder / "book.toml").read_text("utf-8").replace('slug = "leaflet"\n', GIVEN)
    (folder / "book.toml").write_text(text, "utf-8")
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(360, 576))
        pdf.save(interior)
    book = read(folder)
    printed = form_entries(book, print_job(edition_of(book, "paperback")), interior)
    ebook = edition_of(book, "ebook")
    place, findings = SourceLocation("book.toml"), Findings()
    listed = store_form_entries(book, ebook, read_store("kobo"), findings, place)
    shown = [{entry.key: entry.value for entry in form}["keywords"] for form in (printed, listed)]
    assert shown == [WORDS, WORDS]
