"""Sections' documents are made once, and again when something they show has changed."""

from collections.abc import Callable
from pathlib import Path

from makeready.book.model import Book, PageMap, Section
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import UnchangedSections
from makeready.pagination.document_cache import DocumentCache, SectionDocuments
from makeready.templates.environment import Layouts
from makeready.templates.trees import Medium

BACK = '\n[cover]\nblurb = "A leaflet about *nothing*."\n'


class RebuiltBook:
    """A book whose documents are made again and again."""

    def __init__(self, folder: Path, cache: Path, layouts: Layouts) -> None:
        self.folder = folder
        self.layouts = layouts
        self._unchanged_sections = UnchangedSections(cache)
        self._cache = DocumentCache()

    def documents(self) -> list[str]:
        """Make the documents; return the names of those that were not in the cache."""
        made: list[str] = []

        def render(section: Section, _page_map: PageMap) -> str:
            made.append(section.name)
            return section.title

        book = read_book(self.folder, Findings(), lambda _: None, self._unchanged_sections)
        assert isinstance(book, Book)
        self._cache.start_run(book, self.layouts, ())
        documents = SectionDocuments(Medium.PRINT, render, self._cache)
        for section in book.sections:
            documents(section, PageMap())
        return made


def test_documents_of_a_book_with_a_blurb_are_used_again(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    toml = folder / "book.toml"
    toml.write_text(toml.read_text("utf-8") + BACK, "utf-8")
    book = RebuiltBook(folder, tmp_path / "sections", Layouts(folder))
    assert book.documents() == ["titlepage", "chapter-1", "chapter-2"]
    # The title page is a generated section.
    assert book.documents() == ["titlepage"]
    chapter = folder / "chapter-2.md"
    chapter.write_text(chapter.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert book.documents() == ["titlepage", "chapter-2"]
    toml.write_text(toml.read_text("utf-8").replace("A Leaflet", "A Leaf"), "utf-8")
    assert book.documents() == ["titlepage", "chapter-1", "chapter-2"]


def test_with_layouts_of_the_book_every_document_is_made_again(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    (folder / "styles" / "layouts").mkdir(parents=True)
    book = RebuiltBook(folder, tmp_path / "sections", Layouts(folder))
    assert book.documents() == ["titlepage", "chapter-1", "chapter-2"]
    assert book.documents() == ["titlepage", "chapter-1", "chapter-2"]


def test_with_other_layouts_every_document_is_made_again(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    book = RebuiltBook(folder, tmp_path / "sections", Layouts(folder))
    book.documents()
    book.layouts = Layouts(folder)
    assert book.documents() == ["titlepage", "chapter-1", "chapter-2"]


def test_a_document_is_cached_for_each_set_of_labels_it_shows(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = read_book(broken_book(), Findings(), lambda _: None, UnchangedSections(tmp_path))
    assert isinstance(book, Book)
    made: list[str] = []

    def render(_section: Section, page_map: PageMap) -> str:
        made.append(" ".join(page_map.label(anchor) for anchor in ("one", "two")))
        return made[-1]

    cache = DocumentCache()
    cache.start_run(book, Layouts(book.root), ())
    documents = SectionDocuments(Medium.PRINT, render, cache)
    chapter = book.section("chapter-1")

    def shown(one: str, two: str, three: str) -> str:
        return documents(chapter, PageMap({"one": one, "two": two, "three": three}))

    assert [shown("3", "4", "5"), shown("3", "4", "6"), shown("3", "5", "6")] == [
        "3 4",
        "3 4",
        "3 5",
    ]
    assert shown("3", "4", "7") == "3 4"
    assert made == ["3 4", "3 5"]
