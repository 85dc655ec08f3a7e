"""``makeready check``: read the book again, and check every finished file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.manifest import Artefact, finished_files
from makeready.build.request import WRAP, BuildRequest, BuildResult, apply_ignores
from makeready.cache import DiskCache
from makeready.checks.epub.epub import check_epub
from makeready.checks.epub.store_rules import check_stores
from makeready.checks.print.cover import check_cover, cover_requirements_of
from makeready.checks.print.full_interior import check_interior_pages
from makeready.checks.print.requirements import requirements_of
from makeready.checks.print.screen_pdf import check_screen
from makeready.checks.tagged_pdf.tagged_pdf import check_tagged_file, check_tagged_screen
from makeready.errors import MissingToolError, UsageError
from makeready.external.epubcheck import report_cache
from makeready.findings import Finding, Findings, SourceLocation, relocated
from makeready.manuscript.reader import read_book
from makeready.manuscript.reuse import READINGS, UnchangedSections
from makeready.printers.print_job import PrintJob, print_job
from makeready.printers.unsupported import UnsupportedError
from makeready.stores.store import Store, read_store
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import supervised_result

_SHARE_OF_VALIDATORS = 0.8
"""The share of a step's time limit within which EPUBCheck or veraPDF has to finish."""
_PIXELS = re.compile(r"\d+ × \d+ pixels")
_COARSE_IMAGES = ("PRN-046", "PRN-048", "PRN-047")
"""The rules of the resolution of images: that which is an error, then those of warnings."""


def check_book(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Check a book and its finished files, or the files named, in child processes."""
    if request.files:
        return _check_files(request, report, step_seconds)
    return supervised_result(_check_book, request, report, step_seconds)


def _check_files(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Check e-books and tagged PDFs of any program, each by itself."""
    findings = Findings()
    stores = tuple(map(read_store, request.stores))
    for path in request.files:
        if not path.is_file():
            raise UsageError(f"File not found: {path.as_posix()}.", "Check the path.")
        if path.suffix.lower() not in (".epub", ".pdf"):
            raise UsageError(
                f"{path.name} ends in neither .epub nor .pdf.",
                "Name such files; without FILES the book's own are checked.",
            )
    reports = report_cache(request.cache)
    check_ebook_file = partial(
        _ebook_findings, stores=stores, seconds=step_seconds, reports=reports
    )
    for path in request.files:
        is_ebook = path.suffix.lower() == ".epub"
        work = check_ebook_file if is_ebook else partial(_tag_findings, seconds=step_seconds)
        found = run_limited(work, path, report, step_seconds)
        if isinstance(found, Stopped):
            location = SourceLocation(path.as_posix())
            rule = "EPU-018" if is_ebook else "PRN-069"
            findings.add(rule, location, reason=found.reason, hint=found.hint)
            continue
        for finding in found:
            findings.append(_with_folder(finding, path.parent))
    return BuildResult(findings=tuple(findings))


def _with_folder(finding: Finding, folder: Path) -> Finding:
    """Return a finding with the folder of its file, if it is about a file."""
    place = finding.location
    if place is None:
        return finding
    return relocated(finding, SourceLocation((folder / place.path).as_posix(), place.line))


def _ebook_findings(
    path: Path,
    report: Report,
    *,
    stores: Sequence[Store],
    seconds: float,
    reports: DiskCache,
) -> Findings:
    """Return what is found in an e-book of any program."""
    report(Step("Checking", path.name))
    found = Findings()
    with _missing_tool_reported(found):
        # The rest of the time limit is for the other checks.
        check_epub(path, found, seconds * _SHARE_OF_VALIDATORS, stores, reports)
    return found


def _tag_findings(path: Path, report: Report, *, seconds: float) -> Findings:
    """Return what is found in the tags of a PDF of any program."""
    report(Step("Checking", path.name))
    found = Findings()
    # The rest of the time limit is for our own rules.
    check_tagged_file(path, found, seconds * _SHARE_OF_VALIDATORS)
    return found


@contextmanager
def _missing_tool_reported(findings: Findings) -> Iterator[None]:
    """Make a finding of a missing Java or EPUBCheck, which is used after all other checks."""
    try:
        yield
    except MissingToolError as error:
        findings.add("EPU-013", reason=error.message.rstrip("."), hint=error.hint)


def stores_of(request: BuildRequest, edition: Edition) -> tuple[Store, ...]:
    """Return the stores an e-book is checked for: those requested, else its own, if any."""
    return tuple(map(read_store, request.stores or edition.stores or ()))


def _check_book(request: BuildRequest, report: Report) -> BuildResult:
    findings = Findings()
    book = read_requested(request, findings, report)
    if book is None:
        return BuildResult(findings=tuple(findings))
    artefacts = finished_files(request.output, book.metadata.slug)
    editions = {edition.name: edition for edition in book.editions}
    for artefact in artefacts:
        report(Step("Checking", artefact.path))
        edition = editions.get(artefact.edition)
        if artefact.outdated:
            findings.add("MET-092", SourceLocation(artefact.path), edition=artefact.edition)
        if edition is not None:
            _check_one(request, book, edition, artefact, artefacts, findings, report)
    apply_ignores(book.ignores, findings, report_unused=False)
    return BuildResult(findings=tuple(_images_once(findings)))


def _images_once(findings: Findings) -> Findings:
    """Return findings with one for each image and line that is too coarse, the gravest one.

    Its editions are all those in which it is.
    """
    gravest: dict[tuple[SourceLocation, str], Finding] = {}
    editions: dict[tuple[SourceLocation, str], dict[str, None]] = {}
    for finding in findings:
        if (image := _image_of(finding)) is not None:
            editions.setdefault(image, {}).update(dict.fromkeys(finding.editions))
            known = gravest.setdefault(image, finding)
            if _COARSE_IMAGES.index(finding.id) < _COARSE_IMAGES.index(known.id):
                gravest[image] = finding
    once = Findings()
    for finding in findings:
        image = _image_of(finding)
        if image is None:
            once.append(finding)
        elif finding == gravest[image]:
            once.append(replace(finding, editions=tuple(editions[image])))
    return once


def _image_of(finding: Finding) -> tuple[SourceLocation, str] | None:
    """Return the line and the pixels of an image that a finding is about; None for others."""
    place, pixels = finding.location, _PIXELS.search(finding.message)
    if finding.id not in _COARSE_IMAGES or place is None or place.line is None or pixels is None:
        return None
    return place, pixels[0]


def read_requested(request: BuildRequest, findings: Findings, report: Report) -> Book | None:
    """Read the requested book; unchanged sections come from the cache."""
    unchanged_sections = UnchangedSections(request.cache / READINGS)
    return read_book(
        request.book, findings, lambda name: report(Step("Reading", name)), unchanged_sections
    )


def check_printed(
    request: BuildRequest,
    book: Book,
    job: PrintJob,
    artefacts: Sequence[Artefact],
    findings: Findings,
    report: Report,
) -> None:
    """Check the finished files of one print edition."""
    for artefact in artefacts:
        report(Step("Checking", artefact.path))
        _check_one(request, book, job.edition, artefact, artefacts, findings, report)


def check_ebook(request: BuildRequest, path: Path, findings: Findings, report: Report) -> None:
    """Check a finished e-book without the rules of any store."""
    report(Step("Checking", path.name))
    check_epub(path, findings, reports=report_cache(request.cache))


def check_for_store(path: Path, store: Store, findings: Findings, report: Report) -> None:
    """Check a finished e-book against the rules of one store."""
    report(Step("Checking", f"{path.name} for {store.title}"))
    check_stores(path, (store,), findings)


def _check_one(
    request: BuildRequest,
    book: Book,
    edition: Edition,
    artefact: Artefact,
    artefacts: Sequence[Artefact],
    findings: Findings,
    report: Report,
) -> None:
    path, found = request.output / artefact.path, Findings()
    if artefact.kind == EditionKind.EPUB:
        with _missing_tool_reported(findings):
            reports = report_cache(request.cache)
            check_epub(path, found, stores=stores_of(request, edition), reports=reports)
    elif artefact.kind == EditionKind.SCREEN:
        check_screen(path, edition, found)
        check_tagged_screen(path, found, book)
    elif artefact.kind == EditionKind.PRINT:
        with unsupported_reported(edition, found):
            tell = partial(_report_progress, report)
            requirements = requirements_of(print_job(edition))
            check_interior_pages(path, requirements, found, book, tell)
    elif artefact.kind == WRAP:
        _check_wrap(path, book, edition, _pages_of(edition, artefacts), found)
    findings.extend(found, edition.name)


def _report_progress(report: Report, pages: str) -> None:
    report(Step("Measuring", pages))


def _pages_of(edition: Edition, artefacts: Sequence[Artefact]) -> int | None:
    """Return how many pages the interior of an edition has; None if it has not been made."""
    interiors = (a for a in artefacts if a.edition == edition.name and a.kind == EditionKind.PRINT)
    return next((interior.pages for interior in interiors), None)


def _check_wrap(
    path: Path, book: Book, edition: Edition, pages: int | None, findings: Findings
) -> None:
    """Check a printed cover against its printer and the page count of its interior."""
    if not pages:
        findings.add("COV-037", SourceLocation(path.name), edition=edition.name)
        return
    with unsupported_reported(edition, findings):
        requirements = cover_requirements_of(print_job(edition), pages, book.metadata)
        check_cover(path, requirements, findings)


@contextmanager
def unsupported_reported(edition: Edition, findings: Findings) -> Iterator[None]:
    """Report what an edition's printer does not make as a finding, instead of raising it."""
    try:
        yield
    except UnsupportedError as error:
        findings.add(
            "PRN-020",
            edition.location(error.key),
            edition=edition.name,
            problem=error.message,
            hint=error.hint,
        )
