"""All that a printer would find in an interior: its structure, and what is painted on its pages."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2

from makeready.book.model import Book
from makeready.checks.boxes import Frame, frames, has_bleed, is_far_larger
from makeready.checks.colour import Colours
from makeready.checks.counting import check_blanks
from makeready.checks.demands import Demands
from makeready.checks.fineness import Fineness
from makeready.checks.interior import check_structure
from makeready.checks.margins import Margins
from makeready.checks.pdf import opened, words_of
from makeready.checks.placed import Kind, placed
from makeready.checks.places import Places
from makeready.checks.seen import Rendering
from makeready.checks.small_text import SmallText
from makeready.checks.total_ink import Tell, check_total_ink, tell_nobody
from makeready.findings import Findings, SourceLocation


def prove_interior(
    path: Path,
    demands: Demands,
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
        colours = check_structure(path, pdf, demands, findings)
        if not len(pdf.pages):
            return
        try:
            _measure(path, pdf, colours, demands, findings, book)
        except (pypdfium2.PdfiumError, pikepdf.PdfError, ValueError, TypeError) as error:
            # A file that is told to be broken is not told so twice.
            if len(findings.errors) == before:
                findings.add("PRN-052", location, reason=words_of(error, path))
            return
        near = {n for n, p in enumerate(pdf.pages, 1) if not is_far_larger(p, demands)}
        inked = {use: sorted(near.intersection(pages)) for use, pages in colours.items()}
        check_total_ink(path, pdf, inked, demands, findings, tell=tell)


def _measure(
    path: Path,
    pdf: pikepdf.Pdf,
    colours: Colours,
    demands: Demands,
    findings: Findings,
    book: Book | None,
) -> None:
    location = SourceLocation(path.name)
    bleeds = has_bleed(pdf, demands)
    margins = Margins(demands, len(pdf.pages), bleeds=bleeds)
    fineness = Fineness(demands)
    small_text = SmallText(pdf, colours, demands)
    blank: dict[int, bool] = {}
    with pypdfium2.PdfDocument(path) as document:
        for frame in frames(pdf, demands, bleeds=bleeds):
            page = document[frame.number - 1]
            blank[frame.number] = _measure_page(page, frame, margins, fineness, small_text)
    places = Places(location, book)
    margins.report(places, findings)
    fineness.report(places, findings)
    small_text.report(places, findings)
    check_blanks(blank, len(pdf.pages), demands, findings, location)


def _measure_page(
    page: pypdfium2.PdfPage,
    frame: Frame,
    margins: Margins,
    fineness: Fineness,
    small_text: SmallText,
) -> bool:
    """Measure one page, and tell whether it is blank."""
    try:
        things = list(placed(page))
        rendering = Rendering(page, frame)
        margins.measure(frame, things, rendering)
        fineness.measure(frame, things)
        small_text.measure(frame, things)
        if any(thing.kind is Kind.TEXT for thing in things):
            return False
        return not things or rendering.ink_in(frame.sheet) is None
    finally:
        page.close()
