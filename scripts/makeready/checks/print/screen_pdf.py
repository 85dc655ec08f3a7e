"""Checks of a finished screen PDF: structure, language, title, navigation."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from makeready.book.model import Edition
from makeready.checks.reading.document import (
    check_page_size,
    font_name,
    is_embedded,
    open_pdf,
    program_of,
)
from makeready.checks.reading.shown_fonts import listed_fonts, shown_fonts
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.resources import entry


def check_screen(path: Path, edition: Edition, findings: Findings) -> None:
    """Check a finished screen PDF: tags, language, title, page labels, bookmarks, fonts, size."""
    location = SourceLocation(path.name)
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return
        root = pdf.Root
        if not entry(root, "/MarkInfo", "/Marked") or "/StructTreeRoot" not in root:
            findings.add("ACC-001", location)
        if not str(root.get("/Lang", "")):
            findings.add("ACC-002", location)
        _check_title(pdf, findings, location)
        if not (entry(root, "/PageLabels", "/Nums") or entry(root, "/PageLabels", "/Kids")):
            findings.add("ACC-004", location)
        if entry(root, "/Outlines", "/First") is None:
            findings.add("ACC-005", location)
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        check_page_size(pdf, trim, findings, location, may_be_turned=True)
        missing = [font for font in listed_fonts(pdf.pages) if not _has_program(font)]
        for font in shown_fonts(pdf, missing):
            findings.add("PRN-004", location, font=font_name(program_of(font)))


def _has_program(font: pikepdf.Dictionary) -> bool:
    """Return whether a font is embedded, or has its glyphs in itself."""
    return font.get("/Subtype") == "/Type3" or is_embedded(program_of(font))


def _check_title(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    if not str(pdf.docinfo.get("/Title", "")).strip():
        findings.add("ACC-003", location, reason="the file has none")
    elif not entry(pdf.Root, "/ViewerPreferences", "/DisplayDocTitle"):
        findings.add("ACC-003", location, reason="it is set to show the file name")
