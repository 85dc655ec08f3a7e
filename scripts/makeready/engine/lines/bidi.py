"""The order of letters in a line that has text from right to left (Unicode Standard Annex 9).

Pango's FriBidi finds the levels of a paragraph as a whole, before it is broken into lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from weasyprint.text.ffi import ffi, gobject, pango

ffi.cdef(
    """
    uint8_t *pango_log2vis_get_embedding_levels (
        const char *text, int length, PangoDirection *direction);
    void g_free (gpointer memory);
    """
)

RIGHT_TO_LEFT = (
    "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
)
"""The letters of the scripts from right to left, for a class of a regular expression."""

_RIGHT_TO_LEFT = re.compile(f"[{RIGHT_TO_LEFT}]")
_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067", "auto": "\u2068"}
_END_OF_ISOLATE = "\u2069"
_LEFT, _RIGHT = 0, 1


class Isolate(NamedTuple):
    """A part of a text that stands apart from what is around it, and its direction."""

    start: int
    end: int
    direction: str


def has_right_to_left(text: str) -> bool:
    """Return whether a text has letters that are written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def levels_of(text: str, isolates: Sequence[Isolate], *, is_rtl: bool) -> list[int]:
    """Return the embedding level of each letter of a paragraph; odd ones are from right to left."""
    opened: dict[int, str] = {}
    closed: dict[int, str] = {}
    for isolate in isolates:
        if isolate.start < isolate.end:
            own = opened.get(isolate.start, "") + _ISOLATES.get(isolate.direction, "\u2068")
            opened[isolate.start] = own
            closed[isolate.end] = closed.get(isolate.end, "") + _END_OF_ISOLATE
    marked: list[str] = []
    places: list[int] = []
    for position, letter in enumerate(text):
        marks = closed.get(position, "") + opened.get(position, "")
        places.append(len(marked) + len(marks))
        marked += [*marks, " " if letter == "\n" else letter]
    # What follows the last letter decides nothing about those before it but their direction.
    marked += closed.get(len(text), "")
    levels = _levels("".join(marked), is_rtl=is_rtl)
    return [levels[place] for place in places]


def _levels(text: str, *, is_rtl: bool) -> list[int]:
    octets = text.encode()
    direction = ffi.new("PangoDirection *", _RIGHT if is_rtl else _LEFT)
    found = pango.pango_log2vis_get_embedding_levels(octets, len(octets), direction)
    try:
        return list(ffi.unpack(found, len(text)))
    finally:
        gobject.g_free(found)


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return the order from left to right of what has these levels (rule L2)."""
    order = list(range(len(levels)))
    lowest_odd = min((level for level in levels if level % 2), default=None)
    if lowest_odd is None:
        return order
    for least in range(max(levels), lowest_odd - 1, -1):
        made: list[int] = []
        run: list[int] = []
        for index in order:
            if levels[index] >= least:
                run.append(index)
                continue
            made += [*reversed(run), index]
            run = []
        order = [*made, *reversed(run)]
    return order
