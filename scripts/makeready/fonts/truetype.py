"""TrueType outlines made of those of PostScript (CFF), which not all that takes a book reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_LARGEST_ERROR_EM = 0.0005
"""How far a quadratic curve may be from the cubic one, in ems: nothing that a printer shows."""


def with_truetype_outlines(font: TTFont) -> None:
    """Replace the outlines of a font; its glyphs keep their order."""
    # Slow to import, and rarely needed.
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import newTable  # noqa: PLC0415

    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    largest_error = _LARGEST_ERROR_EM * font["head"].unitsPerEm
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, largest_error, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = outlines = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, glyphs
    for tag in ("CFF ", "CFF2", "VORG"):
        if tag in font:
            del font[tag]
    outlines.compile(font)
    metrics = font["hmtx"].metrics
    for name, glyph in glyphs.items():
        metrics[name] = metrics[name][0], getattr(glyph, "xMin", 0)
    _complete_maximums(font)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def _complete_maximums(font: TTFont) -> None:
    """Give the table ``maxp`` what one of TrueType has more."""
    table = font["maxp"]
    table.tableVersion = 0x00010000
    table.maxZones = 1
    for name in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(table, f"max{name}", 0)
    table.maxSizeOfInstructions = table.maxComponentElements = 0
    table.recalc(font)
