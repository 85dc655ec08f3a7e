"""All that a printer would find in an interior: its structure, and what is painted on its pages."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2

from makeready.book.model import Book
from makeready.checks.print.interior import check_structure
from makeready.checks.print.margins import Margins
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.print.resolution import MinimumSizes
from makeready.checks.print.small_text import SmallText
from makeready.checks.print.total_ink import Tell, check_total_ink, tell_nobody
from makeready.checks.print.whole_file import check_blanks
from makeready.checks.reading.colour_usage import Colours
from makeready.checks.reading.document import opened, words_of
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import PageFrame, frames, has_bleed, is_far_larger
from makeready.checks.reading.page_objects import ObjectKind, page_objects
from makeready.checks.reading.rasteriser import PageRaster
from makeready.findings import Findings, SourceLocation


def check_interior_pages(
    path: Path,
    requirements: PrintRequirements,
    findings: Findings,
    book: Book | None = None,
    tell: Tell = tell_nobody,
) -> None:
    """Check a finished interior whole; ``book`` is what it was made of, for places in the text.

    ``tell`` is told what takes long. More than ``check_interior``, which every build runs:
    pages are measured and rendered.
    """
    before, location = len(findings.errors), SourceLocation(path.name)
    with opened(path, findings) as pdf:
        if pdf is None:
            return
        colours = check_structure(path, pdf, requirements, findings)
        if not len(pdf.pages):
            return
        try:
            _measure(path, pdf, colours, requirements, findings, book)
        except (pypdfium2.PdfiumError, pikepdf.PdfError, ValueError, TypeError) as error:
            # A file that is told to be broken is not told so twice.
            if len(findings.errors) == before:
                findings.add("PRN-052", location, reason=words_of(error, path))
            return
        near = {n for n, p in enumerate(pdf.pages, 1) if not is_far_larger(p, requirements)}
        inked = {use: sorted(near.intersection(pages)) for use, pages in colours.items()}
        check_total_ink(path, pdf, inked, requirements, findings, tell=tell)


def _measure(
    path: Path,
    pdf: pikepdf.Pdf,
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    book: Book | None,
) -> None:
    location = SourceLocation(path.name)
    bleeds = has_bleed(pdf, requirements)
    margins = Margins(requirements, len(pdf.pages), bleeds=bleeds)
    fineness = MinimumSizes(requirements)
    small_text = SmallText(pdf, colours, requirements)
    blank: dict[int, bool] = {}
    with pypdfium2.PdfDocument(path) as document:
        for frame in frames(pdf, requirements, bleeds=bleeds):
            page = document[frame.number - 1]
            blank[frame.number] = _measure_page(page, frame, margins, fineness, small_text)
    places = ManuscriptLocator(location, book)
    margins.report(places, findings)
    fineness.report(places, findings)
    small_text.report(places, findings)
    check_blanks(blank, len(pdf.pages), requirements, findings, location)


def _measure_page(
    page: pypdfium2.PdfPage,
    frame: PageFrame,
    margins: Margins,
    fineness: MinimumSizes,
    small_text: SmallText,
) -> bool:
    """Measure one page, and tell whether it is blank."""
    try:
        things = list(page_objects(page))
        rendering = PageRaster(page, frame)
        margins.measure(frame, things, rendering)
        fineness.measure(frame, things)
        small_text.measure(frame, things)
        if any(thing.kind is ObjectKind.TEXT for thing in things):
            return False
        return not things or rendering.ink_in(frame.sheet) is None
    finally:
        page.close()
