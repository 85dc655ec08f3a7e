"""The command ``makeready site``: the web site of a book, in a folder to be served or opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from makeready.book.model import NO_PAGE_LIST, Book, Edition, EditionKind
from makeready.build.check_book import read_requested
from makeready.build.completeness import check_epub_complete
from makeready.build.job import prepare
from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest, BuildResult, apply_ignores
from makeready.build.session import BuildSession
from makeready.deletion import SITE
from makeready.distribution.folder import whole_folder, write_checksums
from makeready.epub.archive import pack_without_media
from makeready.epub.package import assemble
from makeready.epub.stylesheet import EPUB_SHEETS
from makeready.errors import FindingsError, UsageError
from makeready.findings import Findings
from makeready.site.pages import make_site
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import supervised_result

_FIRST_PAGE = "index.html"
_SHEETS = (*EPUB_SHEETS, "web.css")


def write_site(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Make the folder ``site`` in the output folder, in a child process."""
    prepare(request)
    with holding_output(request, report, step_seconds) as held:
        return supervised_result(_write_site, held, report, step_seconds)


def _write_site(request: BuildRequest, report: Report) -> BuildResult:
    findings = Findings()
    book = read_requested(request, findings, report)
    if book is not None:
        apply_ignores(book.ignores, findings, report_unused=False)
    if book is None or findings.errors:
        return BuildResult(findings=tuple(findings))
    # Notes and warnings about the text are shown by build and check, and not here.
    found = Findings()
    try:
        files = _files(request, book, found, report)
    except FindingsError as error:
        values = {"problem": error.message, "hint": error.hint, "edition": SITE}
        found.add("MET-091", None, **values)
        files = {}
    apply_ignores(book.ignores, found, report_unused=False)
    if files and not found.errors:
        report(Step("Writing", SITE))
        with whole_folder(request.output / SITE) as folder:
            for path, content in files.items():
                _write(folder / path, content)
            write_checksums(folder)
        return BuildResult(findings=tuple(found), folders=(f"{SITE}/{_FIRST_PAGE}",))
    return BuildResult(findings=tuple(found))


def _files(request: BuildRequest, book: Book, found: Findings, report: Report) -> dict[str, bytes]:
    edition = _edition(request, book)
    session = BuildSession(request, None)
    try:
        layouts = session.layouts(book.root)
        report(Step("Preparing fonts"))
        fonts = session.fonts(layouts)
        own = session.notes.book_of(book, edition)
        report(Step("Packing", SITE))
        images = session.images
        publication = assemble(own, edition, layouts, fonts, None, images, found, _SHEETS)
        content = pack_without_media(publication, book.metadata.modified)
        check_epub_complete(own, layouts, edition, publication, content, found)
        report(Step("Drawing cover", SITE))
        picture = session.cover(book, layouts, fonts).result()
        return make_site(own, layouts, publication, picture.jpeg)
    finally:
        session.close()


def _edition(request: BuildRequest, book: Book) -> Edition:
    """Return the e-book that the site is made of; a book without one has it made up."""
    ebooks = [edition for edition in book.editions if edition.kind is EditionKind.EPUB]
    if request.editions:
        ebooks = [e for e in request.editions_of(book) if e.kind is EditionKind.EPUB]
        if not ebooks:
            raise UsageError(
                "A web site is made of an edition of the kind epub.",
                "Leave the name out, or name such an edition.",
            )
    edition = ebooks[0] if ebooks else Edition(SITE, EditionKind.EPUB)
    return replace(edition, page_list=NO_PAGE_LIST)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
