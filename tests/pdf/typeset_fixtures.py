"""The typesetting line taken by itself, in this process."""

from __future__ import annotations

from pathlib import Path

from conftest import CACHE
from makeready.book.model import Book, Edition
from makeready.findings import Findings
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts
from makeready.manuscript.reader import read_book
from makeready.templates.environment import Layouts


def read(folder: Path) -> Book:
    """Read a book that must be whole."""
    findings = Findings()
    book = read_book(folder, findings)
    assert book is not None
    assert not findings.errors, list(findings)
    return book


def edition_of(book: Book, name: str) -> Edition:
    """Return an edition by name."""
    return next(edition for edition in book.editions if edition.name == name)


class Workshop:
    """A book made ready for typesetting, its fragments kept in ``store``."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.book = read(folder)
        self.findings = Findings()
        self.done: list[str] = []
        layouts = Layouts(self.book.root)
        fonts = load_fonts(layouts.data_file("fonts.toml"), CACHE / "faces")
        seal_fontconfig(fonts)
        # The engine is imported only after fontconfig is sealed.
        from makeready.pagination.fragment_cache import FragmentStore  # noqa: PLC0415
        from makeready.pagination.pagination import Pagination  # noqa: PLC0415
        from makeready.pagination.section_pool import SectionPool  # noqa: PLC0415

        self.pagination = Pagination(
            self.book,
            layouts,
            fonts,
            self.findings,
            SectionPool(1, 120),
            FragmentStore(store),
            self.done.append,
        )

    def interior(self, edition: str = "paperback") -> bytes:
        """Make a print interior."""
        from makeready.build.pdf_editions import make_interior  # noqa: PLC0415

        return make_interior(self.pagination, edition_of(self.book, edition)).content

    def screen(self, edition: str = "screen") -> bytes:
        """Make a screen edition."""
        from makeready.build.pdf_editions import make_screen  # noqa: PLC0415

        return make_screen(self.pagination, edition_of(self.book, edition)).content

    def reference(self, edition: str) -> bytes:
        """Make the reference rendering of an edition."""
        from makeready.pagination.reference import reference_pdf  # noqa: PLC0415

        return reference_pdf(self.pagination, edition_of(self.book, edition))[0]
