"""What is seen through on the pages of a file for the press."""

from __future__ import annotations

import pikepdf

from makeready.checks.colour import Colours, ColourUse, Use
from makeready.checks.demands import Demands
from makeready.checks.pdf import in_words
from makeready.checks.standard import STANDARD_NAMES, claims
from makeready.findings import Findings, SourceLocation

_OPAQUE = ("x-1a:2001", "x-3:2002")


def check_opacity(
    pdf: pikepdf.Pdf,
    colours: Colours,
    demands: Demands,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Find the pages with anything that is not wholly opaque, where nothing may be so.

    An older standard forbids even a group in which nothing is seen through.
    """
    pdf_x = demands.pdf_x
    seen_through = colours.get(ColourUse(Use.SEEN_THROUGH), [])
    if pdf_x in _OPAQUE and claims(pdf, pdf_x):
        if pages := [*seen_through, *colours.get(ColourUse(Use.GROUP), [])]:
            standard = STANDARD_NAMES[pdf_x]
            findings.add("PRN-016", location, pages=in_words(pages), standard=standard)
    elif seen_through and (demands.profile.rules.file.transparency is False or pdf_x in _OPAQUE):
        findings.add("PRN-019", location, pages=in_words(seen_through), printer=demands.printer)
