"""The check of finished files for every block of the manuscript, with what it needs to know."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from ebooklib.epub import EpubBook

from makeready.book.model import Book, Edition, EditionKind, PageBreak
from makeready.build.context import BuildContext
from makeready.build.pdf_editions import FinishedPdf
from makeready.cache import DiskCache
from makeready.checks.completeness.editions import (
    CompletenessCheck,
    SectionDocument,
    SectionPages,
)
from makeready.epub.navigation import NAVIGATION_KIND
from makeready.epub.package import document_path, has_document
from makeready.findings import Findings
from makeready.templates.environment import Layouts
from makeready.templates.references import epub_resolver, paged_resolver

_STYLESHEETS = {
    EditionKind.PRINT: ("book.css", "print.css"),
    EditionKind.SCREEN: ("book.css", "print.css", "screen.css"),
    EditionKind.EPUB: ("book.css", "epub.css"),
}


def check_pages_complete(
    context: BuildContext, edition: Edition, path: Path, finished: FinishedPdf, found: Findings
) -> None:
    """Report the blocks of the manuscript that a finished PDF does not show once and in order."""
    book = context.book_of(edition)
    resolve = paged_resolver(book, finished.page_map)
    check = _check(book, context.layouts, edition, found, context.session.proved)
    check.check_pdf(path, _section_pages(edition, finished), resolve)


def check_epub_complete(
    book: Book,
    layouts: Layouts,
    edition: Edition,
    publication: EpubBook,
    content: BytesIO,
    found: Findings,
    proved: DiskCache | None = None,
) -> None:
    """Report the blocks of the manuscript that an EPUB does not have once and in order.

    ``content`` is the publication packed. ``proved`` keeps the keys of sections that were proved.
    """
    documents = _section_documents(book, publication)
    _check(book, layouts, edition, found, proved).check_epub(content, documents)


def _check(
    book: Book,
    layouts: Layouts,
    edition: Edition,
    found: Findings,
    proved: DiskCache | None,
) -> CompletenessCheck:
    css = "\n".join(layouts.book_rules(name) for name in _STYLESHEETS[edition.kind])
    return CompletenessCheck(book, css, found, proved)


def _section_pages(edition: Edition, finished: FinishedPdf) -> Iterator[SectionPages]:
    """Yield the pages of each section; a screen edition has a cover before them and no blanks."""
    solution = finished.paginated.solution
    count = 1
    for placed in solution.imposition.sections:
        starts = [
            PageBreak("", start.line, start.occurrence, start.letters)
            for start in solution.fragments[placed.section.name].page_starts
        ]
        first = placed.first_index if edition.kind is EditionKind.PRINT else count
        yield SectionPages(placed.section, first, starts)
        count += placed.page_count


def _section_documents(book: Book, publication: EpubBook) -> Iterator[SectionDocument]:
    for section in book.sections:
        if section.kind.name != NAVIGATION_KIND and has_document(section):
            path = document_path(publication, section.name)
            yield SectionDocument(section, path, epub_resolver(book, section.name))
