"""All checks of a finished interior: its structure, and what is painted on its pages."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2

from makeready.book.model import Book
from makeready.checks.print.interior import check_structure
from makeready.checks.print.margins import MarginCheck
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.print.resolution import MinimumSizes
from makeready.checks.print.small_text import SmallTextCheck
from makeready.checks.print.total_ink import ProgressCallback, check_total_ink, ignore_progress
from makeready.checks.print.whole_file import check_blanks
from makeready.checks.reading.colour_usage import Colours
from makeready.checks.reading.document import (
    error_text,
    open_pdf,
    pages_text,
    report_unmeasurable,
)
from makeready.checks.reading.form_limit import check_form_count
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import PageFrame, has_bleed, is_far_larger, page_frames
from makeready.checks.reading.page_objects import ObjectKind, page_objects
from makeready.checks.reading.rasteriser import PageRaster
from makeready.findings import Findings, SourceLocation

_PAGES_AT_A_TIME = 40
"""So many pages are one step, which has the time limit for itself."""


def check_interior_pages(
    path: Path,
    requirements: PrintRequirements,
    findings: Findings,
    book: Book | None = None,
    on_progress: ProgressCallback = ignore_progress,
) -> None:
    """Check a finished interior; ``book`` is what it was made of, to locate findings in the text.

    Unlike ``check_interior``, which every build runs, it measures and renders pages.
    ``on_progress`` is called at each step that takes long.
    """
    location = SourceLocation(path.name)
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return
        colours = check_structure(path, pdf, requirements, findings)
        if not len(pdf.pages):
            return
        if not check_form_count(pdf, findings, location):
            return
        try:
            _measure(path, pdf, colours, requirements, findings, book, on_progress)
        except (pypdfium2.PdfiumError, pikepdf.PikepdfError, ValueError, TypeError) as error:
            report_unmeasurable(error_text(error, path), findings, location)
            return
        measurable = {n for n, p in enumerate(pdf.pages, 1) if not is_far_larger(p, requirements)}
        measurable_colours = {
            use: sorted(measurable.intersection(pages)) for use, pages in colours.items()
        }
        check_total_ink(
            path, pdf, measurable_colours, requirements, findings, on_progress=on_progress
        )


def _measure(
    path: Path,
    pdf: pikepdf.Pdf,
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    book: Book | None,
    on_progress: ProgressCallback,
) -> None:
    location, count = SourceLocation(path.name), len(pdf.pages)
    bleeds = has_bleed(pdf, requirements)
    margins = MarginCheck(requirements, count, bleeds=bleeds)
    minimum_sizes = MinimumSizes(requirements)
    small_text = SmallTextCheck(pdf, colours, requirements)
    blank: dict[int, bool] = {}
    with pypdfium2.PdfDocument(path) as document:
        for frame in page_frames(pdf, requirements, bleeds=bleeds):
            if frame.number % _PAGES_AT_A_TIME == 1:
                last = min(frame.number + _PAGES_AT_A_TIME - 1, count)
                on_progress(f"{path.name}, {pages_text(range(frame.number, last + 1))}")
            page = document[frame.number - 1]
            blank[frame.number] = _measure_page(page, frame, margins, minimum_sizes, small_text)
    locator = ManuscriptLocator(location, book)
    margins.report(locator, findings)
    minimum_sizes.report(locator, findings)
    small_text.report(locator, findings)
    check_blanks(blank, count, requirements, findings, location)


def _measure_page(
    page: pypdfium2.PdfPage,
    frame: PageFrame,
    margins: MarginCheck,
    minimum_sizes: MinimumSizes,
    small_text: SmallTextCheck,
) -> bool:
    """Measure one page, and return whether it is blank."""
    try:
        page_items = list(page_objects(page))
        raster = PageRaster(page, frame)
        margins.measure(frame, page_items, raster)
        minimum_sizes.measure(frame, page_items)
        small_text.measure(frame, page_items)
        if any(item.kind is ObjectKind.TEXT for item in page_items):
            return False
        return not page_items or raster.ink_in(frame.media) is None
    finally:
        page.close()
