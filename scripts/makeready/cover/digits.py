"""Digits drawn with a stroke of one width, like those of machine-readable fonts."""

from __future__ import annotations

import re
from functools import cache

Point = tuple[float, float]
Stroke = tuple[str, tuple[Point, ...]]
"""A move (M), line (L) or curve (C), as in an SVG path, with its points."""

_WIDTH, _HEIGHT, _STROKE = 10.0, 16.0, 1.9

STROKE_WIDTH = _STROKE / (_HEIGHT + _STROKE)
"""The width of the stroke of a digit one unit high."""

DIGIT_WIDTH = (_WIDTH + _STROKE) / (_HEIGHT + _STROKE)
"""The width of a digit one unit high."""

# The centre of the stroke, in a field of 10 by 16.
_PATHS = {
    "0": "M10,8 C10,12.4 7.8,16 5,16 C2.2,16 0,12.4 0,8 C0,3.6 2.2,0 5,0 C7.8,0 10,3.6 10,8",
    "1": "M1.8,3.4 L5.4,0 L5.4,16 M1.4,16 L9.4,16",
    "2": "M0.6,3.8 C0.8,1.5 2.6,0 5,0 C7.5,0 9.4,1.7 9.4,4.1 C9.4,6.8 7.2,8.4 4.8,10.3 "
    "C2.4,12.2 0.6,13.6 0.5,16 L9.6,16",
    "3": "M0.9,0 L9.1,0 L4.4,6.2 C7.5,6.2 9.6,8.2 9.6,11 C9.6,14 7.4,16 4.7,16 "
    "C2.6,16 1,14.9 0.3,13.2",
    "4": "M5.6,0 L0.4,11.4 L9.8,11.4 M7.2,6.8 L7.2,16",
    "5": "M8.9,0 L1.7,0 L1.3,6.9 C2.3,6.3 3.5,6 4.7,6 C7.6,6 9.6,8 9.6,10.9 C9.6,14 7.4,16 4.6,16 "
    "C2.7,16 1.2,15.2 0.4,13.6",
    "6": "M7.2,0 L1.6,7.6 C0.6,9 0.2,9.9 0.2,11.1 C0.2,13.9 2.3,16 5,16 C7.7,16 9.8,13.9 9.8,11.1 "
    "C9.8,8.3 7.8,6.3 5.2,6.3 C3.8,6.3 2.6,6.8 1.6,7.6",
    "7": "M0.4,0 L9.6,0 L9.6,1.2 C6.2,5.4 4,10.4 3.9,16",
    "8": "M5,7.4 C2.7,7.4 1,5.9 1,3.7 C1,1.5 2.7,0 5,0 C7.3,0 9,1.5 9,3.7 C9,5.9 7.3,7.4 5,7.4 "
    "C2.3,7.4 0.2,9.2 0.2,11.7 C0.2,14.2 2.3,16 5,16 C7.7,16 9.8,14.2 9.8,11.7 "
    "C9.8,9.2 7.7,7.4 5,7.4",
}


@cache
def digit_strokes(digit: str) -> tuple[Stroke, ...]:
    """Return the strokes of a digit one unit high; the origin is its upper left corner."""
    # A nine is a six turned by 180 degrees.
    strokes = _strokes(_PATHS["6" if digit == "9" else digit])
    if digit != "9":
        return strokes
    return tuple(
        (letter, tuple((DIGIT_WIDTH - x, 1 - y) for x, y in points)) for letter, points in strokes
    )


def _strokes(text: str) -> tuple[Stroke, ...]:
    return tuple(
        (letter, tuple(_point(point) for point in points.split()))
        for letter, points in re.findall(r"([MLC])([^MLC]+)", text)
    )


def _point(text: str) -> Point:
    """Scale a point of the field to a digit that is one unit high with its stroke."""
    x, y = (float(number) for number in text.split(","))
    return (x + _STROKE / 2) / (_HEIGHT + _STROKE), (y + _STROKE / 2) / (_HEIGHT + _STROKE)
