"""What is seen through on the pages of a file for the press."""

from __future__ import annotations

import pikepdf

from makeready.checks.print.pdfx import STANDARD_NAMES, claims
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, ColourUse, Use
from makeready.checks.reading.document import in_words
from makeready.findings import Findings, SourceLocation

_OPAQUE = ("x-1a:2001", "x-3:2002")


def check_transparency(
    pdf: pikepdf.Pdf,
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Find the pages with anything that is not wholly opaque, where nothing may be so.

    An older standard forbids even a group in which nothing is seen through.
    """
    pdf_x = requirements.pdf_x
    seen_through = colours.get(ColourUse(Use.TRANSPARENCY), [])
    if pdf_x in _OPAQUE and claims(pdf, pdf_x):
        if pages := [*seen_through, *colours.get(ColourUse(Use.GROUP), [])]:
            standard = STANDARD_NAMES[pdf_x]
            findings.add("PRN-016", location, pages=in_words(pages), standard=standard)
    elif seen_through and (
        requirements.profile.rules.file.transparency is False or pdf_x in _OPAQUE
    ):
        findings.add(
            "PRN-019", location, pages=in_words(seen_through), printer=requirements.printer
        )
