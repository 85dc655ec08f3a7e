"""What a file for the press is made of: fonts, inks, and nothing that is for a screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, ColourUse, Use
from makeready.checks.reading.document import font_name, fonts, in_words, is_embedded, is_subset
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.resources import entry


class _Rules(NamedTuple):
    """The rules for what is not of ink, for spot colours, and for CMYK in a book in black."""

    paint: str
    image: str
    spot: str
    coloured: str

    def of(self, use: ColourUse) -> str:
        """Return the rule that a colour is against."""
        if use.use is Use.SPOT:
            return self.spot
        if use.space == "DeviceCMYK":
            return self.coloured
        return self.paint if use.use is Use.PAINT else self.image


_REFUSED = _Rules("PRN-007", "PRN-008", "PRN-026", "PRN-028")
_CONVERTED = _Rules("PRN-060", "PRN-061", "PRN-027", "PRN-029")
_TOLD = (Use.PAINT, Use.IMAGE, Use.SPOT)
_GREY = frozenset({"CalGray", "ICCBased grey"})
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
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
    *,
    cover: bool = False,
) -> None:
    """Find the pages that are painted in colours that are not of ink and not the printer's."""
    rules, taken = _colour_rules(requirements), taken_spaces(requirements, cover=cover)
    for use, numbers in sorted(colours.items(), key=lambda item: (item[1], item[0].space)):
        if use.use in _TOLD and not _is_taken(use, taken):
            values = {"space": use.space, "printer": requirements.printer}
            findings.add(rules.of(use), location, pages=in_words(numbers), **values)


def taken_spaces(requirements: PrintRequirements, *, cover: bool = False) -> frozenset[str]:
    """Return what is taken of an interior or a cover.

    ``cmyk``, ``srgb``, ``spot``, and ``profiled grey``: a grey with a profile stays grey
    wherever colours are converted.
    """
    colour = requirements.profile.rules.colour
    if colour is None:
        return frozenset({"cmyk", "spot"})
    inside = colour.black if requirements.black_only else (*colour.colour, "cmyk")
    taken: set[str] = {*colour.cover, "cmyk"} if cover else set(inside)
    if colour.spot is not False:
        taken.add("spot")
    if colour.others == "converted":
        taken.add("profiled grey")
    if requirements.pdf_x.startswith("x-1a"):
        taken -= {"srgb", "profiled grey"}
    return frozenset(taken)


def _colour_rules(requirements: PrintRequirements) -> _Rules:
    """Return the rules for what is not taken."""
    colour = requirements.profile.rules.colour
    if colour is None or colour.others != "converted":
        return _REFUSED
    if requirements.pdf_x.startswith("x-1a"):
        # The standard has nothing against CMYK and spot colours.
        return _CONVERTED._replace(paint=_REFUSED.paint, image=_REFUSED.image)
    return _CONVERTED


def _is_taken(use: ColourUse, taken: frozenset[str]) -> bool:
    if use.use is Use.SPOT:
        return "spot" in taken
    if use.space == "DeviceCMYK":
        return "cmyk" in taken
    if use.space in _GREY:
        return "profiled grey" in taken
    return "srgb" in taken and use.space in _OF_SCREENS


def check_interactive_content(
    pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation
) -> None:
    """Find what a screen can use and a press cannot, a password among it."""
    if pdf.is_encrypted:
        findings.add("PRN-012", location)
    annotated = [n for n, page in enumerate(pdf.pages, start=1) if page.obj.get("/Annots")]
    if annotated:
        findings.add("PRN-009", location, pages=in_words(annotated))
    if entry(pdf.Root, "/Outlines", "/First") is not None:
        findings.add("PRN-010", location)
    for what in _programs(pdf):
        findings.add("PRN-011", location, feature=what)
    if _carries_files(pdf):
        findings.add("PRN-014", location, feature="attached files")
    if "/OCProperties" in pdf.Root:
        findings.add("PRN-014", location, feature="layers")


def _programs(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    action = root.get("/OpenAction")
    if entry(root, "/Names", "/JavaScript") is not None:
        yield "scripts"
    # An array is a place to open at, which sets nothing off.
    if isinstance(action, pikepdf.Dictionary) and (
        action.get("/S") != "/GoTo" or "/Next" in action
    ):
        yield "an action that runs on opening"
    holders = [root, *(page.obj for page in pdf.pages), *_annotations(pdf)]
    if any(entry(holder, "/AA") is not None for holder in holders):
        yield "actions that run while it is read"
    if entry(root, "/AcroForm", "/Fields") or entry(root, "/AcroForm", "/XFA") is not None:
        yield "form fields"


def _annotations(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        yield from page.obj.get("/Annots", ())


def _carries_files(pdf: pikepdf.Pdf) -> bool:
    """Tell whether other files are in a file: by name, beside a page, or in a comment."""
    if entry(pdf.Root, "/Names", "/EmbeddedFiles") is not None:
        return True
    if any(entry(holder, "/AF") for holder in (pdf.Root, *(page.obj for page in pdf.pages))):
        return True
    return any(entry(note, "/Subtype") == "/FileAttachment" for note in _annotations(pdf))
