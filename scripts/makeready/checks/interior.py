"""The finished print interior, as a printer would look at it."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from makeready.checks.boxes import has_bleed
from makeready.checks.colour import Colours, colours_of
from makeready.checks.counting import check_page_count
from makeready.checks.demands import Demands
from makeready.checks.matter import check_colour, check_fonts, check_screen_matter
from makeready.checks.nesting import check_nesting
from makeready.checks.opacity import check_opacity
from makeready.checks.pdf import check_page_size, opened
from makeready.checks.standard import check_standard
from makeready.checks.upload import check_weight
from makeready.findings import Findings, SourceLocation


def check_interior(path: Path, demands: Demands, findings: Findings) -> None:
    """Check a finished interior against what its printer asks; sizes within half a point."""
    with opened(path, findings) as pdf:
        if pdf is not None:
            check_structure(path, pdf, demands, findings)


def check_structure(path: Path, pdf: pikepdf.Pdf, demands: Demands, findings: Findings) -> Colours:
    """Check an interior that is open: file, pages, fonts, colours, what is for screens, standard.

    Returns the colours that were read.
    """
    location = SourceLocation(path.name)
    size = demands.profile.page_size_pt(demands.trim, bleed=True)
    with_bleed = size if has_bleed(pdf, demands) else None
    check_page_size(pdf, demands.trim, findings, location, with_bleed)
    check_page_count(len(pdf.pages), demands, findings, location)
    check_fonts(pdf, findings, location)
    colours = colours_of(pdf, findings, location)
    check_colour(colours, demands, findings, location)
    check_screen_matter(pdf, findings, location)
    check_standard(pdf, demands.pdf_x, findings, location)
    check_opacity(pdf, colours, demands, findings, location)
    check_nesting(pdf, demands, findings, location)
    check_weight(path, demands, findings)
    return colours
