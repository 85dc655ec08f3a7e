"""Checks of a PDF's catalog: that it is tagged, its language and its title."""

from __future__ import annotations

import pikepdf

from makeready.checks.reading.document import font_name, is_embedded, program_of
from makeready.checks.reading.shown_fonts import listed_fonts, shown_fonts
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.resources import entry


def check_catalog(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    """Report a PDF without tags, without a language, or whose title is not shown."""
    if not entry(pdf.Root, "/MarkInfo", "/Marked") or "/StructTreeRoot" not in pdf.Root:
        findings.add("ACC-001", location)
    if not str(pdf.Root.get("/Lang", "")):
        findings.add("ACC-002", location)
    if not str(pdf.docinfo.get("/Title", "")).strip():
        findings.add("ACC-003", location, reason="the file has none")
    elif not entry(pdf.Root, "/ViewerPreferences", "/DisplayDocTitle"):
        findings.add("ACC-003", location, reason="it is set to show the file name")


def check_fonts(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    """Report the fonts that text is set in and that are not embedded."""
    missing = [font for font in listed_fonts(pdf.pages) if not _has_program(font)]
    for font in shown_fonts(pdf, missing):
        findings.add("PRN-004", location, font=font_name(program_of(font)))


def _has_program(font: pikepdf.Dictionary) -> bool:
    """Return whether a font is embedded, or has its glyphs in itself."""
    return font.get("/Subtype") == "/Type3" or is_embedded(program_of(font))
