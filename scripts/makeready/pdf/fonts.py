"""The fonts of a whole file, each subset once to the glyphs that the whole book uses."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pikepdf
import uharfbuzz
from pikepdf import Array, Dictionary, Name, String

from makeready.fonts import Font
from makeready.fonts.overlaps import as_embedded
from makeready.pdf.fragment import FontUse

# The tables and flags are those of the engine's own subsetter, and glyph ids stay, so that pages
# are the same to the pixel as in the engine's own file.
_DROPPED_TABLES = (
    "BASE",
    "DSIG",
    "EBDT",
    "EBLC",
    "EBSC",
    "GPOS",
    "GSUB",
    "JSTF",
    "LTSH",
    "PCLT",
    "SVG ",
)
_MAPPINGS_PER_BLOCK = 100
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
    "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
)
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


def merge_font_uses(uses: Iterable[Mapping[str, FontUse]]) -> dict[str, FontUse]:
    """Merge the font uses of all fragments, by the fonts' names in content streams."""
    merged: dict[str, FontUse] = {}
    for fragment_uses in uses:
        for name, use in fragment_uses.items():
            known = merged.get(name)
            if known is None:
                merged[name] = replace(
                    use,
                    widths=dict(use.widths),
                    to_unicode=dict(use.to_unicode),
                    second_codes=dict(use.second_codes),
                )
                continue
            known.widths.update(use.widths)
            known.second_codes.update(use.second_codes)
            for glyph, text in use.to_unicode.items():
                known.to_unicode.setdefault(glyph, text)
    return {name: merged[name] for name in sorted(merged)}


def write_fonts(
    pdf: pikepdf.Pdf, uses: Mapping[str, FontUse], fonts: Sequence[Font]
) -> dict[str, pikepdf.Object]:
    """Write fonts into a PDF; return their objects by name.

    ``fonts`` are all fonts of the book, found by the digests in ``uses``.
    """
    by_digest = {font.digest: font for font in fonts}
    return {name: _font_object(pdf, use, by_digest[use.digest]) for name, use in uses.items()}


def _font_object(pdf: pikepdf.Pdf, use: FontUse, font: Font) -> pikepdf.Object:
    glyphs = {use.second_codes.get(code, code) for code in use.to_unicode}
    program = font_program(font, glyphs | {0})
    file = pdf.make_stream(program)
    file.Length1 = len(program)
    # Pango ends a family with a comma whose last word could be a style or a size.
    name = Name(use.name.replace(",", ""))
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
        CIDToGIDMap=_glyphs_by_code(pdf, use),
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
            ToUnicode=pdf.make_stream(_unicode_cmap(use.to_unicode)),
        )
    )


def _glyphs_by_code(pdf: pikepdf.Pdf, use: FontUse) -> pikepdf.Object:
    """Return what says which glyph a code has (ISO 32000-1, 9.7.4.3)."""
    if not use.second_codes:
        return Name.Identity
    glyphs = [0] * (max(use.to_unicode) + 1)
    for code in use.to_unicode:
        glyphs[code] = use.second_codes.get(code, code)
    return pdf.make_stream(struct.pack(f">{len(glyphs)}H", *glyphs))


def font_program(font: Font, glyphs: set[int]) -> bytes:
    """Return the file of a font that is embedded, with some glyphs only, which do not overlap."""
    return as_embedded(font, subset_font(font.path.read_bytes(), glyphs))


def subset_font(content: bytes, glyphs: set[int]) -> bytes:
    """Return a TrueType font with the outlines of some glyphs only, whose ids stay as they are."""
    flags = uharfbuzz.SubsetFlags
    subset = uharfbuzz.SubsetInput()
    subset.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    subset.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(
        int.from_bytes(table.encode(), "big") for table in _DROPPED_TABLES
    )
    subset.flags = flags.RETAIN_GIDS | flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE
    subsetted = subset.subset(uharfbuzz.Face(uharfbuzz.Blob(content)))
    # A second pass removes the empty glyphs after the last one used.
    trimmed = uharfbuzz.SubsetInput()
    trimmed.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(range(max(glyphs) + 1))
    trimmed.flags = flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE | flags.NO_HINTING
    return bytes(trimmed.subset(subsetted).blob.data)


def _widths(widths: Mapping[int, float]) -> Array:
    """Return a ``/W`` array: widths by runs of consecutive codes (ISO 32000-1, 9.7.4.3)."""
    rows = Array()
    ordered = sorted(widths)
    for before, glyph in pairwise([-2, *ordered]):
        if glyph != before + 1:
            rows.append(glyph)
            rows.append(Array())
        rows[-1].append(widths[glyph])
    return rows


def _unicode_cmap(to_unicode: Mapping[int, str]) -> bytes:
    """Return a CMap from codes to text (ISO 32000-1, 9.10.3)."""
    ordered = sorted(to_unicode.items())
    pieces = [_CMAP_HEAD]
    for start in range(0, len(ordered), _MAPPINGS_PER_BLOCK):
        batch = ordered[start : start + _MAPPINGS_PER_BLOCK]
        lines = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in batch]
        pieces.append(f"{len(batch)} beginbfchar\n" + "\n".join(lines) + "\nendbfchar\n")
    return "".join([*pieces, _CMAP_TAIL]).encode()
