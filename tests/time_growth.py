"""Whether the time that something takes grows with its length, and not with the square of it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_LENGTHS = (8_000, 16_000, 30_000, 60_000)
_SHORTEST_SECONDS = 0.02
_MOST = 3
"""Twice the text takes twice the time, or four times if it grows with the square."""


def growth_of_time(work: Callable[[int], object]) -> float:
    """Return how many times as long ``work(length)`` takes for twice the length.

    It is measured in the time of this process, and at greater lengths while it is too much.
    """
    growth = float(_MOST)
    for length in _LENGTHS:
        growth = _seconds(work, 2 * length) / max(_seconds(work, length), _SHORTEST_SECONDS)
        if growth < _MOST:
            break
    return growth


def _seconds(work: Callable[[int], object], length: int) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    work(length)
    taken = time.process_time() - start
    gc.enable()
    return taken
