"""Documents of sections are made once, and again when what they show has changed."""

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


class Desk:
    """A book whose documents are made again and again, and the names of those made each time."""

    def __init__(self, folder: Path, cache: Path, layouts: Layouts) -> None:
        self.folder = folder
        self.layouts = layouts
        self._unchanged_sections = UnchangedSections(cache)
        self._kept = DocumentCache()

    def documents(self) -> list[str]:
        made: list[str] = []

        def render(section: Section, _page_map: PageMap) -> str:
            made.append(section.name)
            return section.title

        book = read_book(self.folder, Findings(), lambda _: None, self._unchanged_sections)
        assert isinstance(book, Book)
        self._kept.begin(book, self.layouts, ())
        documents = SectionDocuments(Medium.PRINT, render, self._kept)
        for section in book.sections:
            documents(section, PageMap())
        return made


def test_a_book_with_a_blurb_keeps_its_documents(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    toml = folder / "book.toml"
    toml.write_text(toml.read_text("utf-8") + BACK, "utf-8")
    desk = Desk(folder, tmp_path / "readings", Layouts(folder))
    assert desk.documents() == ["titlepage", "chapter-1", "chapter-2"]
    # The title page is made of the whole book.
    assert desk.documents() == ["titlepage"]
    chapter = folder / "chapter-2.md"
    chapter.write_text(chapter.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert desk.documents() == ["titlepage", "chapter-2"]
    toml.write_text(toml.read_text("utf-8").replace("A Leaflet", "A Leaf"), "utf-8")
    assert desk.documents() == ["titlepage", "chapter-1", "chapter-2"]


def test_a_book_with_layouts_of_its_own_keeps_none(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    (folder / "styles" / "layouts").mkdir(parents=True)
    desk = Desk(folder, tmp_path / "readings", Layouts(folder))
    assert desk.documents() == ["titlepage", "chapter-1", "chapter-2"]
    assert desk.documents() == ["titlepage", "chapter-1", "chapter-2"]


def test_other_layouts_make_every_document_again(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    folder = broken_book()
    desk = Desk(folder, tmp_path / "readings", Layouts(folder))
    desk.documents()
    desk.layouts = Layouts(folder)
    assert desk.documents() == ["titlepage", "chapter-1", "chapter-2"]


def test_a_document_is_kept_for_each_set_of_page_numbers_that_it_shows(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book = read_book(broken_book(), Findings(), lambda _: None, UnchangedSections(tmp_path))
    assert isinstance(book, Book)
    made: list[str] = []

    def render(_section: Section, page_map: PageMap) -> str:
        made.append(" ".join(page_map.label(anchor) for anchor in ("one", "two")))
        return made[-1]

    kept = DocumentCache()
    kept.begin(book, Layouts(book.root), ())
    documents = SectionDocuments(Medium.PRINT, render, kept)
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
