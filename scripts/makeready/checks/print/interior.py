"""The quick checks of a finished interior, which every build runs."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from makeready.checks.print.fonts_colours_interactivity import (
    check_colour,
    check_fonts,
    check_interactive_content,
)
from makeready.checks.print.pdfx import check_metadata, check_standard
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.print.transparency import check_transparency
from makeready.checks.print.whole_file import check_file_size, check_nesting, check_page_count
from makeready.checks.reading.colour_usage import Colours, read_colours
from makeready.checks.reading.document import check_page_size, open_pdf
from makeready.checks.reading.page_boxes import has_bleed
from makeready.findings import Findings, SourceLocation


def check_interior(path: Path, requirements: PrintRequirements, findings: Findings) -> None:
    """Check a finished interior against its printer's requirements; sizes within half a point."""
    with open_pdf(path, findings) as pdf:
        if pdf is not None:
            check_structure(path, pdf, requirements, findings)


def check_structure(
    path: Path, pdf: pikepdf.Pdf, requirements: PrintRequirements, findings: Findings
) -> Colours:
    """Check an open interior: sizes, page count, fonts, colours, interactivity, standard.

    Returns its colours.
    """
    location = SourceLocation(path.name)
    size = requirements.profile.page_size_pt(requirements.trim, bleed=True)
    with_bleed = size if has_bleed(pdf, requirements) else None
    check_page_size(pdf, requirements.trim, findings, location, with_bleed)
    check_page_count(len(pdf.pages), requirements, findings, location)
    check_fonts(pdf, requirements, findings, location)
    colours = read_colours(pdf, findings, location)
    check_colour(colours, requirements, findings, location)
    check_interactive_content(pdf, findings, location)
    check_metadata(pdf, findings, location)
    check_standard(pdf, requirements.pdf_x, findings, location)
    check_transparency(pdf, colours, requirements, findings, location)
    check_nesting(pdf, requirements, findings, location)
    check_file_size(path, requirements, findings)
    return colours
