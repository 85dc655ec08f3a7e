"""All rules of PDF/UA-1 that are checked, on one tagged PDF of any program."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from makeready.book.model import Book
from makeready.checks.reading.document import open_pdf
from makeready.checks.reading.tagged_document import read_tagged_document
from makeready.checks.tagged_pdf.annotations import check_annotations
from makeready.checks.tagged_pdf.catalog import check_catalog, check_fonts
from makeready.checks.tagged_pdf.file import check_file
from makeready.checks.tagged_pdf.marks import check_marks
from makeready.checks.tagged_pdf.reported import Reporter
from makeready.checks.tagged_pdf.structure import check_structure
from makeready.checks.tagged_pdf.words import check_words
from makeready.errors import EngineError
from makeready.external.verapdf import run_verapdf
from makeready.findings import Findings, SourceLocation


def check_tags(
    pdf: pikepdf.Pdf,
    location: SourceLocation,
    findings: Findings,
    book: Book | None = None,
    *,
    with_text: bool = True,
) -> None:
    """Check the tags of a PDF that has them; text is looked up in the manuscript of a book.

    Without text a file of our own is checked faster, by all rules but those about words.
    """
    document = read_tagged_document(pdf, with_text=with_text)
    if document is None:
        return
    report = Reporter(document, findings, location, book)
    for check in (check_file, check_marks, check_annotations, check_structure, check_words):
        check(document, report)


def check_tagged_file(path: Path, findings: Findings, timeout_seconds: float = 300) -> None:
    """Check a PDF of any program for readers with assistive technology.

    veraPDF checks it too, where it is installed, and its failures keep their ids.
    """
    location = SourceLocation(path.name)
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return
        check_catalog(pdf, findings, location)
        check_fonts(pdf, findings, location)
        check_tags(pdf, location, findings)
    check_with_verapdf(path, findings, timeout_seconds)


def check_tagged_screen(path: Path, findings: Findings, book: Book) -> None:
    """Check the tags of a screen edition; its catalog and fonts are checked with its pages."""
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return
        check_tags(pdf, SourceLocation(path.name), findings, book)
    check_with_verapdf(path, findings)


def check_with_verapdf(path: Path, findings: Findings, timeout_seconds: float = 300) -> None:
    """Add the failures that veraPDF finds, where it is installed."""
    try:
        failures = run_verapdf([path], timeout_seconds=timeout_seconds) or {}
    except EngineError as error:
        reason, hint = error.message.rstrip("."), error.hint
        findings.add("PRN-069", SourceLocation(path.name), reason=reason, hint=hint)
        return
    for failure in failures.get(path, ()):
        findings.append(failure)
