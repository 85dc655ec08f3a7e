"""The form in which a font is embedded: TrueType outlines whose contours do not overlap.

They overlap in a variable font, and printers' software may show that as holes. Only what a file
embeds is changed, as that is a small part of a font; it is kept by its digest, since an edit hardly
ever adds a letter.
"""

from __future__ import annotations

import hashlib
import io
import struct
from itertools import pairwise

from makeready.cache import DiskCache, code_version, library_version
from makeready.fonts.font import Font
from makeready.fonts.tables import OPENTYPE
from makeready.fonts.truetype import with_truetype_outlines

_FOLDER, _SUFFIX = "united", ".ttf"
_LARGEST_BYTES = 8_000_000


def as_embedded(font: Font, subset: bytes) -> bytes:
    """Return a subset of a font in TrueType, with the contours of each glyph united.

    The glyphs keep their order; changed ones lose their hinting, which is one of the old outlines.
    """
    if not font.has_overlaps and not subset.startswith(OPENTYPE):
        return subset
    made_by = (
        font.has_overlaps,
        code_version(__name__),
        library_version("fonttools"),
        library_version("skia-pathops"),
    )
    key = hashlib.sha256(repr(made_by).encode() + subset).hexdigest()
    cache = DiskCache(font.path.parent / _FOLDER, _SUFFIX, _LARGEST_BYTES)
    known = cache.get(key)
    if known is None:
        known = _changed(subset, has_overlaps=font.has_overlaps)
        cache.put(key, known)
        cache.evict()
    return known


def _changed(content: bytes, *, has_overlaps: bool) -> bytes:
    # Slow to import, and rarely needed.
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415
    from fontTools.ttLib.removeOverlaps import removeOverlaps  # noqa: PLC0415

    out = io.BytesIO()
    try:
        with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
            if "glyf" not in font:
                with_truetype_outlines(font)
            if has_overlaps:
                names = font.getGlyphOrder()
                has_outline = [one < other for one, other in pairwise(font["loca"])]
                drawn = [name for name, drawn in zip(names, has_outline, strict=True) if drawn]
                removeOverlaps(font, drawn, ignoreErrors=True)
            font.save(out)
    except (TTLibError, struct.error, LookupError):
        return content
    return out.getvalue()
