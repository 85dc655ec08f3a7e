"""PDF/A: a screen PDF as an archive keeps it (ISO 19005-2 and 19005-3, level A).

Beside its tags, which it has, a file needs a profile for its colours, printed annotations, images
that viewers do not smooth, and metadata that describe the properties of the PDF/UA claim.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from makeready.images.colour_profiles import srgb_profile
from makeready.pdf.ua_claim import END_OF_PACKET

_PRINT = 4
_CONDITION = "sRGB IEC61966-2.1"
_IDENTIFICATION = """<rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="{part}" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def as_pdfa(file: bytes, conformance: str) -> bytes:
    """Return a tagged PDF as one of PDF/A; ``conformance`` is ``2a`` or ``3a``.

    The claim of PDF/UA in its metadata is kept, and the property that it is made by is described.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(file)) as pdf:
        _set_output_intent(pdf)
        for annotation in _annotations(pdf):
            annotation.F = _PRINT
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and "/Interpolate" in item:
                del item["/Interpolate"]
        packet = pdf.Root.Metadata.read_bytes()
        added = _IDENTIFICATION.format(part=conformance[0]).encode()
        packet = packet.replace(END_OF_PACKET, added + END_OF_PACKET, 1)
        pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _set_output_intent(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(srgb_profile(), N=3)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String(_CONDITION),
                Info=String(_CONDITION),
                DestOutputProfile=profile,
            )
        ]
    )


def _annotations(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        yield from page.obj.get("/Annots", ())
