"""Pages drawn as images, when a browser asks for them."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from PIL import Image

LEAST_WIDTH_PX, LARGEST_WIDTH_PX = 16, 4096
_KEPT_BYTES = 64_000_000
_HYPHEN = "\ufffe"
"""What PDFium gives for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class TrimmedPage:
    """The part of a page that a reader holds: its size in points, and where it is on the sheet."""

    width_pt: float
    height_pt: float
    left_pt: float = 0.0
    bottom_pt: float = 0.0


@dataclass
class PageImages:
    """Draws pages of PDF files, and keeps the images that were asked for last.

    PDFium is not safe to use from several threads, so each call waits for the one before.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _documents: dict[Path, pypdfium2.PdfDocument] = field(default_factory=dict)
    _images: OrderedDict[tuple[str, int], bytes] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def open(self, file: Path) -> tuple[TrimmedPage, bool]:
        """Open a file; return the size of its pages, and whether it is read from right to left."""
        with self._lock:
            document = self._documents.get(file)
            if document is None:
                document = self._documents[file] = pypdfium2.PdfDocument(file)
            with _page(document, 0) as page:
                return _trimmed(page), _is_right_to_left(document)

    def close(self, file: Path) -> None:
        """Close a file that is not shown any more."""
        with self._lock:
            document = self._documents.pop(file, None)
            if document is not None:
                document.close()

    def image(
        self, file: Path, index: int, digest: str, width_px: int, *, whole_sheet: bool = False
    ) -> bytes:
        """Return a page as a WebP image of that width; KeyError if the file is not open.

        ``digest`` is that of what the page shows. The ``whole_sheet`` has the bleed too.
        """
        key = (digest, width_px)
        with self._lock:
            if key in self._images:
                self._images.move_to_end(key)
                return self._images[key]
            with _page(self._documents[file], index) as page:
                picture = _drawn(page, width_px, whole_sheet=whole_sheet)
        out = io.BytesIO()
        # Lossless, text stays sharp; with these settings a page of it takes 30 kB and 20 ms.
        picture.save(out, "WEBP", lossless=True, quality=20, method=1)
        content = out.getvalue()
        with self._lock:
            self._keep(key, content)
        return content

    def texts(self, file: Path, index: int, areas: Sequence[tuple[float, ...]]) -> list[str]:
        """Return the text in areas of a page: left, top, width and height in points.

        They are measured from the upper left corner of the trimmed page. Of a file that is not open
        any more the texts are empty.
        """
        with self._lock:
            if file not in self._documents:
                return [""] * len(areas)
            with _page(self._documents[file], index) as page:
                texts = _texts(page, areas)
        return [" ".join(text.replace(_HYPHEN, "-").split()) for text in texts]

    def _keep(self, key: tuple[str, int], content: bytes) -> None:
        if key not in self._images:
            self._images[key] = content
            self._bytes += len(content)
        while self._bytes > _KEPT_BYTES:
            _, dropped = self._images.popitem(last=False)
            self._bytes -= len(dropped)


@contextmanager
def _page(document: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    """Open a page, and close it: a page that is dropped is closed at any time, by any thread."""
    page = document[index]
    try:
        yield page
    finally:
        page.close()


def _texts(page: pypdfium2.PdfPage, areas: Sequence[tuple[float, ...]]) -> list[str]:
    trim, texts = _trimmed(page), []
    text_page = page.get_textpage()
    try:
        for left, top, width, height in areas:
            x, y = trim.left_pt + left, trim.bottom_pt + trim.height_pt - top
            texts.append(text_page.get_text_bounded(x - 1, y - height, x + width + 1, y))
    finally:
        text_page.close()
    return texts


def _trimmed(page: pypdfium2.PdfPage) -> TrimmedPage:
    left, bottom, right, top = page.get_trimbox()
    sheet_left, sheet_bottom, _, _ = page.get_mediabox()
    return TrimmedPage(right - left, top - bottom, left - sheet_left, bottom - sheet_bottom)


def _drawn(page: pypdfium2.PdfPage, width_px: int, *, whole_sheet: bool) -> Image.Image:
    width_pt, height_pt = page.get_size()
    trim = TrimmedPage(width_pt, height_pt) if whole_sheet else _trimmed(page)
    right_pt = width_pt - trim.left_pt - trim.width_pt
    top_pt = height_pt - trim.bottom_pt - trim.height_pt
    bitmap = page.render(
        scale=width_px / trim.width_pt,
        crop=(trim.left_pt, trim.bottom_pt, right_pt, top_pt),
        optimize_mode="print",
        draw_annots=False,
    )
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    return picture


def _is_right_to_left(document: pypdfium2.PdfDocument) -> bool:
    """Return whether the file's ``/ViewerPreferences`` say that it is read from right to left."""
    name = pypdfium2.raw.FPDF_VIEWERREF_GetName
    length = name(document, b"Direction", None, 0)
    buffer = (pypdfium2.raw.c_char * length)()
    name(document, b"Direction", buffer, length)
    return bool(buffer.value == b"R2L")
