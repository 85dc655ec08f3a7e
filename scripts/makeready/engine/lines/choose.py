"""The choice of a paragraph's breaks: the cheapest way through all the places its lines may end.

This is the algorithm of Knuth and Plass (*Breaking Paragraphs into Lines*, 1981), with prices
for what a typesetter avoids besides loose lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Prices:
    """What lines cost: the square of their badness and of their break's penalty, and these."""

    line: float = 12.0
    """Added to the badness of each line, so that of two ways the one with fewer lines wins."""

    second_hyphen: float = 12_000.0
    """A hyphen at the end of a line below another."""

    more_hyphens: float = 20_000_000.0
    """A third hyphen in a row."""

    very_loose: float = 30_000.0
    """A line whose spaces are stretched farther than `STRETCH`."""

    contrast: float = 1_500.0
    """A loose line beside a tight one."""

    same_word: float = 3_000.0
    """A line that begins or ends with the same word as the line above."""

    short_end: float = 3_000.0
    """A last line shorter than `SHORT_END` of the measure."""

    lone_word: float = 22_000.0
    """A last line of one short word."""

    part_of_word: float = 250_000.0
    """A last line that is the rest of a divided word."""


PRICES = Prices()
STRETCH, SHRINK = 0.5, 1 / 3
"""How much a word space is stretched and shrunk before it is noticed, as shares of itself."""

SHORT_END = 1 / 6
_SHORT_WORD_SHARE = 0.12
"""A last word up to so much of the measure is hardly wider than the next paragraph's indent."""

_TIGHT, _NORMAL, _LOOSE = -0.5, 0.5, 1.0
"""The ratios between tight and normal lines, normal and loose, loose and very loose."""

_TIGHTEST = -1.0
_VERY_LOOSE = 100.0
"""The ratio of a line without spaces that does not fill its measure."""

_LOOKAHEAD_EM = 1.0
_TOLERANCE_PX = 0.01
_RAGGED_STRETCH_EM = 2.0
"""How much shorter than the measure a line of ragged text is before it is noticed."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How the lines of a paragraph are filled.

    ``widths_px`` are the widths of its lines; the last is that of all that follow. Letters are
    expanded and condensed by up to ``expansion``, a share of their width. ``em_px`` is the type
    size. With ``is_balanced`` the last line is to be as long as the others.
    """

    widths_px: tuple[float, ...]
    em_px: float
    is_justified: bool
    expansion: float = 0.0
    is_balanced: bool = False


class Break:
    """A place where a line may end.

    The line before it has the text to ``end``; the next line has it from ``start``, which is
    None at the end of the text.

    ``end_px``, ``end_letters_px`` and ``end_spaces_px`` are the widths of the text to the end:
    of all but spaces, of the letters in it that may be expanded, and of spaces. The three with
    ``start`` are those of the text that the next line does not have. ``right_px`` hangs out at
    the right of the line before, ``left_px`` at the left of the next. ``last_word`` and
    ``first_word`` are the words on both sides, empty inside a word.
    """

    __slots__ = (
        "end",
        "end_letters_px",
        "end_px",
        "end_spaces_px",
        "first_word",
        "is_flagged",
        "is_hyphenation",
        "last_word",
        "left_px",
        "penalty",
        "right_px",
        "start",
        "start_letters_px",
        "start_px",
        "start_spaces_px",
        "word_start",
    )

    def __init__(self, end: int, start: int | None) -> None:
        self.end, self.start = end, start
        self.end_px = self.end_letters_px = self.end_spaces_px = 0.0
        self.start_px = self.start_letters_px = self.start_spaces_px = 0.0
        self.right_px = self.left_px = self.penalty = 0.0
        self.is_hyphenation = self.is_flagged = False
        self.last_word = self.first_word = ""
        self.word_start = end


class Node:
    """A break that was chosen, and the way to it: the node before, its cost, its lines."""

    __slots__ = ("at", "before", "cost", "fitness", "hyphens", "lines")

    def __init__(
        self,
        at: Break,
        before: Node | None = None,
        cost: float = 0.0,
        fitness: int = 1,
        hyphens: int = 0,
        lines: int = 0,
    ) -> None:
        self.at, self.before, self.cost = at, before, cost
        self.fitness, self.hyphens, self.lines = fitness, hyphens, lines

    def breaks(self) -> list[Break]:
        """Return the breaks on the way here, the first one before the first line."""
        found, node = [], self
        while node is not None:
            found.append(node.at)
            node = node.before  # type: ignore[assignment]
        return found[::-1]


class Reach:
    """How far text reaches if it is stretched as far as a tolerance allows.

    A line that ends where the text reaches less far than ``least_px`` is too loose.
    """

    __slots__ = ("_expansion", "_slack_px", "_spaces_share", "least_px")

    def __init__(self, measure: Measure, tolerance: float) -> None:
        self.least_px = -inf
        self._expansion = measure.expansion
        self._spaces_share, self._slack_px = 1.0, _TOLERANCE_PX
        if measure.is_justified and tolerance < inf:
            self._spaces_share += tolerance * STRETCH
        else:
            self._slack_px += tolerance * _RAGGED_STRETCH_EM * measure.em_px

    def of(self, text_px: float, letters_px: float, spaces_px: float) -> float:
        """Return how far a text reaches, given the widths that a `Break` has."""
        return text_px + self._expansion * letters_px + self._spaces_share * spaces_px

    def needed(self, at: Break, width_px: float) -> float:
        """Return how far the text reaches at least where a line that begins at a break ends."""
        begin_px = self.of(at.start_px, at.start_letters_px, at.start_spaces_px)
        return begin_px + width_px + at.left_px - self._slack_px


class _Start(NamedTuple):
    """Lines that begin after a break and have one width, and the ways to that break.

    They end where the text reaches as far as ``reach_px``, or farther.
    """

    at: Break
    width_px: float
    reach_px: float
    nodes: list[Node]


def choose_breaks(
    first: Break,
    breaks: Iterable[Break],
    measure: Measure,
    tolerance: float = inf,
    prices: Prices = PRICES,
    *,
    by_count: bool = False,
    reach: Reach | None = None,
) -> dict[int, Node]:
    """Return the cheapest end of a paragraph, under its count of lines; empty if there is none.

    ``tolerance`` is how often the stretch of its spaces a line may be stretched. With
    ``by_count`` the cheapest end of each count of lines is returned. What yields the breaks may
    leave out those that ``reach`` says are too near.
    """
    reach = reach or Reach(measure, tolerance)
    chooser = _Chooser(measure, tolerance, prices, reach, by_count=by_count)
    starts = chooser.starts_at(first, [Node(first)])
    reach.least_px = starts[0].reach_px
    for at in breaks:
        best, starts = chooser.lines_to(at, starts)
        if at.start is None:
            return _ends(best, by_count=by_count)
        if best:
            starts += chooser.starts_at(at, best)
        if not starts:
            return {}
        reach.least_px = min(start.reach_px for start in starts)
    return {}


def _fitness(ratio: float) -> int:
    """Return the class of a line: tight, normal, loose or very loose."""
    if ratio < _TIGHT:
        return 0
    return 1 if ratio <= _NORMAL else 2 if ratio <= _LOOSE else 3


def _ends(nodes: Iterable[Node], *, by_count: bool) -> dict[int, Node]:
    found: dict[int, Node] = {}
    for node in sorted(nodes, key=lambda node: (node.cost, node.lines)):
        found.setdefault(node.lines, node)
        if not by_count:
            break
    return found


class _Chooser:
    """The comparison of the lines that end at one break."""

    def __init__(
        self,
        measure: Measure,
        tolerance: float,
        prices: Prices,
        reach: Reach,
        *,
        by_count: bool,
    ) -> None:
        self._measure, self._tolerance, self._prices = measure, tolerance, prices
        self._reach, self._by_count = reach, by_count
        self._ragged_px = 0.0 if measure.is_justified else _RAGGED_STRETCH_EM * measure.em_px
        self._last_width = len(measure.widths_px) - 1

    def starts_at(self, at: Break, nodes: list[Node]) -> list[_Start]:
        """Return the lines that begin after a break, given the ways to it."""
        widths_px, last = self._measure.widths_px, self._last_width
        if not last:
            return [_Start(at, widths_px[0], self._reach.needed(at, widths_px[0]), nodes)]
        starts = []
        for node in nodes:
            width_px = widths_px[min(node.lines, last)]
            starts.append(_Start(at, width_px, self._reach.needed(at, width_px), [node]))
        return starts

    def lines_to(self, at: Break, starts: list[_Start]) -> tuple[list[Node], list[_Start]]:
        """Return the best ways to a break, and the lines that later breaks may end."""
        best: dict[tuple[int, int], Node] = {}
        kept: list[_Start] = []
        is_last = at.start is None
        reach_px = self._reach.of(at.end_px, at.end_letters_px, at.end_spaces_px)
        least_rest_px = -_LOOKAHEAD_EM * self._measure.em_px
        for start in starts:
            if reach_px < start.reach_px and not is_last:
                kept.append(start)
                continue
            begin = start.at
            spaces_px = at.end_spaces_px - begin.start_spaces_px
            text_px = at.end_px - begin.start_px + spaces_px
            rest_px = start.width_px + at.right_px + begin.left_px - text_px
            ratio = self._ratio(rest_px, at.end_letters_px - begin.start_letters_px, spaces_px)
            # The text after the break may be narrower than a hyphen before it.
            if ratio >= _TIGHTEST or rest_px + SHRINK * spaces_px > least_rest_px:
                kept.append(start)
            if ratio < _TIGHTEST:
                continue
            end_cost = 0.0
            if is_last:
                ratio = ratio if self._measure.is_balanced else min(ratio, 0.0)
                end_cost = self._end_cost(begin, at, text_px, start.width_px)
            if is_last or ratio <= self._tolerance:
                self._add_lines(start, at, ratio, end_cost, best)
        return list(best.values()), kept

    def _add_lines(
        self,
        start: _Start,
        at: Break,
        ratio: float,
        end_cost: float,
        best: dict[tuple[int, int], Node],
    ) -> None:
        """Add the ways to a break with a line that begins after another, where they are the best.

        ``ratio`` is that of the line, and ``end_cost`` its extra cost as the last one.
        """
        prices, begin, last_width = self._prices, start.at, self._last_width
        badness = prices.line + 100 * abs(ratio * ratio * ratio)
        fitness = _fitness(ratio)
        for node in start.nodes:
            cost = node.cost + badness * badness + at.penalty * at.penalty
            if ratio > _LOOSE:
                cost += prices.very_loose
            if abs(fitness - node.fitness) > 1:
                cost += prices.contrast
            if at.is_flagged and node.hyphens:
                cost += prices.second_hyphen if node.hyphens == 1 else prices.more_hyphens
            if node.before is not None:
                if at.last_word and at.last_word == begin.last_word:
                    cost += prices.same_word
                if at.first_word and at.first_word == begin.first_word:
                    cost += prices.same_word
                cost += end_cost
            lines = node.lines + 1
            key = fitness, lines if self._by_count else min(lines, last_width)
            other = best.get(key)
            if other is None or cost < other.cost:
                hyphens = node.hyphens + 1 if at.is_flagged else 0
                best[key] = Node(at, node, cost, fitness, hyphens, lines)

    def _ratio(self, rest_px: float, letters_px: float, spaces_px: float) -> float:
        """Return how far a line is stretched (above 0) or shrunk, 1 and -1 being noticed.

        Letters give way first. Negative infinity where a line cannot be made to fit.
        """
        if self._ragged_px:
            return rest_px / self._ragged_px if rest_px >= -_TOLERANCE_PX else -inf
        give_px = self._measure.expansion * letters_px
        if rest_px > give_px:
            stretch_px = STRETCH * spaces_px
            return (rest_px - give_px) / stretch_px if stretch_px > _TOLERANCE_PX else _VERY_LOOSE
        if rest_px >= -give_px - _TOLERANCE_PX:
            return 0.0
        shrink_px = SHRINK * spaces_px
        return (rest_px + give_px) / shrink_px if shrink_px > _TOLERANCE_PX else -inf

    def _end_cost(self, start: Break, end: Break, width_px: float, measure_px: float) -> float:
        """Return the price of a last line that is short, or a part of a word."""
        cost = 0.0
        if start.start is not None and start.start > end.word_start:
            return self._prices.part_of_word
        if width_px < SHORT_END * measure_px:
            cost += self._prices.short_end
        if start.start == end.word_start and width_px < _SHORT_WORD_SHARE * measure_px:
            cost += self._prices.lone_word
        if start.is_flagged:
            cost += self._prices.second_hyphen / 3
        return cost
