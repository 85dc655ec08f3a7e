"""Check of the PDF/X standard that a finished file names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf.models import PdfMetadata

from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.resources import entries, entry, painting_objects
from makeready.wording import counted

STANDARD_NAMES = {
    "x-1a:2001": "PDF/X-1:2001",
    "x-3:2002": "PDF/X-3:2002",
    "x-4": "PDF/X-4",
}
"""The name of a standard in a file, by its value of ``pdf_x``."""

_VERSIONS = {"x-1a:2001": "1.3", "x-3:2002": "1.3", "x-4": "1.6"}
_REFUSED_FILTERS = {"/LZWDecode": "it uses LZW compression"}
_LATER_FILTERS = {
    "/JPXDecode": "an image uses JPEG 2000, which needs a later PDF version",
    "/JBIG2Decode": "an image uses JBIG2, which needs a later PDF version",
}
_NO_TRANSFER_CURVE = frozenset({"/Default", "/Identity"})
_TRAPPED_VALUES = frozenset({"/True", "/False"})


def check_standard(
    pdf: pikepdf.Pdf, pdf_x: str, findings: Findings, location: SourceLocation
) -> None:
    """Check a file against ISO 15930-1, 15930-3 or 15930-7, apart from its colours.

    If it names another standard or none, only that is reported.
    """
    if pdf_x == "none":
        return
    wanted, named = STANDARD_NAMES[pdf_x], named_standard(pdf)
    if named == wanted:
        reasons = list(_faults(pdf, pdf_x))
    else:
        reasons = [f"it claims {named}" if named else "it claims no PDF/X standard"]
    for reason in reasons:
        findings.add("PRN-015", location, standard=wanted, reason=reason)


def claims(pdf: pikepdf.Pdf, pdf_x: str) -> bool:
    """Return whether a file names a standard as its own."""
    return pdf_x != "none" and named_standard(pdf) == STANDARD_NAMES[pdf_x]


def _faults(pdf: pikepdf.Pdf, pdf_x: str) -> Iterator[str]:
    info = pdf.docinfo
    if pdf_x == "x-1a:2001" and str(info.get("/GTS_PDFXConformance", "")) != "PDF/X-1a:2001":
        yield "its GTS_PDFXConformance is not PDF/X-1a:2001"
    if tuple(map(int, pdf.pdf_version.split("."))) > tuple(map(int, _VERSIONS[pdf_x].split("."))):
        yield f"it is PDF {pdf.pdf_version}, later than {_VERSIONS[pdf_x]}"
    for key in ("/Title", "/CreationDate", "/ModDate"):
        if not str(info.get(key, "")):
            yield f"it has no {key.removeprefix('/')}"
    if str(info.get("/Trapped", "")) not in _TRAPPED_VALUES:
        yield "Trapped is not set"
    if "/ID" not in pdf.trailer:
        yield "it has no file identifier"
    yield from dict.fromkeys(_older_faults(pdf, pdf_x))
    if any(("/TrimBox" in page.obj) == ("/ArtBox" in page.obj) for page in pdf.pages):
        yield "a page does not have exactly one of trim box and art box"
    intents = [i for i in pdf.Root.get("/OutputIntents", ()) if i.get("/S") == "/GTS_PDFX"]
    if len(intents) != 1:
        yield f"it has {counted(len(intents), 'output intent')} for PDF/X instead of 1"
    elif not str(intents[0].get("/OutputConditionIdentifier", "")):
        yield "its output intent names no printing condition"
    elif pdf_x == "x-4" and "/DestOutputProfile" not in intents[0]:
        yield "its output intent has no colour profile"


def _older_faults(pdf: pikepdf.Pdf, pdf_x: str) -> Iterator[str]:
    """Yield forbidden filters, PostScript, OPI and transfer curves in what is painted."""
    refused = _REFUSED_FILTERS | ({} if pdf_x == "x-4" else _LATER_FILTERS)
    for holder, resources in painting_objects(pdf.pages):
        contents = entry(holder, "/Contents")
        written = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        for stream in (holder, *written):
            for name in _filters(stream):
                if name in refused:
                    yield refused[name]
        if entry(holder, "/Subtype") == "/PS":
            yield "it contains PostScript code"
        if entry(holder, "/OPI") is not None:
            yield "an image is a placeholder for another file (OPI)"
        for state in entries(resources, "/ExtGState"):
            curve = (
                state.get("/TR2", "/Default") if "/TR2" in state else state.get("/TR", "/Default")
            )
            if str(curve) not in _NO_TRANSFER_CURVE:
                yield "it has a transfer curve"


def _filters(stream: Any) -> list[str]:
    filters = entry(stream, "/Filter") if isinstance(stream, pikepdf.Stream) else None
    if isinstance(filters, pikepdf.Array):
        return [str(one) for one in filters]
    return [] if filters is None else [str(filters)]


def check_metadata(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> None:
    """Report XMP metadata that are not XMP, or that programs have to guess at."""
    if _metadata(pdf).recovered:
        findings.add("PRN-068", location)


def _metadata(pdf: pikepdf.Pdf) -> PdfMetadata:
    # Not as a context, at whose end pikepdf replaces the file's metadata by what it read.
    return pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)


def named_standard(pdf: pikepdf.Pdf) -> str:
    """Return the name of the standard that a file names, or an empty string."""
    if name := str(pdf.docinfo.get("/GTS_PDFXVersion", "")):
        return name
    return str(_metadata(pdf).get("{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion", ""))
