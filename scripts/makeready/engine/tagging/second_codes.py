"""Second codes for glyphs that also stand for another text than their own.

The hyphen that divides a word at the end of a line is the glyph of any hyphen, but reads as a soft
one (ISO 14289-1, 7.2), so that a copied or spoken word is whole. An ``ActualText`` could say so
too, but would divide the line into several pieces, which readers place on pixels one by one.
"""

from __future__ import annotations

import re
from typing import Any

_LAST_GLYPH = re.compile(rb"([0-9a-f]{4})(>[^<>]*\] TJ)$")
_SOFT_HYPHEN = "\u00ad"
_LAST_CODE = 0xFFFF


def second_codes_of(font: Any) -> dict[int, int]:
    """Return the glyphs of one of the engine's fonts that have second codes, by these."""
    codes: dict[int, int] = vars(font).get("second_codes", {})
    return codes


class SecondCodes:
    """The second codes that are given while a document is drawn.

    They are the same in each section of a book, since its sections have the same fonts.
    """

    def __init__(self) -> None:
        self._fonts: dict[str, Any] = {}

    def soften_hyphen(self, stream: Any, first: int) -> None:
        """Have the last glyph of a text read as a soft hyphen.

        ``first`` is the index of the first operator of the text.
        """
        operators = stream.stream
        for index in range(len(operators) - 1, first - 1, -1):
            operator = operators[index]
            match = _LAST_GLYPH.search(operator) if isinstance(operator, bytes) else None
            if match is not None:
                code = self._code(stream, int(match[1], 16), _SOFT_HYPHEN)
                operators[index] = operator[: match.start()] + b"%04x" % code + match[2]
                return

    def _code(self, stream: Any, glyph: int, text: str) -> int:
        """Return the code of a glyph for a text; its own where the font has that for another."""
        font = self._font(stream)
        code = _LAST_CODE - glyph
        codes = vars(font).setdefault("second_codes", {})
        if code not in codes:
            if code in font.widths:
                return glyph
            codes[code] = glyph
            font.widths[code] = font.widths[glyph]
            font.to_unicode[code] = text
        return code

    def _font(self, stream: Any) -> Any:
        """Return the font that text is drawn in."""
        name, _ = stream._current_font
        if name not in self._fonts:
            fonts = stream._fonts.values()
            self._fonts[name] = next(font for font in fonts if font.hash == name)
        return self._fonts[name]
