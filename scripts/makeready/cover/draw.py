"""The engine's part in the cover's picture: its layout typeset, proofread and painted."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
from weasyprint.urls import URLFetcherResponse

from makeready.cover.picture import Design, Picture, digests
from makeready.engine.fetcher import BookFetcher
from makeready.engine.messages import report_messages
from makeready.engine.proofread import Proofreader
from makeready.engine.resources import BASE_URL, name_in
from makeready.engine.typesetter import Typesetter, listening
from makeready.findings import Findings, SourceLocation
from makeready.templates.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX

_JPEG_QUALITY = 92
_LOCATION = SourceLocation("book.toml")


def draw_picture(design: Design) -> Picture:
    """Draw a cover; whatever the engine or the proofreader sees is a finding."""
    fetcher = _NotingFetcher(dict(design.folders))
    typesetter = Typesetter(design.stylesheets, design.faces, fetcher)
    cover = typesetter.typeset(design.markup, 1, on_verso=False)
    findings = Findings()
    with listening() as said:
        jpeg = _painted(cover.document.write_pdf())
    if len(cover.pages) > 1:
        findings.add("COV-001", _LOCATION)
    Proofreader(design.faces, findings).read(_LOCATION.path, cover.pages)
    report_messages((*cover.messages, *said), _LOCATION, findings)
    return Picture(jpeg, tuple(findings), digests(design.folders, sorted(fetcher.asked)))


class _NotingFetcher(BookFetcher):
    """Notes the names of the files that a document asks for, whether they are there or not."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        super().__init__(folders)
        self.asked: set[str] = set()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith(BASE_URL):
            self.asked.add(name_in(url))
        return super().fetch(url, headers)


def _painted(content: bytes) -> bytes:
    """Paint the first page of a PDF as an RGB JPEG of 1600 × 2560 pixels."""
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[0]
        bitmap = page.render(scale=COVER_WIDTH_PX / page.get_width())
        picture = bitmap.to_pil().convert("RGB").resize((COVER_WIDTH_PX, COVER_HEIGHT_PX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()
