"""The command ``makeready onix``: ONIX messages from a book's finished files."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.model import Book, Edition
from makeready.build.check_book import read_requested
from makeready.build.manifest import Artefact, add_to_manifest, describe, finished_files
from makeready.build.output_folder import holding_output
from makeready.build.request import ONIX, BuildRequest, BuildResult, apply_ignores
from makeready.files import write_whole
from makeready.findings import Findings, SourceLocation
from makeready.onix.message import RELEASES, message
from makeready.onix.missing_metadata import report_missing
from makeready.onix.products import editions_sold, products_of
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import supervised_result


def make_onix(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Write a message for each release of ONIX, in a child process."""
    with holding_output(request, report, step_seconds) as held:
        return supervised_result(_make_onix, held, report, step_seconds)


def _make_onix(request: BuildRequest, report: Report) -> BuildResult:
    book_findings = Findings()
    book = read_requested(request, book_findings, report)
    if book is not None:
        apply_ignores(book.ignores, book_findings, report_unused=False)
    if book is None or book_findings.errors:
        return BuildResult(findings=tuple(book_findings))
    # Notes and warnings about the text are shown by build and check, and not here.
    findings = Findings()
    artefacts = finished_files(request.output, book.metadata.slug)
    ordered = {edition.name for edition in request.editions_of(book)}
    editions = [edition for edition in editions_sold(book) if edition.name in ordered]
    written: list[Artefact] = []
    if editions and _are_all_current(editions, artefacts, findings):
        report(Step("Writing ONIX"))
        products = products_of(book, editions, artefacts, request.output)
        report_missing(book, products, findings)
        for release in RELEASES:
            name = f"{book.metadata.slug}-onix-{release}.xml"
            content = message(book.metadata, products, release)
            write_whole(request.output / name, content, request.temporary_folder)
            slug = book.metadata.slug
            written.append(describe(request.output, name, "", ONIX, book=slug))
        add_to_manifest(request.output, written, request.temporary_folder)
    apply_ignores(book.ignores, findings, report_unused=False)
    return BuildResult(tuple(written), tuple(findings))


def _are_all_current(
    editions: Sequence[Edition], artefacts: Sequence[Artefact], findings: Findings
) -> bool:
    """Return whether the file of every edition exists and is current; report those that are not."""
    for edition in editions:
        if reason := not_current_reason(edition, artefacts):
            findings.add(
                "ONX-011", SourceLocation("book.toml"), edition=edition.name, reason=reason
            )
    return not findings.errors


def not_current_reason(edition: Edition, artefacts: Sequence[Artefact]) -> str:
    """Return why an edition's file is missing or out of date; empty if it is current."""
    own = [a for a in artefacts if a.edition == edition.name and a.kind == edition.kind]
    if not own:
        return "it has not been built"
    return "its file is out of date" if any(a.outdated for a in own) else ""


def edition_messages(
    book: Book,
    edition: Edition,
    artefacts: Sequence[Artefact],
    request: BuildRequest,
    findings: Findings,
) -> dict[str, bytes]:
    """Return the messages about one edition, by file name."""
    products = products_of(book, (edition,), artefacts, request.output)
    report_missing(book, products, findings)
    return {
        f"{book.metadata.slug}-onix-{release}.xml": message(book.metadata, products, release)
        for release in RELEASES
    }
