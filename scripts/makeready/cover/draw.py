"""The cover image typeset, proofread and rendered by the engine."""

from __future__ import annotations

import io

import pypdfium2

from makeready.cover.design import CoverDesign, CoverImage, file_digests
from makeready.engine.fetcher import RecordingFetcher
from makeready.engine.messages import report_messages
from makeready.engine.proofread import Proofreader
from makeready.engine.typesetter import Typesetter, collected_warnings, write_document
from makeready.findings import Findings, SourceLocation
from makeready.templates.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX

_JPEG_QUALITY = 92
_LOCATION = SourceLocation("book.toml")


def draw_cover_image(design: CoverDesign) -> CoverImage:
    """Draw a cover image, with the engine's and the proofreader's findings."""
    fetcher = RecordingFetcher(dict(design.folders))
    typesetter = Typesetter(design.stylesheets, design.fonts, fetcher)
    cover = typesetter.typeset(design.document, 1, on_verso=False)
    findings = Findings()
    with collected_warnings() as messages:
        jpeg = _render_jpeg(write_document(cover.document))
    if len(cover.pages) > 1:
        findings.add("COV-001", _LOCATION)
    Proofreader(design.fonts, findings).check_pages(_LOCATION.path, cover.pages)
    report_messages((*cover.messages, *messages), _LOCATION, findings)
    shown = file_digests(design.folders, sorted(fetcher.requested))
    return CoverImage(jpeg, tuple(findings), shown)


def _render_jpeg(content: bytes) -> bytes:
    """Render the first page of a PDF as an RGB JPEG of 1600 × 2560 pixels."""
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[0]
        bitmap = page.render(scale=COVER_WIDTH_PX / page.get_width())
        image = bitmap.to_pil().convert("RGB").resize((COVER_WIDTH_PX, COVER_HEIGHT_PX))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()
