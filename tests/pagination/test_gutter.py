"""The gutter and the page count are made to agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from makeready.pagination.gutter import MOST_ROUNDS, converge_gutter
from makeready.printers.profile import printer_names, read_profile

KDP = read_profile("kdp")
NARROW, WIDE = 36.0, 45.0
"""KDP's gutters on both sides of 300 pages, in points."""


def book(pages: Mapping[float, int]) -> tuple[Callable[[float], int], list[float]]:
    """Return a function that typesets a book, and the list of gutters it was called with."""
    rounds: list[float] = []

    def typeset(gutter_pt: float) -> int:
        rounds.append(gutter_pt)
        return pages[gutter_pt]

    return typeset, rounds


@pytest.mark.parametrize(
    ("first", "pages", "rounds"),
    [
        (NARROW, {NARROW: 298}, [NARROW]),
        (NARROW, {NARROW: 302, WIDE: 310}, [NARROW, WIDE]),
        (WIDE, {WIDE: 280, NARROW: 276}, [WIDE, NARROW]),
        (27.0, {27.0: 302, WIDE: 310}, [27.0, WIDE]),
        # At a limit of the table, from either side: the wider gutter, which no printer refuses.
        (NARROW, {NARROW: 302, WIDE: 300}, [NARROW, WIDE]),
        (WIDE, {NARROW: 302, WIDE: 300}, [WIDE, NARROW, WIDE]),
    ],
)
def test_the_gutter_converges(
    first: float, pages: Mapping[float, int], rounds: list[float]
) -> None:
    typeset, tried = book(pages)
    result, lacking = converge_gutter(first, typeset, KDP.gutter_pt)
    assert tried == rounds
    assert (result, lacking) == (pages[rounds[-1]], None)
    assert KDP.gutter_pt(result) <= rounds[-1]


def test_a_gutter_that_does_not_converge_is_returned_as_lacking() -> None:
    rounds: list[float] = []

    def typeset(gutter_pt: float) -> float:
        rounds.append(gutter_pt)
        return gutter_pt + 1

    assert converge_gutter(0.0, typeset, lambda one: one) == (MOST_ROUNDS, MOST_ROUNDS)
    assert rounds == [float(number) for number in range(MOST_ROUNDS)]


@pytest.mark.parametrize("name", printer_names())
def test_no_printer_has_more_gutters_than_there_are_rounds(name: str) -> None:
    profile = read_profile(name)
    assert len({profile.gutter_pt(pages) for pages in range(1, 1201)}) < MOST_ROUNDS
