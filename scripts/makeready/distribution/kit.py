"""The command ``makeready kit``: an upload folder for each printer and store."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import InitVar, asdict, dataclass, field
from pathlib import Path

import pypdfium2

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.check_book import check_printed, read_requested, unsupported_reported
from makeready.build.manifest import Artefact, finished_files
from makeready.build.open_queries import report_open_queries
from makeready.build.output_folder import holding_output
from makeready.build.request import WRAP, BuildRequest, BuildResult, apply_ignores
from makeready.distribution.folder import as_json, delete_folder, whole_folder, write_checksums
from makeready.distribution.missing import check_missing, cover_refusal
from makeready.distribution.store_folders import pack_for_stores
from makeready.distribution.upload_form import FormEntry, form_entries
from makeready.errors import MissingToolError
from makeready.findings import Finding, Findings
from makeready.printers.print_job import PrintJob, print_job
from makeready.printers.profile import GENERIC
from makeready.templates.environment import Layouts
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import supervised_result

KIT = "kit"
FORM = "form.html"
_THUMBNAIL_PX = 160


def make_kits(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Make the upload folders of the requested editions, in a child process."""
    with holding_output(request, report, step_seconds) as held:
        try:
            return supervised_result(_make_kits, held, report, step_seconds)
        except MissingToolError as error:
            reason = error.message.rstrip(".")
            raise MissingToolError(
                f"{reason}; a kit has only e-books that EPUBCheck has read.", error.hint
            ) from error


def _make_kits(request: BuildRequest, report: Report) -> BuildResult:
    findings = Findings()
    book = read_requested(request, findings, report)
    if book is None:
        return BuildResult(findings=tuple(findings))
    artefacts = finished_files(request.output, book.metadata.slug)
    report_open_queries(request, book, findings)
    apply_ignores(book.ignores, findings, report_unused=False)
    book_has_errors = bool(findings.errors)
    names = folder_names(book)
    made_folders: list[str] = []
    for edition in request.editions_of(book):
        if edition.kind is EditionKind.EPUB:
            folders = request.output / KIT
            printer_folders = frozenset(names.values())
            made_folders += pack_for_stores(
                request,
                book,
                edition,
                artefacts,
                folders,
                printer_folders,
                findings,
                report,
                book_has_errors=book_has_errors,
            )
        if edition.name in names and not request.stores:
            with unsupported_reported(edition, findings):
                folder = _PrinterFolder(request, book, print_job(edition), artefacts)
                name = names[edition.name]
                made = folder.make(name, report, book_has_errors=book_has_errors)
                findings.extend(made, edition.name)
                if not made.errors:
                    made_folders.append(name)
    forms = tuple(f"{KIT}/{name}/{FORM}" for name in made_folders)
    return BuildResult(findings=tuple(findings), folders=forms)


@dataclass
class _PrinterFolder:
    """The upload folder of one print edition."""

    request: BuildRequest
    book: Book
    job: PrintJob
    artefacts: InitVar[Sequence[Artefact]]
    own: list[Artefact] = field(init=False)
    """The finished files of this edition."""

    def __post_init__(self, artefacts: Sequence[Artefact]) -> None:
        self.own = [a for a in artefacts if a.edition == self.job.edition.name]

    def make(self, name: str, report: Report, *, book_has_errors: bool) -> Findings:
        """Check the files and copy them to the folder ``name``, unless they cannot be uploaded."""
        found = Findings()
        check_printed(self.request, self.book, self.job, self.own, found, report)
        apply_ignores(self.book.ignores, found, report_unused=False)
        target = self.request.output / KIT / name
        edition = self.job.edition.name
        reason = self._obstacle(found, book_has_errors=book_has_errors)
        if reason:
            # The folder of an earlier run must not be uploaded instead.
            delete_folder(target)
            found.add("PRN-064", self.job.location(), edition=edition, reason=reason)
            return found
        report(Step("Packing", edition))
        missing = Findings()
        check_missing(self.job, self._pages, missing)
        apply_ignores(self.book.ignores, missing, report_unused=False)
        found.extend(missing)
        with whole_folder(target) as folder:
            self._fill(folder, tuple(found), tuple(missing))
        return found

    def _obstacle(self, found: Findings, *, book_has_errors: bool) -> str:
        """Return why the edition cannot be uploaded; empty if it can."""
        if book_has_errors:
            return "the book has errors"
        if not any(artefact.kind == EditionKind.PRINT for artefact in self.own):
            return "its interior has not been built"
        if any(artefact.outdated for artefact in self.own):
            return "its files are out of date"
        if found.errors:
            return "its files have errors"
        has_cover = any(artefact.kind == WRAP for artefact in self.own)
        if not has_cover and cover_refusal(self.job, self._pages) is None:
            return "its cover has not been built"
        return ""

    @property
    def _pages(self) -> int:
        return next((a.pages or 0 for a in self.own if a.kind == EditionKind.PRINT), 0)

    def _fill(self, folder: Path, found: Sequence[Finding], missing: Sequence[Finding]) -> None:
        interior = next(a for a in self.own if a.kind == EditionKind.PRINT)
        covers = [a for a in self.own if a.kind == WRAP]
        rules, isbn = self.job.profile.rules.file, self.job.edition.isbn
        names = []
        patterns = [(interior, rules.interior_name), *((a, rules.cover_name) for a in covers)]
        for artefact, pattern in patterns:
            name = pattern.format(isbn=isbn) if pattern and isbn else artefact.path
            shutil.copyfile(self.request.output / artefact.path, folder / name)
            names.append(name)
        form = form_entries(self.book, self.job, self.request.output / interior.path)
        _write_pages(folder, self.book, self.job.edition, form, names, found, missing)
        write_checksums(folder)


def folder_names(book: Book) -> dict[str, str]:
    """Return the folder of each print edition: its printer, with its own name if there are two."""
    printed = [edition for edition in book.editions if edition.kind is EditionKind.PRINT]
    counts = Counter(edition.printer or GENERIC for edition in printed)
    return {
        edition.name: printer if counts[printer] == 1 else f"{printer}-{edition.name}"
        for edition in printed
        for printer in [edition.printer or GENERIC]
    }


def _write_pages(
    folder: Path,
    book: Book,
    edition: Edition,
    form: Sequence[FormEntry],
    files: Sequence[str],
    found: Sequence[Finding],
    missing: Sequence[Finding],
) -> None:
    """Write the values for the upload form and the report of the check, as HTML and as JSON."""
    layouts = Layouts(book.root)
    thumbnails = [one for name in files for one in _write_thumbnails(folder, name)]
    shared = {"metadata": book.metadata, "edition": edition, "files": files}
    pages = {
        "form.html": layouts.render("kit-form", entries=form, missing=missing, **shared),
        "report.html": layouts.render("kit-report", found=found, thumbnails=thumbnails, **shared),
        "form.json": as_json({entry.key: entry.value for entry in form}),
        "report.json": as_json({"files": files, "findings": [asdict(one) for one in found]}),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")


def _write_thumbnails(folder: Path, name: str) -> list[dict[str, str]]:
    """Write a thumbnail of every page of a file, and return their paths and page numbers."""
    pictures = folder / "pages"
    pictures.mkdir(exist_ok=True)
    made = []
    with pypdfium2.PdfDocument(folder / name) as document:
        for number, page in enumerate(document, start=1):
            scale = _THUMBNAIL_PX / max(page.get_width(), 1)
            if len(document) == 1:
                scale *= 4
            picture = f"{Path(name).stem}-{number:04d}.png"
            page.render(scale=scale).to_pil().save(pictures / picture)
            page.close()
            made.append({"source": f"pages/{picture}", "file": name, "number": str(number)})
    return made
