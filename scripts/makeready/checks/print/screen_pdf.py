"""Checks of a finished screen PDF: structure, language, title, navigation."""

from __future__ import annotations

from pathlib import Path

from makeready.book.model import Edition
from makeready.checks.reading.document import check_page_size, open_pdf
from makeready.checks.tagged_pdf.catalog import check_catalog, check_fonts
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.resources import entry


def check_screen(path: Path, edition: Edition, findings: Findings) -> None:
    """Check a finished screen PDF: tags, language, title, page labels, bookmarks, fonts, size."""
    location = SourceLocation(path.name)
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return
        check_catalog(pdf, findings, location)
        if not (entry(pdf.Root, "/PageLabels", "/Nums") or entry(pdf.Root, "/PageLabels", "/Kids")):
            findings.add("ACC-004", location)
        if entry(pdf.Root, "/Outlines", "/First") is None:
            findings.add("ACC-005", location)
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        check_page_size(pdf, trim, findings, location, may_be_turned=True)
        check_fonts(pdf, findings, location)
