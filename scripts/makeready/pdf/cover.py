"""The front cover as a picture, from the same layout as the printed wrap."""

from __future__ import annotations

import io

import pypdfium2

from makeready.book.model import Book
from makeready.findings import Findings, SourceLocation
from makeready.layout.cover import cover_document
from makeready.layout.environment import Layouts
from makeready.pdf.proofread import Proofreader
from makeready.pdf.typeset import TypesetSection, Typesetter

COVER_WIDTH_PX, COVER_HEIGHT_PX = 1600, 2560
"""What every store takes: specifications section 5.4."""

_JPEG_QUALITY = 92


def cover_rule(width_pt: float, height_pt: float) -> str:
    """Return the page rule of a front cover; its design is drawn 36 rem wide."""
    return (
        f"@page{{size:{width_pt:g}pt {height_pt:g}pt;margin:0}}"
        f"html{{font-size:{width_pt / 36:g}pt}}:root{{--height:{height_pt:g}pt}}"
    )


def typeset_cover(
    book: Book, layouts: Layouts, typesetter: Typesetter, findings: Findings
) -> TypesetSection:
    """Typeset the front cover; whatever the engine or the proofreader sees is a finding."""
    cover = typesetter.typeset(cover_document(book, layouts), 1, on_verso=False)
    location = SourceLocation("book.toml")
    for message in cover.messages:
        findings.add("LAY-001", location, message=message)
    if len(cover.pages) > 1:
        findings.add("COV-001", location)
    Proofreader(typesetter.faces, findings).read("book.toml", cover.pages)
    return cover


def cover_jpeg(cover: TypesetSection) -> bytes:
    """Paint the cover as an RGB JPEG of 1600 × 2560 pixels."""
    with pypdfium2.PdfDocument(cover.document.write_pdf()) as pdf:
        page = pdf[0]
        bitmap = page.render(scale=COVER_WIDTH_PX / page.get_width())
        picture = bitmap.to_pil().convert("RGB").resize((COVER_WIDTH_PX, COVER_HEIGHT_PX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()
