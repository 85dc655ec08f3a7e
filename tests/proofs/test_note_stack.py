"""Notes in a margin: none over another, each as near to its line as the others allow."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makeready.proofs.note_stack import fitting, stacked

GAP = 5.0


@pytest.mark.parametrize(
    ("heights", "wanted", "tops"),
    [
        ([], [], []),
        ([10], [30], [30]),
        ([10], [-4], [0]),
        ([10], [95], [90]),
        ([10, 10], [30, 30], [30, 45]),
        ([10, 10, 10], [80, 80, 80], [60, 75, 90]),
        ([30, 30, 30], [50, 50, 50], [0, 35, 70]),
    ],
)
def test_notes_stand_beside_their_lines(
    heights: list[float], wanted: list[float], tops: list[float]
) -> None:
    assert stacked(heights, wanted, 100, GAP) == tops


@given(st.lists(st.tuples(st.floats(5, 40), st.floats(-20, 700)), max_size=12))
def test_notes_that_fit_never_collide(notes: list[tuple[float, float]]) -> None:
    heights = [height for height, _ in notes]
    wanted = sorted(want for _, want in notes)
    bottom = 600.0
    if fitting(heights, heights, bottom, GAP) is None:
        return
    tops = stacked(heights, wanted, bottom, GAP)
    assert all(top >= -1e-6 for top in tops)
    for (top, height), below in pairwise(zip(tops, heights, strict=True)):
        assert top + height + GAP <= below[0] + 1e-6
    if tops:
        assert tops[-1] + heights[-1] <= bottom + 1e-6


def test_the_longest_are_shortened_first() -> None:
    assert fitting([10, 10], [5, 5], 100, GAP) == [False, False]
    assert fitting([60, 50], [10, 10], 100, GAP) == [True, False]
    assert fitting([60, 60], [10, 10], 30, GAP) == [True, True]
    assert fitting([60, 60], [20, 20], 30, GAP) is None
