"""A rendering of a page, to find where something is painted."""

from __future__ import annotations

from math import ceil, floor

import pypdfium2
from PIL import Image

from makeready.checks.reading.page_boxes import PageFrame
from makeready.pdf_content.boxes import Box

_PIXELS_PER_PT = 2
_LONGEST_SIDE_PIXELS = 4_000
_PAPER_GREY = 250
"""A grey value from which a pixel counts as unprinted."""


class PageRaster:
    """A page in grey at 144 dpi, rendered when it is first needed."""

    def __init__(self, page: pypdfium2.PdfPage, frame: PageFrame) -> None:
        self._page = page
        self._frame = frame
        self._ink: Image.Image | None = None

    def ink_in(self, box: Box) -> Box | None:
        """Return the box of what is painted in a part of the page, to half a point, or None."""
        ink = self._rendered()
        # pdfium renders the part of the page that the crop box leaves.
        scale, start, top = self._scale, self._frame.shown.left, self._frame.shown.top
        area = (
            max(floor((box.left - start) * scale), 0),
            max(floor((top - box.top) * scale), 0),
            min(ceil((box.right - start) * scale), ink.width),
            min(ceil((top - box.bottom) * scale), ink.height),
        )
        if area[0] >= area[2] or area[1] >= area[3]:
            return None
        bounds = ink.crop(area).getbbox()
        if bounds is None:
            return None
        left, upper, right, lower = bounds
        return Box(
            start + (area[0] + left) / scale,
            top - (area[1] + lower) / scale,
            start + (area[0] + right) / scale,
            top - (area[1] + upper) / scale,
        )

    @property
    def _scale(self) -> float:
        """Pixels per point; fewer for a very large page."""
        longest = max(self._frame.media.width, self._frame.media.height, 1)
        return min(_PIXELS_PER_PT, _LONGEST_SIDE_PIXELS / longest)

    def _rendered(self) -> Image.Image:
        if self._ink is None:
            bitmap = self._page.render(
                # The frame is in points, pdfium in units of the page.
                scale=self._scale * self._frame.user_unit,
                grayscale=True,
                may_draw_forms=False,
                draw_annots=False,
            )
            grey = bitmap.to_pil()
            self._ink = grey.point(lambda value: 255 if value < _PAPER_GREY else 0)
        return self._ink
