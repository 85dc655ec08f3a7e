"""The editions of pages made: print interiors and screen PDFs, checked before they are kept."""

from __future__ import annotations

from makeready.book.model import Edition, EditionKind
from makeready.build.completeness import check_pages_complete
from makeready.build.context import BuildContext
from makeready.build.draft_pages import with_pages
from makeready.build.manifest import DRAFT, Artefact
from makeready.build.pdf_conformance import ClaimCheck
from makeready.build.pdf_editions import FinishedPdf, link_interior, link_screen
from makeready.build.request import REFERENCE, draft_name, file_name
from makeready.checks.print.interior import check_interior
from makeready.checks.print.requirements import requirements_of
from makeready.checks.print.screen_pdf import check_screen
from makeready.files import write_whole
from makeready.findings import Findings
from makeready.pagination.fixed_point import SectionFailedError
from makeready.pdf.draft_mark import with_draft_mark
from makeready.pdf.pdfa import as_pdfa
from makeready.printers.print_job import PrintJob


def make_pdf(context: BuildContext, edition: Edition) -> list[Artefact]:
    """Make a print interior or a screen PDF; only a draft is written where an error was found."""
    found = Findings()
    context.page_maps[edition.name] = None
    try:
        with context.stage("Typesetting", edition.name):
            job = context.print_job(edition, found)
            if job is None:
                return []
            pages_hold = context.request.as_draft or not found.errors
            pagination = context.pagination(found, edition)
            if edition.kind is EditionKind.PRINT:
                finished = link_interior(pagination, job)
                fragments = finished.paginated.solution.fragments.values()
                context.coarse_images.record(job, pagination.book, fragments)
            else:
                finished = link_screen(pagination, edition, job)
            counts = [one.line_counts for one in finished.paginated.solution.fragments.values()]
            context.profiler.add_paragraphs(edition.name, counts)
        if pages_hold:
            context.page_maps[edition.name] = finished.page_map
        written = _write_checked(context, edition, job, finished, found)
        if context.request.as_draft:
            found = with_pages(found, context.book, edition, finished)
    except SectionFailedError:
        return []
    else:
        return written
    finally:
        context.findings.extend(found, edition.name)


def _write_checked(
    context: BuildContext, edition: Edition, job: PrintJob, finished: FinishedPdf, found: Findings
) -> list[Artefact]:
    """Write a PDF, check it, and put it in its place when it has passed, or mark it as a draft."""
    if not context.passes(found):
        return []
    if context.proof is not None:
        from makeready.build.proof_editions import write_proof_pdf  # noqa: PLC0415 - few need it

        return [write_proof_pdf(context, edition, finished)]
    name, pages = file_name(context.book, edition), finished.page_count
    if context.request.pages_only:
        return [context.write(name, finished.content, edition.name, DRAFT, pages)]
    shown_name = draft_name(name) if context.request.as_draft else name
    content = finished.content
    claim = None
    if edition.kind is EditionKind.SCREEN and not context.request.as_draft:
        claim = ClaimCheck(content, context.session.section_pool.submit_local)
    if claim is not None and edition.pdf_a != "none":
        with context.stage("Checking", edition.name):
            content = as_pdfa(claim.claimed_file(name, found), edition.pdf_a)
            claim = None
    with context.unchecked(shown_name, edition.name, content) as unchecked:
        with context.stage("Checking", edition.name):
            if edition.kind is EditionKind.SCREEN:
                check_screen(unchecked, edition, found)
            elif not job.stands_in:
                check_interior(unchecked, requirements_of(job), found)
            check_pages_complete(context, edition, unchecked, finished, found)
            if claim is not None:
                write_whole(unchecked, claim.claimed_file(name, found))
        if context.request.as_draft:
            if context.request.marks_drafts:
                content = with_draft_mark(content)
            return [context.write_draft(name, content, edition.name, pages)]
        if not context.passes(found):
            return []
        written = [context.publish(unchecked, edition.name, edition.kind, pages)]
    if context.request.reference:
        written.append(_write_reference(context, edition, finished))
    return written


def _write_reference(context: BuildContext, edition: Edition, finished: FinishedPdf) -> Artefact:
    """Write the engine's own file of an edition, to compare ours with."""
    # It imports the engine, which nothing else in this process needs.
    from makeready.pagination.reference import reference_pdf  # noqa: PLC0415

    name = f"{context.book.metadata.slug}-{edition.name}-reference.pdf"
    with context.stage("Typesetting reference", edition.name):
        content, pages = reference_pdf(context.book, finished.paginated)
    return context.write(name, content, edition.name, REFERENCE, pages)
