"""The fonts of a whole file: each font subset once, over all that the book uses of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pikepdf
import uharfbuzz
from pikepdf import Array, Dictionary, Name, String

from makeready.fonts import Font
from makeready.pdf.fragment import FontUse

# The engine drops the same tables and draws the same glyph ids: pages look alike to the pixel.
_DROPPED = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")
_LETTERS_TO_A_BLOCK = 100
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
    "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
)
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


def union(uses: Iterable[Mapping[str, FontUse]]) -> dict[str, FontUse]:
    """Unite the uses of fonts over all fragments, by the name that content streams use."""
    united: dict[str, FontUse] = {}
    for fragment_uses in uses:
        for name, use in fragment_uses.items():
            held = united.get(name)
            if held is None:
                united[name] = replace(
                    use, widths=dict(use.widths), to_unicode=dict(use.to_unicode)
                )
                continue
            held.widths.update(use.widths)
            for glyph, text in use.to_unicode.items():
                held.to_unicode.setdefault(glyph, text)
    return {name: united[name] for name in sorted(united)}


def write_fonts(
    pdf: pikepdf.Pdf, uses: Mapping[str, FontUse], fonts: Sequence[Font]
) -> dict[str, pikepdf.Object]:
    """Write the fonts into a PDF and return them by name."""
    by_digest = {font.digest: font for font in fonts}
    return {
        name: _font(pdf, use, by_digest[use.digest].path.read_bytes()) for name, use in uses.items()
    }


def _font(pdf: pikepdf.Pdf, use: FontUse, content: bytes) -> pikepdf.Object:
    program = subset(content, set(use.to_unicode) | {0})
    file = pdf.make_stream(program)
    file.Length1 = len(program)
    name = Name(use.name)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        FontFamily=String(use.family),
        Flags=use.flags,
        FontBBox=Array([0, use.descent, max(use.widths.values(), default=0), use.ascent]),
        ItalicAngle=0,
        Ascent=use.ascent,
        Descent=use.descent,
        CapHeight=use.ascent,
        StemV=80,
        StemH=80,
        FontFile2=file,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        CIDToGIDMap=Name.Identity,
        W=_widths(use.widths),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(use.to_unicode)),
        )
    )


def subset(content: bytes, glyphs: set[int]) -> bytes:
    """Cut a TrueType font down to some glyphs, whose ids stay as they are."""
    flags = uharfbuzz.SubsetFlags
    kept = uharfbuzz.SubsetInput()
    kept.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    kept.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(
        int.from_bytes(table.encode(), "big") for table in _DROPPED
    )
    kept.flags = flags.RETAIN_GIDS | flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE
    subsetted = kept.subset(uharfbuzz.Face(uharfbuzz.Blob(content)))
    # A second pass cuts off the empty glyphs after the last one used.
    trimmed = uharfbuzz.SubsetInput()
    trimmed.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(range(max(glyphs) + 1))
    trimmed.flags = flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE | flags.NO_HINTING
    return bytes(trimmed.subset(subsetted).blob.data)


def _widths(widths: Mapping[int, float]) -> Array:
    """Write glyph widths as runs of consecutive ids (ISO 32000-1, 9.7.4.3)."""
    rows = Array()
    ordered = sorted(widths)
    for before, glyph in pairwise([-2, *ordered]):
        if glyph != before + 1:
            rows.append(glyph)
            rows.append(Array())
        rows[-1].append(widths[glyph])
    return rows


def _to_unicode(letters: Mapping[int, str]) -> bytes:
    ordered = sorted(letters.items())
    parts = [_CMAP_HEAD]
    for start in range(0, len(ordered), _LETTERS_TO_A_BLOCK):
        block = ordered[start : start + _LETTERS_TO_A_BLOCK]
        lines = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in block]
        parts.append(f"{len(block)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar\n")
    return "".join([*parts, _CMAP_TAIL]).encode()
