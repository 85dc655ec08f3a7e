"""A static font with names of its own, made of a font that may be variable."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping

import uharfbuzz

_FULL_NAME, _POSTSCRIPT_NAME = 4, 6
# What the format itself names (OpenType, name ids); those of the axes' places are left out.
_NAMES = range(25)
_SIGNATURE = int.from_bytes(b"DSIG", "big")
_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}


def static_font(
    content: bytes, axes: Mapping[str, float], family: str, weight: int, style: str
) -> bytes:
    """Return a font at a place on its axes, with the names of its family, weight and style.

    ValueError when it is no font that can be read, or has not these axes.
    """
    return _named(_placed(content, axes) if axes else content, family, weight, style)


def _placed(content: bytes, axes: Mapping[str, float]) -> bytes:
    """Return the static font that stands at a place on the axes of a variable one."""
    variable = uharfbuzz.Face(uharfbuzz.Blob(content))
    if unknown := set(axes) - {axis.tag for axis in variable.axis_infos}:
        raise ValueError(f"it has no axis {', '.join(sorted(unknown))}")
    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    for axis in variable.axis_infos:
        wanted.pin_axis_location(variable, axis.tag, axes.get(axis.tag, axis.default_value))
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update([_SIGNATURE])
    names = wanted.sets(uharfbuzz.SubsetInputSets.NAME_ID)
    names.clear()
    names.update(_NAMES)
    return bytes(wanted.subset(variable).blob.data)


def _named(content: bytes, family: str, weight: int, style: str) -> bytes:
    """Give a font names of its own, so that no two fonts share a PostScript name."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - slow, and seldom needed

    label = _WEIGHT_NAMES.get(weight, str(weight)) + ("Italic" if style == "italic" else "")
    out = io.BytesIO()
    try:
        with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
            for identifier, text in (
                (_FULL_NAME, f"{family} {label}"),
                (_POSTSCRIPT_NAME, f"{family.replace(' ', '')}-{label}"),
            ):
                font["name"].setName(text, identifier, 3, 1, 0x409)
            font["OS/2"].usWeightClass = weight
            font.save(out)
    except (TTLibError, struct.error, LookupError) as error:
        raise ValueError(str(error)) from error
    return out.getvalue()
