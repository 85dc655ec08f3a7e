"""The objects on a page, as pdfium lays them out: lines of text, drawings and images.

Objects in forms are included. The box of a drawing or an image ends where a clip cuts it off.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from math import hypot, inf, sqrt
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from makeready.pdf_content.boxes import Box
from makeready.pdf_content.graphics_state import DEEPEST_FORM
from makeready.printers.tables import PT_PER_INCH

_INVISIBLE_TEXT = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_FULL = 255


class ObjectKind(Enum):
    """The kind of an object on a page."""

    TEXT = "text"
    DRAWING = "drawing"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class PageObject:
    """An object on a page, in the page's own coordinates; lengths in points.

    ``size_pt`` is the type size, or the weight of a stroked line, as it appears on the page;
    ``at`` is where a text begins. ``pixels`` are the width and height of an image, ``bits`` its
    bits per pixel, and ``dpi`` the lower of its two resolutions.
    """

    kind: ObjectKind
    box: Box
    size_pt: float = 0.0
    is_stroked: bool = False
    text: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    pixels: tuple[int, int] = (0, 0)
    bits: int = 0
    dpi: float = inf


def page_objects(page: pypdfium2.PdfPage) -> Iterator[PageObject]:
    """Yield the objects on a page in painting order, except white and invisible ones."""
    words = page.get_textpage()
    for item in page.get_objects(max_depth=DEEPEST_FORM, textpage=words):
        page_object = _page_object(item)
        if page_object is not None and not page_object.box.is_empty:
            yield page_object


def _page_object(item: Any) -> PageObject | None:
    if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
        return _text(item)
    if item.type == pdfium.FPDF_PAGEOBJ_PATH:
        return _drawing(item)
    if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
        return _image(item)
    if item.type == pdfium.FPDF_PAGEOBJ_SHADING:
        return PageObject(ObjectKind.DRAWING, _box(item))
    return None


def _text(item: Any) -> PageObject | None:
    if pdfium.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_TEXT:
        return None
    try:
        text = item.extract().strip()
    except pypdfium2.PdfiumError:
        text = "?"
    if not text:
        return None
    matrix = _matrix(item)
    size_pt = item.get_font_size() * hypot(matrix.c, matrix.d)
    return PageObject(
        ObjectKind.TEXT, _bounds(item), size_pt=abs(size_pt), text=text, at=(matrix.e, matrix.f)
    )


def _drawing(item: Any) -> PageObject | None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    is_filled = bool(fill.value) and _is_visible(pdfium.FPDFPageObj_GetFillColor, item)
    is_stroked = bool(stroke.value) and _is_visible(pdfium.FPDFPageObj_GetStrokeColor, item)
    if not (is_filled or is_stroked):
        return None
    weight = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(item, weight)
    matrix = _matrix(item)
    scale = sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    return PageObject(ObjectKind.DRAWING, _box(item), weight.value * scale, is_stroked)


def _image(item: Any) -> PageObject | None:
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(item, wide, high)
    metadata = pdfium.FPDF_IMAGEOBJ_METADATA()
    pdfium.FPDFImageObj_GetImageMetadata(item, item.page, metadata)
    matrix = _matrix(item)
    sides_in = [hypot(*side) / PT_PER_INCH for side in ((matrix.a, matrix.b), (matrix.c, matrix.d))]
    if not all(sides_in):
        return None
    pixels = (wide.value, high.value)
    dpi = min(count / side for count, side in zip(pixels, sides_in, strict=True))
    return PageObject(
        ObjectKind.IMAGE, _box(item), pixels=pixels, bits=metadata.bits_per_pixel, dpi=dpi
    )


def _is_visible(read: Any, item: Any) -> bool:
    """Return whether a colour of an item is neither white nor fully transparent."""
    values = [ctypes.c_uint() for _ in range(4)]
    if not read(item, *values):
        # A pattern has no colour of its own.
        return True
    red, green, blue, opacity = (value.value for value in values)
    return opacity > 0 and min(red, green, blue) < _FULL


def _matrix(item: Any) -> Any:
    matrix = item.get_matrix()
    while (item := item.container) is not None:
        matrix = matrix.multiply(item.get_matrix())
    return matrix


def _bounds(item: Any) -> Box:
    box = item.get_bounds()
    holder = item
    while (holder := holder.container) is not None:
        box = holder.get_matrix().on_rect(*box)
    return Box(*box)


def _box(item: Any) -> Box:
    """Return the box of an item within its own clip and those of its forms."""
    box = Box(*item.get_bounds())
    holder = item
    while True:
        clip = _clip(holder)
        box = box if clip is None else box.intersection(clip)
        holder = holder.container
        if holder is None or box.is_empty:
            return box
        box = Box(*holder.get_matrix().on_rect(box.left, box.bottom, box.right, box.top))


def _clip(item: Any) -> Box | None:
    """Return the box of an item's clip paths, or None."""
    path = pdfium.FPDFPageObj_GetClipPath(item)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else 0
    clip: Box | None = None
    for number in range(max(count, 0)):
        points = list(_points(path, number))
        if points:
            xs, ys = zip(*points, strict=True)
            one = Box(min(xs), min(ys), max(xs), max(ys))
            clip = one if clip is None else clip.intersection(one)
    return clip


def _points(path: Any, number: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(max(pdfium.FPDFClipPath_CountPathSegments(path, number), 0)):
        segment = pdfium.FPDFClipPath_GetPathSegment(path, number, index)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            yield x.value, y.value


@dataclass(slots=True)
class LimitViolation:
    """The worst violation of one limit, and the pages, from 1, that have any."""

    least: float
    value: float
    worst: PageObject
    pages: set[int] = field(default_factory=set)

    def add(self, page: int, value: float, page_object: PageObject) -> None:
        """Add a page with a violation; the one with the least value is kept."""
        self.pages.add(page)
        if value < self.value:
            self.value, self.worst = value, page_object
