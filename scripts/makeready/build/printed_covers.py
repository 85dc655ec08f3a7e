"""Printed covers made: each wrap is checked before it is kept."""

from __future__ import annotations

from makeready.book.model import Edition
from makeready.build.context import BuildContext
from makeready.build.manifest import Artefact
from makeready.build.request import GUIDES, WRAP, draft_name
from makeready.checks.print.cover import check_cover, cover_requirements_of
from makeready.cover.guides import with_guides
from makeready.cover.wrap import FinishedWrap, make_wrap
from makeready.findings import Findings
from makeready.pagination.fixed_point import SectionFailedError
from makeready.pdf.draft_mark import with_draft_mark
from makeready.printers.print_job import PrintJob


def make_printed_cover(
    context: BuildContext, edition: Edition, pages: int | None = None
) -> list[Artefact]:
    """Make the wrap of an edition, of so many pages or of those that it is typeset to now."""
    found = Findings()
    try:
        job = context.print_job(edition, found)
        # A cover is as wide as its printer's paper is thick.
        wrap = None if job is None or job.stands_in else _wrap(context, job, pages, found)
    except SectionFailedError:
        return []
    finally:
        context.findings.extend(found, edition.name)
    if job is None or wrap is None or not context.passes(found):
        return []
    stem = f"{context.book.metadata.slug}-{edition.name}-cover"
    if context.request.as_draft:
        if not found.errors:
            _passes_check(context, job, draft_name(f"{stem}.pdf"), wrap)
        content = wrap.content
        if context.request.marks_drafts:
            content = with_draft_mark(content, on_cover=True)
        return [context.write_draft(f"{stem}.pdf", content, edition.name, 1)]
    if not _passes_check(context, job, f"{stem}.pdf", wrap):
        return []
    written = [context.write(f"{stem}.pdf", wrap.content, edition.name, WRAP, 1)]
    if context.request.guides:
        content = with_guides(wrap.content, wrap.geometry, wrap.barcode)
        written.append(context.write(f"{stem}-guides.pdf", content, edition.name, GUIDES, 1))
    return written


def _wrap(
    context: BuildContext, job: PrintJob, pages: int | None, found: Findings
) -> FinishedWrap | None:
    pagination = context.pagination(found, job.edition)
    if pages is None:
        with context.stage("Typesetting", job.edition.name):
            pages = pagination.paginate(job.edition, job).solution.imposition.page_count
    with context.stage("Drawing cover", job.edition.name):
        return make_wrap(pagination, job, pages, context.session.wraps)


def _passes_check(context: BuildContext, job: PrintJob, name: str, wrap: FinishedWrap) -> bool:
    """Check a wrap; the same bytes in the output folder have passed already."""
    standing = context.request.output / name
    if standing.is_file() and standing.read_bytes() == wrap.content:
        return True
    found = Findings()
    requirements = cover_requirements_of(job, wrap.geometry.pages, context.book.metadata)
    with (
        context.unchecked(name, job.edition.name, wrap.content) as unchecked,
        context.stage("Checking", job.edition.name),
    ):
        check_cover(unchecked, requirements, found)
    context.findings.extend(found, job.edition.name)
    return context.passes(found)
