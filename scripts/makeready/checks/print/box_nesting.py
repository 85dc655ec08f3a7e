"""The boxes of a page: each inside the one before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pikepdf

from makeready.checks.print.pdfx import claims
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import in_words
from makeready.checks.reading.page_boxes import Box, box_of
from makeready.findings import Findings, SourceLocation

_EXACT_PT = 0.01


def check_nesting(
    pdf: pikepdf.Pdf, requirements: PrintRequirements, findings: Findings, location: SourceLocation
) -> None:
    """Find the pages with a box that reaches over the box it belongs in.

    Of a file that keeps to a standard, those too that do not begin at zero.
    """
    faults: dict[str, list[int]] = defaultdict(list)
    astray: list[int] = []
    for number, page in enumerate(pdf.pages, start=1):
        for fault in _faults(page):
            faults[fault].append(number)
        media = box_of(page.mediabox)
        if max(abs(media.left), abs(media.bottom)) > _EXACT_PT:
            astray.append(number)
    for fault, numbers in faults.items():
        findings.add("PRN-051", location, pages=in_words(numbers), reason=fault)
    if astray and claims(pdf, requirements.pdf_x):
        findings.add("PRN-053", location, pages=in_words(astray))


def _faults(page: pikepdf.Page) -> Iterator[str]:
    media = box_of(page.mediabox)
    crop, bleed, trim = (
        box_of(page.obj[key]) if key in page.obj else None
        for key in ("/CropBox", "/BleedBox", "/TrimBox")
    )
    if bleed is not None and not _holds(media, bleed):
        yield "the bleed box reaches over the page"
    if trim is not None and not _holds(media, trim):
        yield "the trim box reaches over the page"
    elif trim is not None and bleed is not None and not _holds(bleed, trim):
        yield "the trim box reaches over the bleed box"
    printed = bleed or trim
    # What is over the page is told already.
    if crop is not None and printed is not None and not _holds(crop, printed.within(media)):
        yield "the crop box leaves out a part of what is printed"


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left + _EXACT_PT
        and outer.bottom <= inner.bottom + _EXACT_PT
        and outer.right >= inner.right - _EXACT_PT
        and outer.top >= inner.top - _EXACT_PT
    )
