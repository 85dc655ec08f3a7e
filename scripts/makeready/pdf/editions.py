"""The finished PDF editions: the print interior, and the same pages for a screen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pydyf
from weasyprint.document import Document, Page

from makeready.book.model import Book, Edition, EditionKind, PageMap
from makeready.findings import Findings, SourceLocation
from makeready.pdf.assemble import Imposition
from makeready.pdf.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX, cover_jpeg, typeset_cover
from makeready.pdf.labels import page_labels
from makeready.pdf.pagination import Paginated, Pagination
from makeready.pdf.press import finish_interior
from makeready.pdf.proofread import Proofreader
from makeready.pdf.typeset import TypesetSection, Typesetter, listening

_PICTURE_WIDTH_PT = 432.0
_BLANK = '<html lang="{language}"><body class="blank"></body></html>'


@dataclass(frozen=True, slots=True)
class FinishedPdf:
    """A finished file, its page count, and where the book's places fell."""

    content: bytes
    page_count: int
    page_map: PageMap


def make_interior(pagination: Pagination, edition: Edition) -> FinishedPdf:
    """Make a print interior: every page of the imposition, blanks included, in pure black."""
    paginated = pagination.paginate(edition)
    imposition, typesetter = paginated.imposition, paginated.typesetter
    _proofread(pagination, paginated)
    blank = _BLANK.format(language=pagination.book.metadata.language)
    pages: list[Page] = []
    for place in imposition.places:
        pages += [_blank(typesetter, blank, len(pages) + n) for n in range(place.blanks_before)]
        pages += place.typeset.pages
    pages += [_blank(typesetter, blank, n) for n in range(len(pages), imposition.page_count)]
    content = _write(pagination, edition, imposition, pages, imposition.labels)
    return FinishedPdf(finish_interior(content), len(pages), imposition.page_map)


def make_screen(pagination: Pagination, edition: Edition) -> FinishedPdf:
    """Make the screen edition: the cover, then the printed pages without their blanks.

    Pages keep the labels they have in print, so that a reader finds "page 41" in either.
    """
    paginated = pagination.paginate(edition)
    imposition = paginated.imposition
    _proofread(pagination, paginated)
    cover = _cover(pagination, edition.trim_width_pt, edition.trim_height_pt, edition)
    pages = [cover.pages[0]]
    labels = [pagination.book.words["cover"]]
    for place in imposition.places:
        count = len(place.typeset.pages)
        labels += imposition.labels[place.first_index : place.first_index + count]
        pages += place.typeset.pages
    content = _write(pagination, edition, imposition, pages, labels)
    return FinishedPdf(content, len(pages), imposition.page_map)


def make_cover_picture(pagination: Pagination) -> bytes:
    """Make the e-book's cover: an RGB JPEG of the shape every store takes."""
    width_pt = _PICTURE_WIDTH_PT
    return cover_jpeg(_cover(pagination, width_pt, width_pt * COVER_HEIGHT_PX / COVER_WIDTH_PX))


def _cover(
    pagination: Pagination, width_pt: float, height_pt: float, edition: Edition | None = None
) -> TypesetSection:
    sheet = pagination.layouts.stylesheet("cover.css")
    typesetter = pagination.typesetter(sheet, cover_rule(width_pt, height_pt), edition=edition)
    pagination.on_section("cover")
    return typeset_cover(pagination.book, pagination.layouts, typesetter, pagination.findings)


def cover_rule(width_pt: float, height_pt: float) -> str:
    """Return the page rule of a front cover; its design is drawn 36 rem wide."""
    return (
        f"@page{{size:{width_pt:g}pt {height_pt:g}pt;margin:0}}"
        f"html{{font-size:{width_pt / 36:g}pt}}:root{{--height:{height_pt:g}pt}}"
    )


def _proofread(pagination: Pagination, paginated: Paginated) -> None:
    proofreader = Proofreader(pagination.faces, pagination.findings)
    _report(pagination.findings, SourceLocation("book.toml"), paginated.typesetter.messages)
    for place in paginated.imposition.places:
        path = place.section.source_path or "book.toml"
        _report(pagination.findings, SourceLocation(path), place.typeset.messages)
        proofreader.read(path, place.typeset.pages)


def _report(findings: Findings, location: SourceLocation, messages: Sequence[str]) -> None:
    for message in messages:
        findings.add("LAY-001", location, message=message.replace("http://book.invalid/", ""))


def _blank(typesetter: Typesetter, markup: str, index: int) -> Page:
    return typesetter.typeset(markup, 1, on_verso=index % 2 == 1).pages[0]


def _write(
    pagination: Pagination,
    edition: Edition,
    imposition: Imposition,
    pages: list[Page],
    labels: Sequence[str],
) -> bytes:
    """Put the pages together and write them, with their labels and a constant identifier."""

    def label_pages(_: Document, pdf: pydyf.PDF) -> None:
        pdf.catalog["PageLabels"] = page_labels(labels)

    pagination.on_section(edition.name)
    document = imposition.places[0].typeset.document.copy(pages)
    variant = "pdf/ua-1" if edition.kind is EditionKind.SCREEN else None
    with listening() as messages:
        content: bytes = document.write_pdf(
            finisher=label_pages,
            pdf_variant=variant,
            pdf_identifier=_identifier(pagination.book, edition),
        )
    # A missing glyph is named by the proofreader already, with its line.
    told = any(finding.id == "LAY-003" for finding in pagination.findings)
    untold = [m for m in messages if not (told and m.startswith(".notdef glyph"))]
    _report(pagination.findings, SourceLocation("book.toml"), untold)
    return content


def _identifier(book: Book, edition: Edition) -> bytes:
    metadata = book.metadata
    seed = f"{metadata.identifier} {edition.name} {metadata.modified}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32].encode()
