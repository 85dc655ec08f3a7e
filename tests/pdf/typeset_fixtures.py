"""Books typeset in the test's own process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conftest import CACHE
from makeready.book.model import Book, Edition
from makeready.findings import Findings
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_fonts
from makeready.manuscript.reader import read_book
from makeready.printers.print_job import PrintJob, print_job, shown_edition
from makeready.templates.environment import Layouts

if TYPE_CHECKING:
    from makeready.pagination.pagination import Paginated


def read(folder: Path) -> Book:
    """Read a book that must have no errors."""
    findings = Findings()
    book = read_book(folder, findings)
    assert book is not None
    assert not findings.errors, list(findings)
    return book


def edition_of(book: Book, name: str) -> Edition:
    """Return an edition by name."""
    return next(edition for edition in book.editions if edition.name == name)


class TypesetBook:
    """A book to typeset, with its fragments in ``store``; ``done`` has the typeset sections."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.book = read(folder)
        self.findings = Findings()
        self.done: list[str] = []
        layouts = Layouts(self.book.root)
        fonts = load_fonts(layouts.data_files("fonts.toml")[-1], CACHE / "faces")
        seal_fontconfig(fonts)
        # The engine is imported only after fontconfig is sealed.
        from makeready.pagination.fragment_cache import FragmentCache  # noqa: PLC0415
        from makeready.pagination.pagination import Pagination  # noqa: PLC0415
        from makeready.pagination.section_pool import SectionPool  # noqa: PLC0415

        self.pagination = Pagination(
            self.book,
            layouts,
            fonts,
            self.findings,
            SectionPool(1, 120),
            FragmentCache(store),
            self.done.append,
        )

    def job(self, edition: str) -> PrintJob:
        """Return the print job whose pages an edition shows."""
        return print_job(shown_edition(edition_of(self.book, edition), self.book))

    def paginate(self, edition: str) -> Paginated:
        """Typeset an edition until its page numbers hold."""
        return self.pagination.paginate(edition_of(self.book, edition), self.job(edition))

    def interior(self, edition: str = "paperback") -> bytes:
        """Make a print interior."""
        from makeready.build.pdf_editions import link_interior  # noqa: PLC0415

        return link_interior(self.pagination, self.job(edition)).content

    def screen(self, edition: str = "screen") -> bytes:
        """Make a screen edition."""
        from makeready.build.pdf_editions import link_screen  # noqa: PLC0415

        job, screen = self.job(edition), edition_of(self.book, edition)
        return link_screen(self.pagination, screen, job).content

    def reference(self, edition: str) -> bytes:
        """Make the reference rendering of an edition."""
        from makeready.pagination.reference import reference_pdf  # noqa: PLC0415

        return reference_pdf(self.book, self.paginate(edition))[0]
