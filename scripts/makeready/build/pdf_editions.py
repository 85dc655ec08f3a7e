"""The PDF editions linked: the print interior, and the same pages for a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from makeready.book.model import Edition, PageMap
from makeready.engine.messages import report_messages
from makeready.findings import Findings, SourceLocation
from makeready.pagination.page_list import page_map_with_breaks
from makeready.pagination.pagination import Paginated, Pagination
from makeready.pdf.fragment import Fragment
from makeready.pdf.linker import LinkedSection, PdfLinker
from makeready.printers.print_job import PrintJob
from makeready.templates.outline import depths_in_outline


@dataclass(frozen=True, slots=True)
class FinishedPdf:
    """A finished file, its page count, and the page label of each anchor of the book.

    ``sections`` are what it was linked of, and ``labels`` those of its pages, blank ones included.
    """

    content: bytes
    page_count: int
    page_map: PageMap
    paginated: Paginated
    sections: Sequence[LinkedSection]
    labels: Sequence[str]


def link_interior(pagination: Pagination, job: PrintJob) -> FinishedPdf:
    """Typeset and link a print interior: every page of the imposition, blanks included."""
    paginated = pagination.paginate(job.edition, job)
    solution, imposition = paginated.solution, paginated.solution.imposition
    sections = [
        LinkedSection(
            solution.keys[placed.section.name],
            solution.fragments[placed.section.name],
            imposition.labels_of(placed),
            placed.blanks_before,
        )
        for placed in imposition.sections
    ]
    _report_messages(pagination, solution.fragments)
    after = imposition.page_count - sum(len(s.labels) + s.blanks_before for s in sections)
    linker = PdfLinker(
        pagination.fonts,
        solution.page_map.labels,
        pagination.renumber_all,
        for_press=True,
        pdf_x=job.pdf_x,
        right_to_left=_is_right_to_left(pagination),
    )
    with pagination.stage("Merging"):
        content = linker.write(sections, imposition.labels, blanks_after=after)
    page_map = page_map_with_breaks(solution, pagination.book.metadata, job.edition)
    return FinishedPdf(
        content, imposition.page_count, page_map, paginated, sections, imposition.labels
    )


def link_screen(pagination: Pagination, edition: Edition, job: PrintJob) -> FinishedPdf:
    """Typeset and link a screen edition: the cover, then the printed pages without their blanks.

    Pages keep the labels they have in print, so that a reader finds "page 41" in either.
    """
    finish_cover = pagination.begin_cover(edition)
    paginated = pagination.paginate(edition, job)
    solution = paginated.solution
    with pagination.stage("Drawing cover"):
        key, cover = finish_cover()
    sections = [LinkedSection(key, cover, [pagination.book.labels["cover"]])]
    depths = depths_in_outline(pagination.book)
    sections += [
        LinkedSection(
            solution.keys[placed.section.name],
            solution.fragments[placed.section.name],
            solution.imposition.labels_of(placed),
            division=placed.section.division.value,
            depth=depths[placed.section.name],
        )
        for placed in solution.imposition.sections
    ]
    _report_messages(pagination, {"cover": cover, **solution.fragments})
    labels = [label for section in sections for label in section.labels]
    linker = PdfLinker(
        pagination.fonts,
        solution.page_map.labels,
        pagination.renumber_all,
        for_press=False,
        right_to_left=_is_right_to_left(pagination),
    )
    with pagination.stage("Merging"):
        content = linker.write(sections, labels)
    return FinishedPdf(content, len(labels), solution.page_map, paginated, sections, labels)


def _is_right_to_left(pagination: Pagination) -> bool:
    return pagination.book.metadata.direction == "rtl"


def _report_messages(pagination: Pagination, fragments: Mapping[str, Fragment]) -> None:
    """Add what the proofreader found and the engine said when the fragments were typeset."""
    for name, fragment in fragments.items():
        found = Findings(pagination.book.located)
        for finding in fragment.findings:
            found.append(finding)
        location = SourceLocation(fragment.source_path or f"{name}.md")
        report_messages(fragment.messages, location, found)
        pagination.findings.extend(found)
