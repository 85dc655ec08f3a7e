"""Check of transparency in a print PDF."""

from __future__ import annotations

import pikepdf

from makeready.checks.print.pdfx import STANDARD_NAMES, claims
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, ColourUse, UseKind
from makeready.checks.reading.document import pages_text
from makeready.findings import Findings, SourceLocation

_STANDARDS_WITHOUT_TRANSPARENCY = ("x-1a:2001", "x-3:2002")


def check_transparency(
    pdf: pikepdf.Pdf,
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Report the pages with transparency, if the printer or the standard forbids it.

    Older standards forbid even a transparency group in which everything is opaque.
    """
    pdf_x = requirements.pdf_x
    transparent_pages = colours.get(ColourUse(UseKind.TRANSPARENCY), [])
    if pdf_x in _STANDARDS_WITHOUT_TRANSPARENCY and claims(pdf, pdf_x):
        if pages := [*transparent_pages, *colours.get(ColourUse(UseKind.GROUP), [])]:
            standard = STANDARD_NAMES[pdf_x]
            findings.add("PRN-016", location, pages=pages_text(pages), standard=standard)
    elif transparent_pages and (
        requirements.profile.rules.file.transparency is False
        or pdf_x in _STANDARDS_WITHOUT_TRANSPARENCY
    ):
        findings.add(
            "PRN-019", location, pages=pages_text(transparent_pages), printer=requirements.printer
        )
