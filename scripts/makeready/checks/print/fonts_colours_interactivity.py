"""Checks of a print PDF's fonts, its colours, and content that only a screen can use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import pikepdf

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, ColourUse, UseKind
from makeready.checks.reading.document import (
    font_name,
    is_embedded,
    is_subset,
    pages_text,
    program_of,
)
from makeready.checks.reading.shown_fonts import listed_fonts, shown_fonts
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.resources import entry


class _Rules(NamedTuple):
    """The ids of the rules for screen colours, for spot colours, and for CMYK in a black book."""

    paint: str
    image: str
    spot: str
    coloured: str

    def of(self, use: ColourUse) -> str:
        """Return the rule that a colour use violates."""
        if use.kind is UseKind.SPOT:
            return self.spot
        if use.space == "DeviceCMYK":
            return self.coloured
        return self.paint if use.kind is UseKind.PAINT else self.image


_REFUSED = _Rules("PRN-007", "PRN-008", "PRN-026", "PRN-028")
_CONVERTED = _Rules("PRN-060", "PRN-061", "PRN-027", "PRN-029")
_REPORTED_KINDS = (UseKind.PAINT, UseKind.IMAGE, UseKind.SPOT)
_PROFILED_GREYS = frozenset({"CalGray", "ICCBased grey"})
_SCREEN_SPACES = frozenset({"DeviceRGB", "CalRGB", "ICCBased"})


def check_fonts(
    pdf: pikepdf.Pdf,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
) -> None:
    """Report fonts in use that are of Type 3, not embedded, or whole where subsets are needed."""
    rule_of = partial(_font_rule, needs_subsets=requirements.profile.rules.file.fonts == "subsets")
    faulty = [font for font in listed_fonts(pdf.pages) if rule_of(program_of(font))]
    for font in map(program_of, shown_fonts(pdf, faulty)):
        values = {"font": font_name(font), "printer": requirements.printer}
        findings.add(rule_of(font), location, **values)


def _font_rule(font: pikepdf.Dictionary, *, needs_subsets: bool) -> str:
    """Return the rule that a font violates, or an empty string."""
    if font.get("/Subtype") == "/Type3":
        return "PRN-006"
    if not is_embedded(font):
        return "PRN-004"
    return "PRN-005" if needs_subsets and not is_subset(font) else ""


def check_colour(
    colours: Colours,
    requirements: PrintRequirements,
    findings: Findings,
    location: SourceLocation,
    *,
    cover: bool = False,
) -> None:
    """Report the pages with colours that the printer does not accept."""
    rules, accepted = _colour_rules(requirements), accepted_spaces(requirements, cover=cover)
    for use, numbers in sorted(colours.items(), key=lambda item: (item[1], item[0].space)):
        if use.kind in _REPORTED_KINDS and not _is_accepted(use, accepted):
            values = {"space": use.space, "printer": requirements.printer}
            findings.add(rules.of(use), location, pages=pages_text(numbers), **values)


def accepted_spaces(requirements: PrintRequirements, *, cover: bool = False) -> frozenset[str]:
    """Return the colours accepted in an interior or a cover.

    They are ``cmyk``, ``srgb``, ``spot`` and ``profiled grey``: a grey with a profile stays grey
    where the printer converts colours.
    """
    colour = requirements.profile.rules.colour
    if colour is None:
        return frozenset({"cmyk", "spot"})
    inside = colour.black if requirements.black_only else (*colour.colour, "cmyk")
    accepted: set[str] = {*colour.cover, "cmyk"} if cover else set(inside)
    if colour.spot is not False:
        accepted.add("spot")
    if colour.others == "converted":
        accepted.add("profiled grey")
    if requirements.pdf_x.startswith("x-1a"):
        accepted -= {"srgb", "profiled grey"}
    return frozenset(accepted)


def _colour_rules(requirements: PrintRequirements) -> _Rules:
    """Return the rules for colours that are not accepted."""
    colour = requirements.profile.rules.colour
    if colour is None or colour.others != "converted":
        return _REFUSED
    if requirements.pdf_x.startswith("x-1a"):
        # PDF/X-1a allows CMYK and spot colours.
        return _CONVERTED._replace(paint=_REFUSED.paint, image=_REFUSED.image)
    return _CONVERTED


def _is_accepted(use: ColourUse, accepted: frozenset[str]) -> bool:
    if use.kind is UseKind.SPOT:
        return "spot" in accepted
    if use.space == "DeviceCMYK":
        return "cmyk" in accepted
    if use.space in _PROFILED_GREYS:
        return "profiled grey" in accepted
    return "srgb" in accepted and use.space in _SCREEN_SPACES


def check_interactive_content(
    pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation
) -> None:
    """Report content that only a screen can use, and encryption."""
    if pdf.is_encrypted:
        findings.add("PRN-012", location)
    annotated = [n for n, page in enumerate(pdf.pages, start=1) if page.obj.get("/Annots")]
    if annotated:
        findings.add("PRN-009", location, pages=pages_text(annotated))
    if entry(pdf.Root, "/Outlines", "/First") is not None:
        findings.add("PRN-010", location)
    for feature in _active_features(pdf):
        findings.add("PRN-011", location, feature=feature)
    if _has_attachments(pdf):
        findings.add("PRN-014", location, feature="attached files")
    if "/OCProperties" in pdf.Root:
        findings.add("PRN-014", location, feature="layers")


def _active_features(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    action = root.get("/OpenAction")
    if entry(root, "/Names", "/JavaScript") is not None:
        yield "scripts"
    # An array is only the page to open at.
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


def _has_attachments(pdf: pikepdf.Pdf) -> bool:
    """Return whether a PDF has attached files: by name, at a page, or in an annotation."""
    if entry(pdf.Root, "/Names", "/EmbeddedFiles") is not None:
        return True
    if any(entry(holder, "/AF") for holder in (pdf.Root, *(page.obj for page in pdf.pages))):
        return True
    return any(entry(note, "/Subtype") == "/FileAttachment" for note in _annotations(pdf))
