"""Checks of a tagged PDF as a whole: title, languages, tags of its own, encryption, fonts."""

from __future__ import annotations

import re

import pikepdf

from makeready.checks.reading.document import font_name, pages_text, program_of
from makeready.checks.reading.tagged_document import TaggedDocument
from makeready.checks.tagged_pdf.reported import Reporter
from makeready.pdf_content.resources import entry
from makeready.pdf_content.structure_tree import text_of

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MALFORMED_METADATA = (pikepdf.PikepdfError, ValueError, KeyError, SyntaxError)


def check_file(document: TaggedDocument, report: Reporter) -> None:
    """Check the file as a whole."""
    pdf = document.pdf
    if entry(pdf.Root, "/MarkInfo", "/Suspects") is True:
        report.of_file("ACC-030")
    if reason := _title_fault(pdf):
        report.of_file("ACC-031", reason=reason)
    if pdf.is_encrypted and not pdf.allow.accessibility:
        report.of_file("ACC-032")
    for tag, reason in document.tree.unmapped.items():
        report.of_file("ACC-033", tag=tag, reason=reason)
    _check_languages(document, report)
    if document.tree.reached_twice:
        report.of_file("ACC-035", count=document.tree.reached_twice)
    if document.contents.unreadable:
        pages = pages_text(number + 1 for number in document.contents.unreadable)
        report.of_file("ACC-036", pages=pages)
    for font, codes in document.contents.undecoded.values():
        name = font_name(program_of(font))
        report.of_file("ACC-037", font=name, count=len(codes))
    for font, codes in document.contents.missing_glyphs.values():
        report.of_file("ACC-063", font=font_name(program_of(font)), count=codes.total())


def _title_fault(pdf: pikepdf.Pdf) -> str:
    """Return why the metadata name no title, or nothing."""
    if not isinstance(pdf.Root.get("/Metadata"), pikepdf.Stream):
        return "the file has none"
    try:
        metadata = pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
        title = metadata.get("dc:title")
    except _MALFORMED_METADATA:
        return "they cannot be read"
    return "" if title and str(title).strip() else "dc:title is missing or empty"


def _check_languages(document: TaggedDocument, report: Reporter) -> None:
    whole = text_of(document.pdf.Root.get("/Lang"))
    if whole and not _LANGUAGE.fullmatch(whole):
        report.of_file("ACC-034", language=whole, where="", words="")
    for element in document.elements:
        if element.language and not _LANGUAGE.fullmatch(element.language):
            report.of_element("ACC-034", element, language=element.language)
