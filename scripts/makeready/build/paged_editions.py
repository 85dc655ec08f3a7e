"""The editions of pages made: print interiors and screen PDFs, checked before they are kept."""

from __future__ import annotations

from makeready.book.model import Edition, EditionKind
from makeready.build.context import BuildContext
from makeready.build.manifest import Artefact
from makeready.build.pdf_editions import FinishedPdf, link_interior, link_screen
from makeready.build.request import REFERENCE, file_name
from makeready.checks.print.interior import check_interior
from makeready.checks.print.requirements import requirements_of
from makeready.checks.print.screen_pdf import check_screen
from makeready.findings import Findings
from makeready.pagination.fixed_point import SectionFailedError
from makeready.printers.print_job import PrintJob


def make_pdf(context: BuildContext, edition: Edition) -> list[Artefact]:
    """Make a print interior or a screen PDF; nothing is written where an error was found."""
    found = Findings()
    context.page_maps[edition.name] = None
    try:
        with context.stage("Typesetting", edition.name):
            job = context.print_job(edition, found)
            if job is None:
                return []
            pagination = context.pagination(found, edition.name)
            if edition.kind is EditionKind.PRINT:
                finished = link_interior(pagination, job)
            else:
                finished = link_screen(pagination, edition, job)
        context.page_maps[edition.name] = finished.page_map
        written = _write_checked(context, edition, job, finished, found)
        if written and context.request.reference:
            written.append(_write_reference(context, edition, finished))
    except SectionFailedError:
        return []
    else:
        return written
    finally:
        context.findings.extend(found, edition.name)


def _write_checked(
    context: BuildContext, edition: Edition, job: PrintJob, finished: FinishedPdf, found: Findings
) -> list[Artefact]:
    """Write a PDF, check it, and put it in its place when it has passed."""
    if not context.passes(found):
        return []
    name = file_name(context.book, edition)
    with context.draft(name, edition.name, finished.content) as draft:
        with context.stage("Checking", edition.name):
            if edition.kind is EditionKind.PRINT:
                check_interior(draft, requirements_of(job), found)
            else:
                check_screen(draft, edition, found)
        if not context.passes(found):
            return []
        return [context.publish(draft, edition.name, edition.kind, finished.page_count)]


def _write_reference(context: BuildContext, edition: Edition, finished: FinishedPdf) -> Artefact:
    """Write the engine's own file of an edition, to compare ours with."""
    # It imports the engine, which nothing else in this process needs.
    from makeready.pagination.reference import reference_pdf  # noqa: PLC0415

    name = f"{context.book.metadata.slug}-{edition.name}-reference.pdf"
    with context.stage("Typesetting reference", edition.name):
        content, pages = reference_pdf(context.book, finished.paginated)
    return context.write(name, content, edition.name, REFERENCE, pages)
