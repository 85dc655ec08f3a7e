"""Documents of sections are made once, and again when what they show has changed."""

from collections.abc import Callable
from pathlib import Path

from conftest import BOOKS
from makeready.book.model import Book, PageMap, Section
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections
from makeready.pagination.document_cache import DocumentCache, SectionDocuments
from makeready.templates.environment import Layouts
from makeready.templates.trees import Medium

BACK = '\n[cover]\nblurb = "A leaflet about *nothing*."\n'


def test_a_book_with_a_blurb_keeps_its_documents(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    toml = folder / "book.toml"
    toml.write_text(toml.read_text("utf-8") + BACK, "utf-8")
    unchanged_sections, layouts = (
        UnchangedSections(tmp_path / "readings"),
        Layouts(BOOKS / "leaflet"),
    )
    made: list[str] = []

    def render(section: Section, _page_map: PageMap) -> str:
        made.append(section.name)
        return section.title

    def documents(kept: DocumentCache) -> list[str]:
        book = read_book(folder, Findings(), lambda _: None, unchanged_sections)
        assert isinstance(book, Book) and book.blurb is not None
        kept.begin(book, layouts, ())
        documents = SectionDocuments(Medium.PRINT, render, kept)
        made.clear()
        for section in book.sections:
            documents(section, PageMap())
        return list(made)

    kept = DocumentCache()
    assert documents(kept) == ["titlepage", "chapter-1", "chapter-2"]
    # The title page is made of the whole book.
    assert documents(kept) == ["titlepage"]
    chapter = folder / "chapter-2.md"
    chapter.write_text(chapter.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert documents(kept) == ["titlepage", "chapter-2"]
    toml.write_text(toml.read_text("utf-8").replace("A Leaflet", "A Leaf"), "utf-8")
    assert documents(kept) == ["titlepage", "chapter-1", "chapter-2"]
