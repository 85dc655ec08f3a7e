"""One run of a build: the book is read, and every edition requested is made and checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.context import BuildContext, report_refusals
from makeready.build.cover_picture import make_cover_picture
from makeready.build.drawing_fonts import report_missing_families
from makeready.build.font_findings import keep_first_of_scripts
from makeready.build.manifest import Artefact, write_manifest
from makeready.build.open_queries import OPEN_QUERIES, report_open_queries
from makeready.build.page_findings import add_findings_of_pages
from makeready.build.request import (
    BuildRequest,
    BuildResult,
    apply_ignores,
    passes,
    report_not_made,
)
from makeready.build.session import BuildSession
from makeready.build.web_links import report_hidden_addresses
from makeready.findings import Findings
from makeready.manuscript.reader import read_book
from makeready.workers.profile import Profiler
from makeready.workers.progress import Report, Step


def make_book(request: BuildRequest, report: Report, session: BuildSession) -> BuildResult:
    """Read the book and make what is requested of it."""
    profiler, findings = Profiler(), Findings()
    with session.reading_ahead():
        session.start_cover()
        session.start_fonts()
        with profiler.stage("Reading"):
            book = read_book(
                request.book,
                findings,
                lambda name: report(Step("Reading", name)),
                session.unchanged_sections,
            )
    written: list[Artefact] = []
    if book is not None:
        if request.release:
            report_open_queries(request, book, findings)
        sound = passes(book.ignores, findings)
        findings = _with_refusals(request, book, findings)
        context = BuildContext(request, book, findings, report, profiler, session, sound)
        if request.proof is not None:
            from makeready.build.proof_context import proof_context  # noqa: PLC0415 - few need it

            context.proof = proof_context(request, book)
        with context.errors_reported():
            context.prepare()
            if sound or request.as_draft:
                _make_all(context, written)
            else:
                add_findings_of_pages(context)
        context.coarse_images.report(findings)
    if book is not None:
        unused = request.is_whole and request.proof is None and passes(book.ignores, findings)
        unchecked = () if request.release else (OPEN_QUERIES,)
        apply_ignores(book.ignores, findings, report_unused=unused, unchecked=unchecked)
        keep_first_of_scripts(findings)
        report_not_made(request.editions_of(book), written, findings)
    if request.typography:
        written = _with_typography(request, written, report, profiler)
    with profiler.stage("Writing"):
        session.trim()
        slug = book.metadata.slug if book is not None else ""
        counts = findings.counts()
        write_manifest(
            request.output,
            written,
            counts,
            request.has,
            slug,
            request.temporary_folder,
            session.fonts_in_use,
        )
    return BuildResult(tuple(written), tuple(findings), profiler.profile())


def _with_refusals(request: BuildRequest, book: Book, findings: Findings) -> Findings:
    """Return findings after what printers refuse of the editions, which needs no pages."""
    refused = Findings()
    ordered = book.editions if request.cover_only else request.editions_of(book)
    for edition in ordered:
        if edition.kind is EditionKind.PRINT:
            report_refusals(edition, refused)
    refused.extend(findings)
    return refused


def _make_all(context: BuildContext, written: list[Artefact]) -> None:
    """Make what is requested, and add to ``written`` what was made."""
    editions = context.request.editions_of(context.book)
    if any(edition.kind is not EditionKind.EPUB for edition in editions):
        report_missing_families(context.book.resources, context.fonts, context.findings)
    if any(edition.kind is EditionKind.PRINT for edition in editions):
        report_hidden_addresses(context.book, context.findings)
    if context.request.cover_only:
        for edition in context.book.editions:
            if edition.kind is EditionKind.PRINT:
                written += _make_printed_cover(context, edition)
        written += make_cover_picture(context)
    for edition in editions:
        with context.errors_reported(edition.name):
            written += _make_edition(context, edition)


def _with_typography(
    request: BuildRequest, written: Iterable[Artefact], report: Report, profiler: Profiler
) -> list[Artefact]:
    """Return artefacts with the figures of how their lines and pages are set, if they have text."""
    from makeready.build.measure_files import PAGED_KINDS, figures_of_file  # noqa: PLC0415

    measured = []
    for artefact in written:
        if artefact.kind in PAGED_KINDS:
            with profiler.stage("Measuring", artefact.edition):
                figures = figures_of_file(request.output / artefact.path, report)
            measured.append(replace(artefact, typography=figures))
        else:
            measured.append(artefact)
    return measured


# Each kind of edition imports for itself what it alone needs: an e-book is made 0.2 s sooner
# without the print checks, a print edition without the packager.
def _make_edition(context: BuildContext, edition: Edition) -> list[Artefact]:
    """Make the files of one edition; each is written only when it has no error."""
    if edition.kind is EditionKind.EPUB:
        if context.proof is not None:
            from makeready.build.proof_ebooks import make_proof_epub  # noqa: PLC0415

            return make_proof_epub(context, edition)
        from makeready.build.ebooks import make_epub  # noqa: PLC0415

        return make_epub(context, edition)
    from makeready.build.paged_editions import make_pdf  # noqa: PLC0415

    written = make_pdf(context, edition)
    only_pages = context.proof is not None or context.request.pages_only
    if written and not only_pages and edition.kind is EditionKind.PRINT:
        written += _make_printed_cover(context, edition, written[0].pages)
    return written


def _make_printed_cover(
    context: BuildContext, edition: Edition, pages: int | None = None
) -> list[Artefact]:
    from makeready.build.printed_covers import make_printed_cover  # noqa: PLC0415

    return make_printed_cover(context, edition, pages)
