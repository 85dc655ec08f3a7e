"""What is wrong with letters on a page is told with the line of the manuscript they are from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from check_samples import INTERIOR
from pikepdf import Dictionary, Name

from conftest import BOOKS
from makeready.book.model import Book
from makeready.checks.print.full_interior import check_interior_pages
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.printers.profile import read_profile


@pytest.fixture(scope="module")
def leaflet() -> Book:
    book = read_book(BOOKS / "leaflet", Findings())
    assert book is not None
    return book


def tiny(path: Path, text: str) -> Path:
    """Write two pages, with a text in type too small on the second."""
    with pikepdf.new() as pdf:
        for _ in range(2):
            page = pdf.add_blank_page(page_size=(360, 576))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F=font))
        page.contents_add(f"BT /F 6 Tf 100 300 Td ({text}) Tj ET".encode())
        pdf.save(path)
    return path


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A first paragraph, with a note.", "chapter-1.md:3"),
        ("A second, which points to", "chapter-1.md:5"),
        ("The end is here", "chapter-2.md:3"),
        ("An end that is nowhere", "book.pdf"),
        # Too short to be known again.
        ("is here.", "book.pdf"),
    ],
)
def test_a_text_too_small(leaflet: Book, text: str, place: str, tmp_path: Path) -> None:
    findings = Findings()
    requirements = replace(INTERIOR, profile=read_profile("generic"))
    check_interior_pages(tiny(tmp_path / "book.pdf", text), requirements, findings, leaflet)
    assert [(f.id, str(f.location)) for f in findings] == [
        ("PRN-004", "book.pdf"),
        ("PRN-044", place),
    ]
