"""The engine's part in the cover's picture: its layout typeset, proofread and painted."""

from __future__ import annotations

import io

import pypdfium2

from makeready.cover.design import Design, Picture, digests
from makeready.engine.fetcher import RecordingFetcher
from makeready.engine.messages import report_messages
from makeready.engine.proofread import Proofreader
from makeready.engine.typesetter import Typesetter, collected_warnings
from makeready.findings import Findings, SourceLocation
from makeready.templates.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX

_JPEG_QUALITY = 92
_LOCATION = SourceLocation("book.toml")


def draw_picture(design: Design) -> Picture:
    """Draw a cover; whatever the engine or the proofreader sees is a finding."""
    fetcher = RecordingFetcher(dict(design.folders))
    typesetter = Typesetter(design.stylesheets, design.fonts, fetcher)
    cover = typesetter.typeset(design.markup, 1, on_verso=False)
    findings = Findings()
    with collected_warnings() as said:
        jpeg = _painted(cover.document.write_pdf())
    if len(cover.pages) > 1:
        findings.add("COV-001", _LOCATION)
    Proofreader(design.fonts, findings).check_pages(_LOCATION.path, cover.pages)
    report_messages((*cover.messages, *said), _LOCATION, findings)
    return Picture(jpeg, tuple(findings), digests(design.folders, sorted(fetcher.requested)))


def _painted(content: bytes) -> bytes:
    """Paint the first page of a PDF as an RGB JPEG of 1600 × 2560 pixels."""
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[0]
        bitmap = page.render(scale=COVER_WIDTH_PX / page.get_width())
        picture = bitmap.to_pil().convert("RGB").resize((COVER_WIDTH_PX, COVER_HEIGHT_PX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()
