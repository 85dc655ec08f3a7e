"""The glyphs that the codes of a composite font lead to (ISO 32000-1, 9.7.4)."""

from __future__ import annotations

import io
import struct
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont, TTLibError

from makeready.pdf_content.resources import entry, name_text

_LARGEST_MAP = 2 * 0x10000
_MALFORMED_FONT = (TTLibError, struct.error, LookupError, ValueError, AssertionError)
_NO_GLYPH = 0
"""The glyph of every font that stands for those it lacks."""


class FontGlyphs:
    """A font's glyphs, as far as its codes are their numbers or are mapped to them.

    Of fonts of other kinds nothing is known, and no glyph counts as missing.
    """

    def __init__(self, font: Any) -> None:
        encoding = entry(font, "/Encoding")
        descendants = entry(font, "/DescendantFonts")
        has_one = isinstance(descendants, pikepdf.Array) and len(descendants) > 0
        descendant = descendants[0] if has_one else None
        self._is_known = (
            isinstance(encoding, pikepdf.Name)
            and name_text(encoding).startswith("/Identity")
            and entry(descendant, "/Subtype") == "/CIDFontType2"
        )
        self._map: bytes | None = None
        self._count: int | None = None
        if self._is_known:
            mapped = entry(descendant, "/CIDToGIDMap")
            if isinstance(mapped, pikepdf.Stream):
                self._map = bytes(_read(mapped)[:_LARGEST_MAP])
            program = entry(entry(descendant, "/FontDescriptor"), "/FontFile2")
            if isinstance(program, pikepdf.Stream):
                self._count = _glyph_count(_read(program))

    def lacks(self, code: int) -> bool:
        """Return whether the font has no glyph for a code."""
        if not self._is_known:
            return False
        glyph = code
        if self._map is not None:
            glyph = int.from_bytes(self._map[2 * code : 2 * code + 2], "big")
        return glyph == _NO_GLYPH or (self._count is not None and glyph >= self._count)


def _read(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


def _glyph_count(program: bytes) -> int | None:
    """Return the number of glyphs of a TrueType font; None if it cannot be read."""
    try:
        with TTFont(io.BytesIO(program), lazy=True) as font:
            return int(font["maxp"].numGlyphs)
    except _MALFORMED_FONT:
        return None
