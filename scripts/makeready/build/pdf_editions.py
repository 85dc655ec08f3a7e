"""The finished PDF editions: the print interior, and the same pages for a screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from makeready.book.model import Edition, PageMap
from makeready.engine.messages import report_messages
from makeready.findings import Findings, SourceLocation
from makeready.pagination.page_list import listed_pages
from makeready.pagination.pagination import Pagination
from makeready.pdf.fragment import Fragment
from makeready.pdf.linker import LinkedSection, PdfLinker
from makeready.printers.profile import profile_of


@dataclass(frozen=True, slots=True)
class FinishedPdf:
    """A finished file, its page count, and where the book's places fell."""

    content: bytes
    page_count: int
    page_map: PageMap


def make_interior(pagination: Pagination, edition: Edition) -> FinishedPdf:
    """Make a print interior: every page of the imposition, blanks included, in pure black."""
    settled = pagination.paginate(edition).settled
    imposition = settled.imposition
    parts = [
        LinkedSection(
            settled.keys[place.section.name],
            settled.fragments[place.section.name],
            imposition.labels_of(place),
            place.blanks_before,
        )
        for place in imposition.places
    ]
    _report(pagination.findings, settled.fragments)
    after = imposition.page_count - sum(len(p.labels) + p.blanks_before for p in parts)
    binding = PdfLinker(
        pagination.fonts,
        settled.page_map.labels,
        pagination.place_all,
        for_press=True,
        pdf_x=profile_of(edition).pdf_x_standard(edition.pdf_x),
    )
    with pagination.stage("Merging"):
        content = binding.write(parts, imposition.labels, blanks_after=after)
    page_map = listed_pages(settled, pagination.book.metadata, edition)
    return FinishedPdf(content, imposition.page_count, page_map)


def make_screen(pagination: Pagination, edition: Edition) -> FinishedPdf:
    """Make the screen edition: the cover, then the printed pages without their blanks.

    Pages keep the labels they have in print, so that a reader finds "page 41" in either.
    """
    begun = pagination.begin_cover(edition.trim_width_pt, edition.trim_height_pt, edition)
    settled = pagination.paginate(edition).settled
    with pagination.stage("Drawing cover"):
        key, cover = begun()
    parts = [LinkedSection(key, cover, [pagination.book.labels["cover"]])]
    parts += [
        LinkedSection(
            settled.keys[place.section.name],
            settled.fragments[place.section.name],
            settled.imposition.labels_of(place),
        )
        for place in settled.imposition.places
    ]
    _report(pagination.findings, {"cover": cover, **settled.fragments})
    labels = [label for part in parts for label in part.labels]
    binding = PdfLinker(
        pagination.fonts, settled.page_map.labels, pagination.place_all, for_press=False
    )
    with pagination.stage("Merging"):
        content = binding.write(parts, labels)
    return FinishedPdf(content, len(labels), settled.page_map)


def _report(findings: Findings, fragments: Mapping[str, Fragment]) -> None:
    """Take over what was seen and said when the fragments were set."""
    for name, fragment in fragments.items():
        found = Findings()
        for finding in fragment.findings:
            found.append(finding)
        location = SourceLocation(fragment.source_path or f"{name}.md")
        report_messages(fragment.messages, location, found)
        findings.extend(found)
