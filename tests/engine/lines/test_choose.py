"""The breaks that are chosen are the cheapest of all, and what is dear is avoided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makeready.engine.lines.choose import PRICES, Break, Measure, Node, Reach, choose_breaks

SPACE_PX = 3.0
EM_PX = 12.0


@dataclass(frozen=True)
class Word:
    """A word of a width; ``part_px`` is that of its first part where it may be divided."""

    width_px: float
    part_px: float = 0.0
    name: str = ""


def breaks_of(words: Sequence[Word]) -> tuple[Break, list[Break]]:
    """Return the places where lines of these words may end, as `BreakFinder` does."""
    first = Break(0, 0)
    first.first_word = words[0].name
    found = []
    width_px = spaces_px = 0.0
    for index, word in enumerate(words):
        if word.part_px:
            inside = Break(2 * index + 1, 2 * index + 1)
            inside.end_px = inside.start_px = width_px + word.part_px
            inside.end_spaces_px = inside.start_spaces_px = spaces_px
            inside.penalty, inside.is_flagged, inside.is_hyphenation = 60.0, True, True
            inside.word_start = 2 * index
            found.append(inside)
        width_px += word.width_px
        is_last = index == len(words) - 1
        after = Break(2 * index + 2, None if is_last else 2 * index + 2)
        after.end_px = after.start_px = width_px
        after.end_spaces_px = spaces_px
        spaces_px += SPACE_PX
        after.start_spaces_px = spaces_px
        after.word_start = 2 * index
        if not is_last:
            after.last_word, after.first_word = word.name, words[index + 1].name
        found.append(after)
    for at in found:
        at.end_letters_px, at.start_letters_px = at.end_px, at.start_px
    return first, found


def chosen(words: Sequence[Word], width_px: float, tolerance: float = inf) -> Node | None:
    first, breaks = breaks_of(words)
    measure = Measure((width_px,), EM_PX, is_justified=True)
    found = choose_breaks(first, breaks, measure, tolerance)
    return next(iter(found.values()), None)


def ends(node: Node | None) -> list[int]:
    assert node is not None
    return [at.end for at in node.breaks()[1:]]


def cost_of(words: Sequence[Word], width_px: float, lines: Sequence[int]) -> float | None:
    """Return what a way to break words costs, its lines ending after so many words each."""
    first, breaks = breaks_of(words)
    wanted = [at for at in breaks if at.end in lines]
    measure = Measure((width_px,), EM_PX, is_justified=True)
    # With no other place to break, it is the only way.
    found = choose_breaks(first, wanted, measure)
    return next(iter(found.values())).cost if found else None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(5, 40), min_size=2, max_size=9),
    st.integers(60, 160),
)
def test_no_other_way_costs_less(widths: list[int], width_px: int) -> None:
    words = [Word(float(width)) for width in widths]
    places = [2 * index + 2 for index in range(len(words) - 1)]
    end = 2 * len(words)
    costs = [
        cost
        for count in range(len(places) + 1)
        for lines in combinations(places, count)
        if (cost := cost_of(words, width_px, (*lines, end))) is not None
    ]
    node = chosen(words, width_px)
    assert (node is None) == (not costs)
    if node is not None:
        assert node.cost == pytest.approx(min(costs))


def far_enough(breaks: Sequence[Break], reach: Reach) -> Iterator[Break]:
    """Yield the breaks that are not too near, as `BreakFinder` does."""
    for at in breaks:
        reach_px = reach.of(at.end_px, at.end_letters_px, at.end_spaces_px)
        if at.start is None or reach_px >= reach.least_px:
            yield at


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.builds(Word, st.floats(5, 40), st.sampled_from([0.0, 3.0, 12.0])), min_size=1),
    st.lists(st.floats(60, 160), min_size=1, max_size=3),
    st.sampled_from([0.5, 2.0, 4.0, inf]),
    st.booleans(),
    st.booleans(),
)
def test_breaks_that_are_too_near_make_no_difference(
    words: list[Word], widths_px: list[float], tolerance: float, justified: bool, by_count: bool
) -> None:
    first, breaks = breaks_of(words)
    measure = Measure(tuple(widths_px), EM_PX, justified, 0.02 if justified else 0.0)
    reach = Reach(measure, tolerance)
    near_left_out = far_enough(breaks, reach)
    found = choose_breaks(first, near_left_out, measure, tolerance, by_count=by_count, reach=reach)
    unlimited = Reach(measure, inf)
    every = choose_breaks(first, breaks, measure, tolerance, by_count=by_count, reach=unlimited)
    assert {count: (node.cost, ends(node)) for count, node in found.items()} == {
        count: (node.cost, ends(node)) for count, node in every.items()
    }


def test_the_way_that_fills_all_lines_wins_over_the_longest_first_line() -> None:
    words = [Word(width) for width in (24, 24, 24, 8, 40, 36, 50)]
    # Line by line, four words fit the first line (89 of 90), and the next is very loose.
    node = chosen(words, 90)
    lines = [(b - a) // 2 for a, b in pairwise([0, *ends(node)])]
    assert lines == [3, 3, 1]


def test_a_word_wider_than_its_line_has_no_way() -> None:
    assert chosen([Word(20), Word(101), Word(20)], 100) is None
    assert chosen([Word(20), Word(100), Word(20)], 100) is not None


def test_no_way_within_a_tolerance() -> None:
    words = [Word(40), Word(40), Word(40), Word(40)]
    # Two words and a space are 83: 17 more to the one space, whose stretch is 1.5.
    assert chosen(words, 100, tolerance=11) is None
    assert chosen(words, 100, tolerance=12) is not None


def test_a_third_hyphen_in_a_row_is_avoided() -> None:
    words = [Word(60, 39)] + [Word(60, 39)] * 6
    node = chosen(words, 102)
    assert node is not None
    flags = "".join("-" if at.is_flagged else " " for at in node.breaks()[1:])
    assert "---" not in flags


def test_a_lone_short_word_is_brought_company() -> None:
    # Ten words fill a line (87 of 87), and the last would stand alone; eleven fit one, tightly.
    assert ends(chosen([Word(6)] * 30 + [Word(4)], 87)) == [20, 40, 62]
    # Where it is no short word, it may.
    assert ends(chosen([Word(6)] * 30 + [Word(40)], 87))[-2:] == [60, 62]


def test_the_same_word_does_not_end_two_lines() -> None:
    words = [Word(46), Word(47, name="that"), Word(46), Word(47, name="that"), Word(60)]
    same = ends(chosen(words, 96))
    assert same == [4, 8, 10]
    spread = [Word(46), Word(47), Word(46), Word(47), Word(60)]
    assert chosen(words, 96).cost - chosen(spread, 96).cost == PRICES.same_word  # type: ignore[union-attr]


def test_lines_of_their_own_widths() -> None:
    first, breaks = breaks_of([Word(20)] * 12)
    beside_a_float = Measure((43.0, 43.0, 112.0), EM_PX, is_justified=True)
    found = choose_breaks(first, breaks, beside_a_float)
    assert ends(next(iter(found.values()))) == [4, 8, 18, 24]


def test_counts_of_lines_each_have_their_cheapest_way() -> None:
    first, breaks = breaks_of([Word(20)] * 20)
    measure = Measure((112.0,), EM_PX, is_justified=True)
    found = choose_breaks(first, breaks, measure, by_count=True)
    assert sorted(found)[:2] == [4, 5]
    assert min(found.values(), key=lambda node: node.cost).lines == 4
    assert all(node.lines == count for count, node in found.items())


def test_ragged_lines_are_not_spaced_and_centred_ones_are_of_like_length() -> None:
    words = [Word(20)] * 6
    first, breaks = breaks_of(words)
    ragged = Measure((112.0,), EM_PX, is_justified=False)
    centred = Measure((112.0,), EM_PX, is_justified=False, is_balanced=True)
    (left,) = choose_breaks(first, breaks, ragged).values()
    (middle,) = choose_breaks(first, breaks, centred).values()
    assert ends(left) == [10, 12]
    assert ends(middle) == [6, 12]
