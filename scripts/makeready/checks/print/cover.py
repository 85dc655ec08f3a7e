"""All checks of a finished cover: back, spine and front on one sheet."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import pikepdf
import pypdfium2

from makeready.book.model import Metadata
from makeready.book.prices import price_digits
from makeready.checks.print.cover_bleed_barcode import check_barcode, check_bleed
from makeready.checks.print.cover_text import check_spine_text, check_text_positions, check_titles
from makeready.checks.print.fonts_colours_interactivity import (
    check_colour,
    check_fonts,
    check_interactive_content,
)
from makeready.checks.print.pdfx import check_metadata, check_standard
from makeready.checks.print.requirements import PrintRequirements, requirements_of
from makeready.checks.print.total_ink import check_total_ink
from makeready.checks.print.transparency import check_transparency
from makeready.checks.print.whole_file import MEGABYTE, check_nesting
from makeready.checks.reading.colour_usage import read_colours
from makeready.checks.reading.document import box_size_pt, error_text, open_pdf, user_unit
from makeready.checks.reading.form_limit import check_form_count
from makeready.checks.reading.rendered_cover import RenderedCover
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.boxes import Box, read_box
from makeready.printers.cover import (
    CoverGeometry,
    cover_geometry,
    cover_measures,
    geometry_with_spine,
)
from makeready.printers.print_job import PrintJob
from makeready.printers.spine import Spine, printer_spine
from makeready.printers.tables import PT_PER_INCH
from makeready.wording import counted

_NEAR_PT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRequirements:
    """The requirements for a cover: its printer's, its geometry, and its texts.

    ``price`` is the five digits beside the barcode; ``titles`` are the forms its title may
    have. Empty values are not checked.
    """

    requirements: PrintRequirements
    geometry: CoverGeometry
    price: str = ""
    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def cover_requirements_of(job: PrintJob, pages: int, metadata: Metadata) -> CoverRequirements:
    """Return the requirements for the cover of a print job of so many pages.

    Raises UnsupportedError for a cover that the printer does not make.
    """
    return CoverRequirements(
        requirements=requirements_of(job),
        geometry=cover_geometry(job, pages, right_to_left=metadata.direction == "rtl"),
        price=price_digits(job.edition.price),
        titles=tuple(filter(None, (metadata.display_title, metadata.title))),
        authors=tuple(author.name for author in metadata.by_role("aut")),
    )


def cover_requirements_for(
    requirements: PrintRequirements, pages: int, spine_mm: float | None = None
) -> CoverRequirements:
    """Return the requirements for the cover of an external interior.

    Raises UnsupportedError for a cover that the printer does not make.
    """
    if spine_mm is None:
        spine = printer_spine(requirements.profile, requirements.paper, requirements.ink, pages)
    else:
        spine = Spine(spine_mm, "template")
    geometry = geometry_with_spine(requirements.profile, requirements.trim, spine, pages)
    return CoverRequirements(requirements=requirements, geometry=geometry)


def check_cover(path: Path, cover: CoverRequirements, findings: Findings) -> None:
    """Check a finished cover against its printer's rules and the book's metadata."""
    location = SourceLocation(path.name)
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return
        _check_cover_file_size(path, cover.requirements, findings, location)
        if not check_form_count(pdf, findings, location):
            return
        check_fonts(pdf, cover.requirements, findings, location)
        colours = read_colours(pdf, findings, location)
        check_colour(colours, cover.requirements, findings, location, cover=True)
        check_interactive_content(pdf, findings, location)
        check_metadata(pdf, findings, location)
        check_standard(pdf, cover.requirements.pdf_x, findings, location)
        check_transparency(pdf, colours, cover.requirements, findings, location)
        check_nesting(pdf, cover.requirements, findings, location)
        check_total_ink(path, pdf, colours, cover.requirements, findings)
        sheet_box = _check_size(pdf, cover, findings, location)
    # On a sheet of another size every position would be wrong.
    if sheet_box is not None:
        _check_rendering(path, sheet_box, cover, findings, location)


def _check_rendering(
    path: Path,
    sheet_box: Box,
    cover: CoverRequirements,
    findings: Findings,
    location: SourceLocation,
) -> None:
    try:
        with pypdfium2.PdfDocument(path) as document:
            rendered = RenderedCover(document[0], sheet_box)
    except pypdfium2.PdfiumError as error:
        findings.add("PRN-013", location, reason=error_text(error, path))
        return
    geometry, printer = cover.geometry, cover.requirements.profile
    check_spine_text(rendered, geometry, printer, findings, location)
    check_text_positions(rendered, geometry, printer, findings, location)
    check_titles(rendered, geometry, cover.titles, cover.authors, findings, location)
    check_bleed(rendered, geometry, findings, location)
    check_barcode(rendered, geometry, cover.requirements.isbn, cover.price, findings, location)


def _check_cover_file_size(
    path: Path, requirements: PrintRequirements, findings: Findings, location: SourceLocation
) -> None:
    profile = requirements.profile
    megabytes = path.stat().st_size / MEGABYTE
    most = profile.rules.file.maximum_mb
    rules = cover_measures(profile)
    advised = rules.advised_mb if rules else None
    for rule, limit in (("COV-035", most), ("COV-036", advised)):
        if limit is not None and megabytes > limit:
            values = {"megabytes": megabytes, "maximum": limit, "printer": profile.title}
            findings.add(rule, location, **values)
            return


def _check_size(
    pdf: pikepdf.Pdf, cover: CoverRequirements, findings: Findings, location: SourceLocation
) -> Box | None:
    """Check the page and its boxes; return the box of the sheet if it has the right size."""
    if len(pdf.pages) != 1:
        findings.add("COV-020", location, reason=f"the file has {counted(len(pdf.pages), 'page')}")
        return None
    page = pdf.pages[0]
    if page.rotation % 360 or user_unit(page) != 1:
        findings.add("COV-020", location, reason="the page is rotated or scaled")
        return None
    geometry = cover.geometry
    required = (geometry.width_pt, geometry.height_pt)
    sizes = [box_size_pt(page, name) for name in ("media", "bleed")]
    fitting = [number for number, size in enumerate(sizes) if _near(size, required)]
    if not fitting:
        findings.add(
            "COV-021",
            location,
            **_inches(("width", "height"), sizes[0]),
            **_inches(("required_width", "required_height"), required),
            printer=cover.requirements.printer,
            pages=geometry.pages,
            spine_mm=geometry.spine_width.width_mm,
        )
        return None
    sheet = read_box(page.mediabox if fitting[0] == 0 else page.obj.BleedBox)
    trim = read_box(page.trimbox)
    if trim != read_box(page.mediabox):
        expected = Box(*geometry.trim.pdf_rect_pt(geometry.height_mm))
        if not _near(astuple(trim), astuple(expected.moved(sheet.left, sheet.bottom))):
            findings.add("COV-022", location, edge_mm=geometry.edge_mm)
    return sheet


def _near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= _NEAR_PT for a, b in zip(one, other, strict=True))


def _inches(names: tuple[str, str], size_pt: tuple[float, float]) -> dict[str, float]:
    return {name: side / PT_PER_INCH for name, side in zip(names, size_pt, strict=True)}
