"""The finished print interior, as a printer would look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from makeready.checks.colour import ColourReader, ColourUse, Use
from makeready.checks.demands import Demands
from makeready.checks.painted import entry
from makeready.checks.pdf import (
    check_page_size,
    font_name,
    fonts,
    in_words,
    is_embedded,
    is_subset,
    opened,
)
from makeready.checks.standard import check_standard
from makeready.findings import Findings, SourceLocation

_COLOUR_RULES = {Use.PAINT: "PRN-007", Use.IMAGE: "PRN-008"}


def check_interior(path: Path, demands: Demands, findings: Findings) -> None:
    """Check a finished interior against what its printer asks; sizes within half a point."""
    location = SourceLocation(path.name)
    with opened(path, findings) as pdf:
        if pdf is None:
            return
        if pdf.is_encrypted:
            findings.add("PRN-012", location)
        check_page_size(pdf, demands.trim, findings, location)
        _check_page_count(len(pdf.pages), demands, findings, location)
        _check_fonts(pdf, findings, location)
        _check_colour(pdf, findings, location)
        _check_screen_matter(pdf, findings, location)
        check_standard(pdf, demands.pdf_x, findings, location)


def _check_page_count(
    count: int, demands: Demands, findings: Findings, location: SourceLocation
) -> None:
    least = demands.least_pages()
    if least is not None and count < least:
        findings.add("PRN-003", location, count=count, least=least)
    elif count % 2:
        findings.add("PRN-002", location, count=count)


def _check_fonts(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    for font in fonts(pdf):
        name = font_name(font)
        if font.get("/Subtype") == "/Type3":
            findings.add("PRN-006", location, font=name)
        elif not is_embedded(font):
            findings.add("PRN-004", location, font=name)
        elif not is_subset(font):
            findings.add("PRN-005", location, font=name)


def _check_colour(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    reader = ColourReader()
    pages: dict[ColourUse, list[int]] = defaultdict(list)
    for number, page in enumerate(pdf.pages, start=1):
        try:
            uses = reader.of_page(page)
        except pikepdf.PdfError as error:
            findings.add("PRN-013", location, reason=f"page {number}: {error}")
            continue
        for use in uses:
            pages[use].append(number)
    for use, numbers in sorted(pages.items(), key=lambda item: (item[1], item[0].space)):
        findings.add(_COLOUR_RULES[use.use], location, pages=in_words(numbers), space=use.space)


def _check_screen_matter(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    """Find what a screen can use and a press cannot."""
    annotated = [n for n, page in enumerate(pdf.pages, start=1) if page.obj.get("/Annots")]
    if annotated:
        findings.add("PRN-009", location, pages=in_words(annotated))
    if entry(pdf.Root, "/Outlines", "/First") is not None:
        findings.add("PRN-010", location)
    for what in _programs(pdf):
        findings.add("PRN-011", location, what=what)
    if entry(pdf.Root, "/Names", "/EmbeddedFiles") is not None:
        findings.add("PRN-014", location, what="files attached to it")
    if "/OCProperties" in pdf.Root:
        findings.add("PRN-014", location, what="layers")


def _programs(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    action = root.get("/OpenAction")
    if entry(root, "/Names", "/JavaScript") is not None:
        yield "scripts"
    # An array is a place to open at, which sets nothing off.
    if isinstance(action, pikepdf.Dictionary) and action.get("/S") != "/GoTo":
        yield "an action that runs when it is opened"
    if "/AA" in root or any("/AA" in page.obj for page in pdf.pages):
        yield "actions that run as it is read"
    if entry(root, "/AcroForm", "/Fields"):
        yield "a form to fill in"
