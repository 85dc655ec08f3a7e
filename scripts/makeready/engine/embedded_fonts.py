"""The fonts of files that the engine writes whole: the contours of their glyphs are united.

The linker does so itself for the fonts of books, which the engine does not embed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import weasyprint.pdf.fonts as engine_fonts

from makeready.engine.replaced_functions import replaced
from makeready.fonts import Font
from makeready.fonts.overlaps import as_embedded


@contextmanager
def contours_united(fonts: Sequence[Font]) -> Iterator[None]:
    """Have the fonts that the engine embeds united for as long as the context lasts."""
    by_digest = {font.digest: font for font in fonts}
    original = engine_fonts.Font.clean

    def clean(self: Any, to_unicode: Any, hinting: Any) -> None:
        font = by_digest.get(hashlib.sha256(self.file_content).hexdigest())
        original(self, to_unicode, hinting)
        if font is not None:
            self.file_content = as_embedded(font, self.file_content)

    with replaced(engine_fonts.Font, clean=clean):
        yield
