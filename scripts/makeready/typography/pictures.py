"""Pictures of places: the lines around each, with its own marked, or its page or spread."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from makeready.typography.places import Place, PlaceKind

_LINE_SCALE, _PAGE_SCALE = 2.8, 1.6
"""Pixels of a point: of lines, which are shown at half their size, and of whole pages."""

_WIDEST_PX = 1600
_LINES_ABOVE, _LINES_BELOW = 2.85, 1.4
_OVER, _UNDER = 0.72, 0.3
"""How far a marked line goes above and below its baseline, in leadings."""

_MARGIN_PX = 24
_GAP_PX = 6
_PAPER_GREY = 190
"""What is lighter counts as empty, the mark too."""

_MARK = (255, 226, 130)
_EDGE = (176, 170, 160)
_OF_SEVERAL_LINES = frozenset({PlaceKind.LADDER, PlaceKind.RIVER})
_OF_PAGES = frozenset({PlaceKind.UNEVEN_SPREAD, PlaceKind.SHORT_LAST_PAGE})
_OF_TWO_LINES = frozenset(
    {PlaceKind.STACK_AT_START, PlaceKind.STACK_AT_END, PlaceKind.PART_OF_WORD}
)


@dataclass(frozen=True, slots=True)
class PlacePicture:
    """A picture in WebP, and its size in pixels; it is meant to be shown at half that size."""

    content: bytes
    width: int
    height: int


def pictures_of(
    path: Path, places: Iterable[Place], leading_pt: float
) -> dict[Place, PlacePicture]:
    """Return a picture of each place in a PDF."""
    document = pypdfium2.PdfDocument(path)
    try:
        return {place: _webp(_picture(document, place, leading_pt)) for place in places}
    finally:
        document.close()


def _webp(picture: Image.Image) -> PlacePicture:
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=True, quality=60, method=4)
    return PlacePicture(out.getvalue(), *picture.size)


def _picture(document: pypdfium2.PdfDocument, place: Place, leading_pt: float) -> Image.Image:
    if place.kind not in _OF_PAGES:
        return _of_lines(document, place, leading_pt)
    numbers = [place.page] if place.left is None else [place.left, place.left + 1]
    pages = []
    for number in numbers:
        drawn = _Drawn(document, number, _PAGE_SCALE)
        if number == place.page:
            drawn.mark(place.baseline, 1, leading_pt)
        ImageDraw.Draw(drawn.picture).rectangle(
            [0, 0, drawn.picture.width - 1, drawn.picture.height - 1], outline=_EDGE
        )
        pages.append(drawn.picture)
    if len(pages) == 1:
        return pages[0]
    width = sum(page.width for page in pages) + _GAP_PX
    spread = Image.new("RGB", (width, max(page.height for page in pages)), "white")
    spread.paste(pages[0], (0, 0))
    spread.paste(pages[1], (pages[0].width + _GAP_PX, 0))
    return spread


def _of_lines(document: pypdfium2.PdfDocument, place: Place, leading_pt: float) -> Image.Image:
    lines = 1
    if place.kind in _OF_SEVERAL_LINES:
        lines = max(1, round(place.value))
    elif place.kind in _OF_TWO_LINES:
        lines = 2
    drawn = _Drawn(document, place.page, _LINE_SCALE)
    drawn.mark(place.baseline, lines, leading_pt)
    above = drawn.down(place.baseline + (lines - 1 + _LINES_ABOVE) * leading_pt)
    below = drawn.down(place.baseline - _LINES_BELOW * leading_pt)
    top, bottom = max(0, above), min(drawn.picture.height, max(below, above + 1))
    return _without_margins(drawn.picture.crop((0, top, drawn.picture.width, bottom)))


def _without_margins(picture: Image.Image) -> Image.Image:
    """Return a picture without what is empty at its sides."""
    box = ImageChops.invert(
        picture.convert("L").point(lambda grey: 255 if grey > _PAPER_GREY else 0)
    )
    inked = box.getbbox()
    if inked is None:
        return picture
    left, right = max(0, inked[0] - _MARGIN_PX), min(picture.width, inked[2] + _MARGIN_PX)
    return picture.crop((left, 0, right, picture.height))


class _Drawn:
    """A page as a picture."""

    def __init__(self, document: pypdfium2.PdfDocument, number: int, scale: float) -> None:
        page = document[number]
        width, _ = page.get_size()
        self._scale: float = min(scale, _WIDEST_PX / max(width, 1))
        self._top: float = page.get_cropbox()[3]
        # The places of lines on a turned page are not those of its picture.
        self._is_turned = page.get_rotation() != 0
        bitmap = page.render(scale=self._scale, draw_annots=False)
        self.picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()

    def down(self, y: float) -> int:
        """Return how many pixels below the upper edge a height is, in points of the page."""
        return round((self._top - y) * self._scale)

    def mark(self, baseline: float, lines: int, leading_pt: float) -> None:
        """Mark lines, the last of which has this baseline."""
        if self._is_turned:
            return
        band = Image.new("RGB", self.picture.size, "white")
        top = self.down(baseline + (lines - 1 + _OVER) * leading_pt)
        bottom = self.down(baseline - _UNDER * leading_pt)
        if bottom > top:
            ImageDraw.Draw(band).rectangle([0, top, band.width, bottom], fill=_MARK)
        self.picture = ImageChops.multiply(self.picture, band)
