"""Gradients converted from RGB to the inks of an edition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from makeready.pdf.inks import InkConverter
from makeready.pdf_content.resources import entry

_EXPONENTIAL, _STITCHING = 2, 3
"""The types of functions that the engine writes (ISO 32000-1, 7.10)."""

_STEPS = 16
"""Inks do not follow from red, green and blue evenly, so that a ramp is cut in so many parts."""


def convert_shading(shading: Any, ink: InkConverter) -> None:
    """Convert an RGB shading to the inks, in place; one in another space stays as it is."""
    if entry(shading, "/ColorSpace") != "/DeviceRGB":
        return
    shading.ColorSpace = Name(ink.space)
    for ramp in _ramps(shading.Function):
        _convert_ramp(ramp, ink)


def _ramps(function: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the functions from one colour to another that a function is made of."""
    if function.FunctionType == _STITCHING:
        for part in function.Functions:
            yield from _ramps(part)
    elif function.FunctionType == _EXPONENTIAL:
        yield function


def _convert_ramp(ramp: pikepdf.Object, ink: InkConverter) -> None:
    first, last = _numbers(ramp.C0), _numbers(ramp.C1)
    if ink.black_only:
        # Grey follows from red, green and blue evenly.
        ramp.C0, ramp.C1 = Array(ink.colour(*first)), Array(ink.colour(*last))
        return
    start, end = _numbers(ramp.Domain)
    positions = [start + (end - start) * step / _STEPS for step in range(_STEPS + 1)]
    shares = [position ** float(ramp.N) for position in positions]
    colours = [
        ink.colour(
            *(min(max(a + share * (b - a), 0.0), 1.0) for a, b in zip(first, last, strict=True))
        )
        for share in shares
    ]
    del ramp["/C0"], ramp["/C1"], ramp["/N"]
    ramp.FunctionType = _STITCHING
    ramp.Bounds = Array(positions[1:-1])
    ramp.Encode = Array([0, 1] * _STEPS)
    ramp.Functions = Array(
        [
            Dictionary(
                FunctionType=_EXPONENTIAL,
                Domain=Array([0, 1]),
                C0=Array(before),
                C1=Array(after),
                N=1,
            )
            for before, after in pairwise(colours)
        ]
    )


def _numbers(array: pikepdf.Object) -> list[float]:
    return [float(number) for number in array]
