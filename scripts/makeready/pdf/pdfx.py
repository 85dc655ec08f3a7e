"""What a file says of the standard for exchange with printers that it keeps to: PDF/X.

Of 2001 and 2002 it is said in the Info dictionary (ISO 15930-1 and 15930-3, 6.1), of X-4 in the
XMP metadata (ISO 15930-7, 6.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from makeready.printers.printing_condition import printing_condition

VERSIONS = {"none": "1.3", "x-1a:2001": "1.3", "x-3:2002": "1.3", "x-4": "1.6"}
"""The version of PDF that a file of each standard is written in."""

_IN_INFO = {
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
    """Write into catalogue and Info which standard the file keeps to, and for which condition."""
    info.Trapped = Name("/False")
    if pdf_x == "none":
        return
    for key, value in _IN_INFO.get(pdf_x, {}).items():
        info[key] = String(value)
    catalog.OutputIntents = Array([_intent(pdf, with_profile=pdf_x == "x-4")])
    if pdf_x == "x-4":
        entries = {key: str(value) for key, value in info.items()}
        metadata = pdf.make_stream(_xmp(entries))
        metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
        catalog.Metadata = metadata


def _intent(pdf: pikepdf.Pdf, *, with_profile: bool) -> Dictionary:
    """Name the condition; a registered one needs its profile in the file in X-4 alone."""
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


def _xmp(said: Mapping[str, str]) -> bytes:
    digest = hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()
    identifier = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    return _XMP.format(
        title=escape(said.get("/Title", "")),
        author=escape(said.get("/Author", "")),
        producer=escape(said.get("/Producer", "")),
        date=_iso(said.get("/CreationDate", "")),
        identifier=identifier,
    ).encode()


def _iso(date: str) -> str:
    """Turn a date as PDF writes it into one as XMP does."""
    d = date.removeprefix("D:")
    return f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}Z"
