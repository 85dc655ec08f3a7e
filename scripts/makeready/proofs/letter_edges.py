"""Where the letters of a line are on a finished page."""

from __future__ import annotations

import ctypes
import unicodedata
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from makeready.book.text_position import counted_letters
from makeready.pdf.fragment import TextLine

_BESIDE_PT = 1.0
_RTL = ("R", "AL")
"""The classes of letters that are written from the right."""


class _Letter(NamedTuple):
    left: float
    right: float
    baseline: float
    is_rtl: bool


class LetterEdges:
    """The edges of the letters of a finished file; pages are read when they are asked for."""

    def __init__(self, content: bytes) -> None:
        self._document = pypdfium2.PdfDocument(content)
        self._pages: dict[int, list[_Letter]] = {}

    def close(self) -> None:
        """Release the file."""
        self._document.close()

    def span(self, page: int, line: TextLine, first: int, last: int | None) -> tuple[float, float]:
        """Return the left and right edge of letters of a line; both the same for a point."""
        letters = self._letters_of(page, line)
        if not letters:
            return (line.left, line.right) if last is None or last > first else (line.left,) * 2
        if last is None:
            last = len(letters)
        first, last = min(first, len(letters)), min(last, len(letters))
        if first == last:
            beside = letters[max(first - 1, 0)]
            at = beside.right if bool(first) != beside.is_rtl else beside.left
            return at, at
        shown = letters[first:last]
        return min(one.left for one in shown), max(one.right for one in shown)

    def _letters_of(self, page: int, line: TextLine) -> list[_Letter]:
        if page not in self._pages:
            self._pages[page] = self._read(page)
        found = [
            letter
            for letter in self._pages[page]
            if abs(letter.baseline - line.baseline) < _BESIDE_PT
            and line.left - _BESIDE_PT < letter.left
            and letter.right < line.right + line.size
        ]
        if 2 * sum(letter.is_rtl for letter in found) > len(found):
            return sorted(found, key=lambda letter: -letter.right)
        return sorted(found)

    def _read(self, number: int) -> list[_Letter]:
        page = self._document[number]
        text = page.get_textpage()
        letters = []
        x, y = ctypes.c_double(), ctypes.c_double()
        box = pdfium.FS_RECTF()
        for index in range(pdfium.FPDFText_CountChars(text)):
            character = chr(pdfium.FPDFText_GetUnicode(text, index) or 0x20)
            if not counted_letters(character) or pdfium.FPDFText_IsGenerated(text, index) == 1:
                continue
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            is_rtl = unicodedata.bidirectional(character) in _RTL
            letters.append(_Letter(box.left, box.right, y.value, is_rtl))
        text.close()
        page.close()
        return letters
