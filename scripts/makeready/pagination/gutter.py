"""The gutter and the page count, each of which depends on the other, made to agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

MOST_ROUNDS = 6
"""One round for each gutter of the longest table there is, and one to return to the widest."""

Result = TypeVar("Result")


def converge_gutter(
    first_pt: float,
    typeset: Callable[[float], Result],
    required_by: Callable[[Result], float],
) -> tuple[Result, float | None]:
    """Typeset with a gutter, then with the one that the page count requires, until they agree.

    ``required_by`` returns the gutter that a printer requires for a result, in points. At a
    limit of a printer's table a book may require the wider gutter when it is typeset with the
    narrower one, and the narrower when typeset with the wider; the wider one is then kept, as no
    printer refuses it. Returns the last result, and the gutter it requires if that is wider than
    its own because the rounds were too few, else None.
    """
    tried: set[float] = set()
    gutter_pt = first_pt
    while True:
        result = typeset(gutter_pt)
        required_pt = required_by(result)
        tried.add(gutter_pt)
        if required_pt == gutter_pt or (required_pt < gutter_pt and required_pt in tried):
            return result, None
        if len(tried) == MOST_ROUNDS:
            return result, required_pt if required_pt > gutter_pt else None
        gutter_pt = required_pt
