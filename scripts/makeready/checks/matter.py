"""What a file for the press is made of: fonts, inks, and nothing that is for a screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pikepdf

from makeready.checks.colour import ColourReader, ColourUse, Use
from makeready.checks.demands import Demands
from makeready.checks.painted import entry
from makeready.checks.pdf import font_name, fonts, in_words, is_embedded, is_subset
from makeready.findings import Findings, SourceLocation

_REFUSED = {Use.PAINT: "PRN-007", Use.IMAGE: "PRN-008"}
_CONVERTED = {Use.PAINT: "PRN-060", Use.IMAGE: "PRN-061"}
_OF_SCREENS = frozenset({"DeviceRGB", "CalRGB", "ICCBased"})


def check_fonts(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    """Find the fonts that are not embedded, that are whole, or that are drawings."""
    for font in fonts(pdf):
        name = font_name(font)
        if font.get("/Subtype") == "/Type3":
            findings.add("PRN-006", location, font=name)
        elif not is_embedded(font):
            findings.add("PRN-004", location, font=name)
        elif not is_subset(font):
            findings.add("PRN-005", location, font=name)


def check_colour(
    pdf: pikepdf.Pdf,
    demands: Demands,
    findings: Findings,
    location: SourceLocation,
    *,
    cover: bool = False,
) -> None:
    """Find the pages that are painted in colours that are not of ink and not the printer's."""
    rules, taken = _colour_rules(demands, cover=cover)
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
        if not (taken and use.space in _OF_SCREENS):
            values = {"space": use.space, "printer": demands.printer}
            findings.add(rules[use.use], location, pages=in_words(numbers), **values)


def _colour_rules(demands: Demands, *, cover: bool) -> tuple[dict[Use, str], bool]:
    """Return the rules for spaces that are not of ink, and whether screens' own are taken."""
    colour = demands.profile.rules.colour
    if colour is None or demands.pdf_x.startswith("x-1a"):
        return _REFUSED, False
    spaces = colour.cover if cover else colour.black if demands.black_only else colour.colour
    rules = _CONVERTED if colour.others == "converted" else _REFUSED
    return rules, "srgb" in spaces


def check_screen_matter(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    """Find what a screen can use and a press cannot, a password among it."""
    if pdf.is_encrypted:
        findings.add("PRN-012", location)
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
