"""PDF/X: the entries by which a file claims conformance to a standard for print exchange.

X-1a:2001 and X-3:2002 are named in the document information (ISO 15930-1 and 15930-3, 6.1), X-4
in the XMP metadata (ISO 15930-7, 6.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from html import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from makeready.printers.printing_condition import printing_condition

PDF_VERSIONS = {"none": "1.3", "x-1a:2001": "1.3", "x-3:2002": "1.3", "x-4": "1.6"}
"""The PDF version of a file, by its standard."""

_INFO_ENTRIES = {
    "x-1a:2001": {
        "/GTS_PDFXVersion": "PDF/X-1:2001",
        "/GTS_PDFXConformance": "PDF/X-1a:2001",
    },
    "x-3:2002": {"/GTS_PDFXVersion": "PDF/X-3:2002"},
}
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<xmpMM:DocumentID>uuid:{identifier}</xmpMM:DocumentID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


def write_pdfx(pdf: pikepdf.Pdf, catalog: pikepdf.Object, info: pikepdf.Object, pdf_x: str) -> None:
    """Write the standard and the printing condition into the catalog and the information.

    ``pdf_x`` is a key of `PDF_VERSIONS`.
    """
    info.Trapped = Name("/False")
    if pdf_x == "none":
        return
    for key, value in _INFO_ENTRIES.get(pdf_x, {}).items():
        info[key] = String(value)
    catalog.OutputIntents = Array([_output_intent(pdf, with_profile=pdf_x == "x-4")])
    if pdf_x == "x-4":
        entries = {key: str(value) for key, value in info.items()}
        metadata = pdf.make_stream(_xmp(entries))
        metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
        catalog.Metadata = metadata


def _output_intent(pdf: pikepdf.Pdf, *, with_profile: bool) -> Dictionary:
    """Return the output intent; only X-4 needs the profile of a registered condition in it."""
    condition = printing_condition()
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(condition.identifier),
        OutputCondition=String(condition.condition),
        RegistryName=String(condition.registry),
        Info=String(condition.condition),
    )
    if with_profile:
        profile = pdf.make_stream(condition.profile.read_bytes())
        profile.N = 4
        intent.DestOutputProfile = profile
    return intent


def _xmp(info: Mapping[str, str]) -> bytes:
    """Return the XMP packet of an X-4 file, from the document information."""
    digest = hashlib.sha256(repr(sorted(info.items())).encode()).hexdigest()
    identifier = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    return _XMP.format(
        title=escape(info.get("/Title", ""), quote=False),
        author=escape(info.get("/Author", ""), quote=False),
        producer=escape(info.get("/Producer", ""), quote=False),
        date=_xmp_date(info.get("/CreationDate", "")),
        identifier=identifier,
    ).encode()


def _xmp_date(date: str) -> str:
    """Convert a date in PDF's form, in UTC, to one in XMP's."""
    d = date.removeprefix("D:")
    return f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}Z"
