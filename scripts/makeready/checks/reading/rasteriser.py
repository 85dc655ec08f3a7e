"""A page rendered small, to see where something is really painted."""

from __future__ import annotations

from math import ceil, floor

import pypdfium2
from PIL import Image

from makeready.checks.reading.page_boxes import PageFrame
from makeready.pdf_content.boxes import Box

_PIXELS_PER_PT = 2
_MOST_PIXELS = 4_000
_PAPER = 250
"""What is at least so light is paper."""


class PageRaster:
    """One page in grey at 144 dpi, rendered when it is first looked at."""

    def __init__(self, page: pypdfium2.PdfPage, frame: PageFrame) -> None:
        self._page = page
        self._frame = frame
        self._ink: Image.Image | None = None

    def ink_in(self, box: Box) -> Box | None:
        """Return the box of what is painted in a part of the sheet, to half a point, or None."""
        ink = self._rendered()
        scale, top = self._scale, self._frame.sheet.height
        area = (
            max(floor(box.left * scale), 0),
            max(floor((top - box.top) * scale), 0),
            min(ceil(box.right * scale), ink.width),
            min(ceil((top - box.bottom) * scale), ink.height),
        )
        if area[0] >= area[2] or area[1] >= area[3]:
            return None
        found = ink.crop(area).getbbox()
        if found is None:
            return None
        left, upper, right, lower = found
        return Box(
            (area[0] + left) / scale,
            top - (area[1] + lower) / scale,
            (area[0] + right) / scale,
            top - (area[1] + upper) / scale,
        )

    @property
    def _scale(self) -> float:
        """Pixels to a point; fewer for a page of monstrous size."""
        longest = max(self._frame.sheet.width, self._frame.sheet.height, 1)
        return min(_PIXELS_PER_PT, _MOST_PIXELS / longest)

    def _rendered(self) -> Image.Image:
        if self._ink is None:
            bitmap = self._page.render(
                # The frame's points are real ones, pdfium's are the page's own.
                scale=self._scale * self._frame.unit,
                grayscale=True,
                may_draw_forms=False,
                draw_annots=False,
            )
            grey = bitmap.to_pil()
            self._ink = grey.point(lambda value: 255 if value < _PAPER else 0)
        return self._ink
