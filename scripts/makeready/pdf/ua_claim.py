"""The claim in a PDF's metadata that it conforms to PDF/UA-1 (ISO 14289-1, clause 5).

The metadata have a place for it, blank until the finished file has passed the rules: writing it
there changes the length of nothing.
"""

from __future__ import annotations

import re

_ENGINES_CLAIM = re.compile(
    rb'<rdf:Description rdf:about="" pdfuaid:part="\d+" */>| xmlns:pdfuaid="[^"]*"'
)
END_OF_PACKET = b"</rdf:RDF>"
_CLAIM = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" '
    b'pdfuaid:part="1"/>'
)
_PLACE = b" " * len(_CLAIM)


def with_place_for_claim(packet: bytes) -> bytes:
    """Return an XMP packet with a place for the claim, without the claim of the engine.

    The engine makes it in every tagged file.
    """
    return _ENGINES_CLAIM.sub(b"", packet).replace(END_OF_PACKET, _PLACE + END_OF_PACKET, 1)


def with_claim(file: bytes) -> bytes:
    """Return a finished file with the claim; the file as it is if it has no place for it."""
    return file.replace(_PLACE + END_OF_PACKET, _CLAIM + END_OF_PACKET, 1)
