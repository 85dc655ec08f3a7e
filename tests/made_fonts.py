"""Small fonts for tests, made of the letters of other fonts under a name of their own."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

LATIN = "".join(map(chr, range(0x20, 0x7F))) + "“”‘’–—…·©❦ﬁﬂ\u00a0"


def small_font(
    source: bytes, family: str, letters: str, *, weight: int = 400, italic: bool = False
) -> bytes:
    """Return a font of some letters of a static one, under the name of a family."""
    options = uharfbuzz.SubsetInput()
    options.sets(uharfbuzz.SubsetInputSets.UNICODE).update(map(ord, letters))
    subset = options.subset(uharfbuzz.Face(uharfbuzz.Blob(source))).blob.data
    with TTFont(io.BytesIO(bytes(subset)), recalcTimestamp=False) as font:
        for record in list(font["name"].names):
            if record.nameID in (16, 17, 21, 22, 25):
                font["name"].removeNames(nameID=record.nameID)
        font["name"].setName(family, 1, 3, 1, 0x409)
        font["OS/2"].usWeightClass, font["OS/2"].fsType = weight, 0
        font["OS/2"].fsSelection = 0x1 if italic else 0x40
        return saved(font)


def saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def as_postscript(content: bytes) -> bytes:
    """Return a TrueType font with outlines of PostScript (CFF)."""
    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        order, drawn = font.getGlyphOrder(), font.getGlyphSet()
        strings = {}
        for name in order:
            pen = T2CharStringPen(drawn[name].width, drawn)
            drawn[name].draw(pen)
            strings[name] = pen.getCharString()
        builder = FontBuilder(font=font)
        for tag in ("glyf", "loca", "cvt ", "fpgm", "prep", "gasp", "hdmx"):
            if tag in font:
                del font[tag]
        builder.isTTF = False
        builder.setupCFF(family_of(font).replace(" ", ""), {}, strings, {})
        builder.setupMaxp()
        font.sfntVersion = "OTTO"
        return saved(font)


def as_woff2(content: bytes) -> bytes:
    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        font.flavor = "woff2"
        return saved(font)


def with_permissions(content: bytes, permissions: int) -> bytes:
    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        font["OS/2"].fsType = permissions
        return saved(font)


def family_of(font: TTFont) -> str:
    return str(font["name"].getDebugName(1))


def write_fonts(folder: Path, fonts: Iterable[tuple[str, bytes]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in fonts:
        (folder / name).write_bytes(content)


def renamed(content: bytes, family: str) -> bytes:
    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        font["name"].setName(family, 1, 3, 1, 0x409)
        return saved(font)
