"""A rendered cover: its letters and its pixels, by position in millimetres."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops

from makeready.pdf_content.boxes import Box
from makeready.printers.cover import CoverBox, pt_to_mm
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH

_NOT_LETTERS = re.compile(r"[\W_]+")
_DPI = 300
_PAPER_VALUE = 250


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, and the box of its ink."""

    text: str
    box: CoverBox

    @property
    def middle_mm(self) -> float:
        """The distance of its middle from the left edge."""
        return self.box.left_mm + self.box.width_mm / 2


class RenderedCover:
    """A cover's page, or the part in ``area``, measured from the upper left corner."""

    def __init__(self, page: pypdfium2.PdfPage, area: Box) -> None:
        page.set_cropbox(area.left, area.bottom, area.right, area.top)
        self.letters = tuple(_letters(page, area))
        bitmap = page.render(scale=_DPI / PT_PER_INCH, may_draw_forms=False, draw_annots=False)
        self.image: Image.Image = bitmap.to_pil().convert("RGB")
        red, green, blue = self.image.split()
        darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
        self.printed_mask = darkest.point(
            [255 if value < _PAPER_VALUE else 0 for value in range(256)]
        )
        """White where something is painted, black where nothing is."""

    def crop(self, box: CoverBox, image: Image.Image | None = None) -> Image.Image:
        """Return a part of the rendering, or of another image of the same size."""
        whole = image or self.image
        left, top = max(mm_to_pixels(box.left_mm), 0), max(mm_to_pixels(box.top_mm), 0)
        right, bottom = (
            min(mm_to_pixels(box.right_mm), whole.width),
            min(mm_to_pixels(box.bottom_mm), whole.height),
        )
        return whole.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def mm_to_pixels(length_mm: float) -> int:
    """Return the pixels of a rendering that a length spans."""
    return round(length_mm / MM_PER_INCH * _DPI)


def comparable_text(texts: Iterable[str]) -> str:
    """Return the letters and digits of texts, in one form and case, to compare them."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", "".join(texts))).casefold()


def _letters(page: pypdfium2.PdfPage, area: Box) -> Iterable[Letter]:
    words = page.get_textpage()
    for index in range(words.count_chars()):
        text = words.get_text_range(index, 1)
        if not text.strip():
            continue
        left, bottom, right, top = words.get_charbox(index)
        yield Letter(
            text,
            CoverBox(
                pt_to_mm(left - area.left),
                pt_to_mm(area.top - top),
                pt_to_mm(right - left),
                pt_to_mm(top - bottom),
            ),
        )
