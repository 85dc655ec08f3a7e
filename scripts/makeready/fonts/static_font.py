"""Creating a static font, with names of its own, from a font that may be variable."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uharfbuzz

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_FULL_NAME, _POSTSCRIPT_NAME = 4, 6
# The name ids of the OpenType specification, without those of a variable font's instances.
_KEPT_NAME_IDS = range(25)
_SIGNATURE = int.from_bytes(b"DSIG", "big")
_ASCENT, _DESCENT = 0.8, 0.2
"""The height of a line in ems: less than a text font's, which it must not make taller."""

_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}


@dataclass(frozen=True, slots=True)
class LastResort:
    """How a font of last resort is changed.

    Its letters are ``size`` times as large at the same type size, it loses those of ``without``,
    and its lines are no higher than those of other fonts.
    """

    size: float = 1.0
    without: str = ""


def static_font(
    content: bytes,
    axes: Mapping[str, float],
    family: str,
    weight: int,
    style: str,
    last_resort: LastResort | None = None,
) -> bytes:
    """Return a font pinned to a position on its axes, named by its family, weight and style.

    Raises ValueError when the content is not a readable font, or does not have these axes.
    """
    pinned = _pinned(content, axes) if axes else content
    return _finished(pinned, family, weight, style, last_resort)


def _pinned(content: bytes, axes: Mapping[str, float]) -> bytes:
    """Return a static font: the variable one pinned to a position on its axes."""
    variable = uharfbuzz.Face(uharfbuzz.Blob(content))
    if unknown := set(axes) - {axis.tag for axis in variable.axis_infos}:
        raise ValueError(f"the font has no axis {', '.join(sorted(unknown))}")
    subset_input = uharfbuzz.SubsetInput()
    subset_input.keep_everything()
    for axis in variable.axis_infos:
        subset_input.pin_axis_location(variable, axis.tag, axes.get(axis.tag, axis.default_value))
    subset_input.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update([_SIGNATURE])
    names = subset_input.sets(uharfbuzz.SubsetInputSets.NAME_ID)
    names.clear()
    names.update(_KEPT_NAME_IDS)
    return bytes(subset_input.subset(variable).blob.data)


def _finished(
    content: bytes,
    family: str,
    weight: int,
    style: str,
    last_resort: LastResort | None,
) -> bytes:
    """Return the font under a full name and a PostScript name that no other font has."""
    # Slow to import, and rarely needed.
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415

    label = _WEIGHT_NAMES.get(weight, str(weight)) + ("Italic" if style == "italic" else "")
    out = io.BytesIO()
    try:
        with TTFont(io.BytesIO(content), fontNumber=0, recalcTimestamp=False) as font:
            for identifier, text in (
                (_FULL_NAME, f"{family} {label}"),
                (_POSTSCRIPT_NAME, f"{family.replace(' ', '')}-{label}"),
            ):
                font["name"].setName(text, identifier, 3, 1, 0x409)
            font["OS/2"].usWeightClass = weight
            if "DSIG" in font:
                # The signature is one of the unchanged font.
                del font["DSIG"]
            if last_resort is not None:
                _fit_between(font, last_resort)
            font.save(out)
    except (TTLibError, struct.error, LookupError) as error:
        raise ValueError(str(error)) from error
    return out.getvalue()


def _fit_between(font: TTFont, last_resort: LastResort) -> None:
    """Fit a font of last resort between the letters of other fonts."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            for letter in last_resort.without:
                table.cmap.pop(ord(letter), None)
    units = font["head"].unitsPerEm = round(font["head"].unitsPerEm / last_resort.size)
    ascent, descent = round(_ASCENT * units), round(_DESCENT * units)
    header, metrics = font["hhea"], font["OS/2"]
    header.ascent, header.descent, header.lineGap = ascent, -descent, 0
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, -descent, 0
    metrics.usWinAscent, metrics.usWinDescent = ascent, descent
