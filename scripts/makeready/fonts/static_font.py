"""Creating a static font, with names of its own, from a font that may be variable."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uharfbuzz

from makeready.fonts.tables import (
    OPENTYPE,
    SIGNATURES,
    TRUETYPE,
    read_tables,
    with_names,
    write_tables,
)

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_FULL_NAME, _POSTSCRIPT_NAME = 4, 6
# The name ids of the OpenType specification, without those of a variable font's instances.
_KEPT_NAME_IDS = range(25)
_SIGNATURE = int.from_bytes(b"DSIG", "big")
_ASCENT, _DESCENT = 0.8, 0.2
"""The height of a line of a font of last resort in ems: less than a text font's."""

_UNITS_AT, _LINE_AT, _WEIGHT_AT, _TYPOGRAPHIC_LINE_AT = 18, 4, 4, 68
"""Places in the tables ``head``, ``hhea`` and, the last two, ``OS/2``."""

_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How a font is fitted between the letters of other fonts.

    Its letters are ``size`` times as large at the same type size, it loses the code points
    ``without``, and its lines are as high as those of another font: ``ascent`` and ``descent`` are
    in ems.
    """

    size: float = 1.0
    without: frozenset[int] = frozenset()
    ascent: float = _ASCENT
    descent: float = _DESCENT

    @property
    def key(self) -> str:
        """What the font that is made depends on."""
        return repr((self.size, sorted(self.without), self.ascent, self.descent))


def static_font(
    content: bytes,
    axes: Mapping[str, float],
    family: str,
    weight: int,
    style: str,
    fit: Fit | None = None,
) -> bytes:
    """Return a font pinned to a position on its axes, named by its family, weight and style.

    Raises ValueError when the content is not a readable font, or does not have these axes.
    """
    without = fit.without if fit is not None else frozenset[int]()
    subset = _subset(content, axes, without) if axes or without else content
    return _finished(subset, family, weight, style, fit)


def _subset(content: bytes, axes: Mapping[str, float], without: frozenset[int]) -> bytes:
    """Return a static font: one pinned to a position on its axes, and without some letters."""
    face = uharfbuzz.Face(uharfbuzz.Blob(content))
    if unknown := set(axes) - {axis.tag for axis in face.axis_infos}:
        raise ValueError(f"the font has no axis {', '.join(sorted(unknown))}")
    subset_input = uharfbuzz.SubsetInput()
    subset_input.keep_everything()
    for axis in face.axis_infos:
        subset_input.pin_axis_location(face, axis.tag, axes.get(axis.tag, axis.default_value))
    font, kept = uharfbuzz.Font(face), subset_input.sets
    for letter in without.intersection(face.unicodes):
        # A glyph that is kept keeps its letter too.
        kept(uharfbuzz.SubsetInputSets.GLYPH_INDEX).discard(font.get_nominal_glyph(letter))
        kept(uharfbuzz.SubsetInputSets.UNICODE).discard(letter)
    kept(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update([_SIGNATURE])
    names = kept(uharfbuzz.SubsetInputSets.NAME_ID)
    names.clear()
    names.update(_KEPT_NAME_IDS)
    return bytes(subset_input.subset(face).blob.data)


def _finished(content: bytes, family: str, weight: int, style: str, fit: Fit | None) -> bytes:
    """Return the font under a full name and a PostScript name that no other font has."""
    label = _WEIGHT_NAMES.get(weight, str(weight)) + ("Italic" if style == "italic" else "")
    names = {
        _FULL_NAME: f"{family} {label}",
        _POSTSCRIPT_NAME: f"{family.replace(' ', '')}-{label}",
    }
    if content.startswith(SIGNATURES):
        with suppress(KeyError, ValueError, struct.error):
            return _finished_by_tables(content, names, weight, fit)
    return _finished_by_fonttools(content, names, weight, fit)


def _finished_by_tables(
    content: bytes, names: Mapping[int, str], weight: int, fit: Fit | None
) -> bytes:
    """Return the font with other names and measures, and all else as it is, which is fast."""
    tables = read_tables(content)
    # The signature is one of the unchanged font.
    tables.pop("DSIG", None)
    tables["name"] = bytearray(with_names(tables["name"], names))
    struct.pack_into(">H", tables["OS/2"], _WEIGHT_AT, weight)
    if fit is not None:
        (units,) = struct.unpack_from(">H", tables["head"], _UNITS_AT)
        units, ascent, descent = _measures(units, fit)
        struct.pack_into(">H", tables["head"], _UNITS_AT, units)
        struct.pack_into(">hhh", tables["hhea"], _LINE_AT, ascent, -descent, 0)
        windows = ascent, descent
        struct.pack_into(
            ">hhhHH", tables["OS/2"], _TYPOGRAPHIC_LINE_AT, ascent, -descent, 0, *windows
        )
    return write_tables(tables, OPENTYPE if content.startswith(OPENTYPE) else TRUETYPE)


def _finished_by_fonttools(
    content: bytes, names: Mapping[int, str], weight: int, fit: Fit | None
) -> bytes:
    # Slow to import, and rarely needed.
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415

    out = io.BytesIO()
    try:
        with TTFont(io.BytesIO(content), fontNumber=0, recalcTimestamp=False) as font:
            for identifier, text in names.items():
                font["name"].setName(text, identifier, 3, 1, 0x409)
            font["OS/2"].usWeightClass = weight
            if "DSIG" in font:
                del font["DSIG"]
            if fit is not None:
                _fit_between(font, fit)
            font.save(out)
    except (TTLibError, struct.error, LookupError) as error:
        raise ValueError(str(error)) from error
    return out.getvalue()


def _fit_between(font: TTFont, fit: Fit) -> None:
    units, ascent, descent = _measures(font["head"].unitsPerEm, fit)
    font["head"].unitsPerEm = units
    header, metrics = font["hhea"], font["OS/2"]
    header.ascent, header.descent, header.lineGap = ascent, -descent, 0
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, -descent, 0
    metrics.usWinAscent, metrics.usWinDescent = ascent, descent


def _measures(units: int, fit: Fit) -> tuple[int, int, int]:
    """Return the units of an em, and the ascent and the descent of a line in these."""
    units = round(units / fit.size)
    return units, round(fit.ascent * units), round(fit.descent * units)
