"""Notes stacked in a margin: each as near to its line as the others allow."""

from __future__ import annotations

from collections.abc import Sequence


def stacked(
    heights: Sequence[float], wanted: Sequence[float], bottom: float, gap: float
) -> list[float]:
    """Return the tops of notes, downwards from 0, none over another and none beyond ``bottom``.

    ``wanted`` are the tops they would have by themselves, in their order. They fit if their heights
    and the gaps between them do.
    """
    tops: list[float] = []
    for height, want in zip(heights, wanted, strict=True):
        above = tops[-1] + heights[len(tops) - 1] + gap if tops else 0.0
        tops.append(max(min(want, bottom - height), above, 0.0))
    limit = bottom
    for index in range(len(tops) - 1, -1, -1):
        tops[index] = max(min(tops[index], limit - heights[index]), 0.0)
        limit = tops[index] - gap
    return tops


def fitting(
    full: Sequence[float], short: Sequence[float], room: float, gap: float
) -> list[bool] | None:
    """Return which notes are shortened, the longest first, so that all fit; None if they do not."""
    heights = list(full)
    shortened = [False] * len(full)
    by_gain = sorted(range(len(full)), key=lambda index: (short[index] - full[index], index))
    for index in (None, *by_gain):
        if index is not None:
            heights[index], shortened[index] = min(short[index], full[index]), True
        if sum(heights) + gap * max(len(heights) - 1, 0) <= room:
            return shortened
    return None
