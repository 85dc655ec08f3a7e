"""The gutter and the page count, each of which decides the other, brought to rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

MOST_ROUNDS = 6
"""One for each gutter of the longest table there is, and one to come back to the widest."""

Set = TypeVar("Set")


def settle_gutter(
    first_pt: float, set_with: Callable[[float], Set], asked_by: Callable[[Set], float]
) -> tuple[Set, float | None]:
    """Set a book with a gutter, and again with the one that its page count asks for.

    On the border of a printer's table a book may ask for the wider gutter when it is set with
    the narrower, and for the narrower when it is set with the wider. The wider one holds then:
    no printer refuses it. Return what was set last, and the gutter that it asks for where that
    is wider than its own, so that the rounds were too few.
    """
    tried: set[float] = set()
    gutter_pt = first_pt
    while True:
        result = set_with(gutter_pt)
        asked_pt = asked_by(result)
        tried.add(gutter_pt)
        if asked_pt == gutter_pt or (asked_pt < gutter_pt and asked_pt in tried):
            return result, None
        if len(tried) == MOST_ROUNDS:
            return result, asked_pt if asked_pt > gutter_pt else None
        gutter_pt = asked_pt
