"""A cover as it is seen: the letters that are set on it, and what is painted, by millimetre."""

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

_UNSEEN = re.compile(r"[\W_]+")
_DPI = 300
_PAPER = 250


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, and the box of its ink on the sheet."""

    text: str
    box: CoverBox

    @property
    def middle_mm(self) -> float:
        """How far from the sheet's left edge its middle is."""
        return self.box.left_mm + self.box.width_mm / 2


class CoverSheet:
    """The sheet of a cover: a part of its page, upright, measured from the upper left corner."""

    def __init__(self, page: pypdfium2.PdfPage, sheet: Box) -> None:
        page.set_cropbox(sheet.left, sheet.bottom, sheet.right, sheet.top)
        self.letters = tuple(_letters(page, sheet))
        bitmap = page.render(scale=_DPI / PT_PER_INCH, may_draw_forms=False, draw_annots=False)
        self.picture: Image.Image = bitmap.to_pil().convert("RGB")
        red, green, blue = self.picture.split()
        darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
        self.ink = darkest.point([255 if value < _PAPER else 0 for value in range(256)])
        """White where something is painted, black where the paper is left."""

    def part(self, box: CoverBox, picture: Image.Image | None = None) -> Image.Image:
        """Return a part of the sheet as it is seen, or of a picture made of it."""
        whole = picture or self.picture
        left, top = max(pixels(box.left_mm), 0), max(pixels(box.top_mm), 0)
        right, bottom = (
            min(pixels(box.right_mm), whole.width),
            min(pixels(box.bottom_mm), whole.height),
        )
        return whole.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def pixels(length_mm: float) -> int:
    """Return how many pixels of a sheet's picture a length is."""
    return round(length_mm / MM_PER_INCH * _DPI)


def letters_in(texts: Iterable[str]) -> str:
    """Return the letters and digits alone, in one form and case, to be compared."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", "".join(texts))).casefold()


def _letters(page: pypdfium2.PdfPage, sheet: Box) -> Iterable[Letter]:
    words = page.get_textpage()
    for index in range(words.count_chars()):
        text = words.get_text_range(index, 1)
        if not text.strip():
            continue
        left, bottom, right, top = words.get_charbox(index)
        yield Letter(
            text,
            CoverBox(
                pt_to_mm(left - sheet.left),
                pt_to_mm(sheet.top - top),
                pt_to_mm(right - left),
                pt_to_mm(top - bottom),
            ),
        )
