"""The choice of what stands on each page: the cheapest way through all places pages may end at.

Paragraphs may have a line more or less, and pages may end a line or two short. One pass over a
section keeps, for each place on a page that can be reached, the cheapest way there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from makeready.book.model import Balance


@dataclass(frozen=True, slots=True)
class Prices:
    """What pages cost, in the units of what lines cost (see `makeready.engine.lines.choose`)."""

    uneven_line: float = 2_000_000.0
    """Each line by which facing pages differ."""

    first_short: float = 60_000.0
    """A line by which a page ends above the last line, or both pages of a spread do."""

    more_short: float = 140_000.0
    """Each line more."""

    space_above_notes: float = 20_000.0
    """Each line left empty between the text of a page and its notes."""

    few_lines: float = 300_000.0
    """A last page with fewer lines than `LEAST_LINES`."""


PRICES = Prices()
LEAST_LINES = 5
MOST_SHORT = 2
"""A page ends so many lines short at most, if what follows does not need more room."""

_SAME_LINE = 0.25
"""A difference in lines that is not seen."""

_SAME_PX, _SAME_END_PX = 0.05, 0.5
_MOST_STATES = 400


class LineChoice(NamedTuple):
    """A number of lines that a paragraph can have, and what that costs.

    ``notes`` has the index of the line of each call of a note, and the note's height.
    """

    line_count: int
    cost: float = 0.0
    notes: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FlowItem:
    """A paragraph of one line or more, or a block that is not divided, which is one line.

    ``line_px`` has the heights of the lines; the last is that of all that follow. ``gap_px`` is
    the space above, and ``top_px`` that at the top of a page. No page ends before the item unless
    ``may_begin_page``, and one has to if it ``begins_page``. ``is_text`` says whether it ends with
    text, and not with a picture.
    """

    choices: tuple[LineChoice, ...]
    line_px: tuple[float, ...]
    gap_px: float = 0.0
    top_px: float = 0.0
    may_begin_page: bool = True
    begins_page: bool = False
    orphans: int = 2
    widows: int = 2
    is_text: bool = True

    def height_px(self, line: int) -> float:
        """Return the height of a line."""
        return self.line_px[min(line, len(self.line_px) - 1)]


class PageEnd(NamedTuple):
    """Where a page ends: its text, and by how much its notes are above the foot of the page.

    ``item`` and ``line`` are what the next page begins with. ``short`` is by how many lines the
    page ends above its last line, and None for one that ends with a picture.
    """

    text_px: float
    raised_px: float
    short: float | None
    item: int
    line: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Pages of a section that follow each other.

    Text and notes have ``height_px``; ``note_edges_px`` is the height of the area of notes
    without its notes. The section's page 0 is a left-hand one if it is ``on_verso``.
    ``first_page`` is the number of the first of these pages, and ``left`` by how many lines the
    page before is short, if that one faces it. ``last_page`` and ``last_end`` are where the last
    has to end; without them the section ends there.
    """

    height_px: float
    leading_px: float
    note_edges_px: float = 0.0
    on_verso: bool = False
    balance: Balance = Balance.SPREADS
    first_page: int = 0
    left: float | None = None
    last_page: int = 0
    last_end: PageEnd | None = None


class PagePlan(NamedTuple):
    """What was chosen: the lines of each item, the ends of all pages but the last, the cost."""

    counts: tuple[int, ...]
    ends: tuple[PageEnd, ...]
    cost: float


class _State(NamedTuple):
    """A place on a page: its number from 0, and the heights of the text and the notes on it.

    ``left`` is by how many lines the page on the left is short; None if there is none, or it ends
    with a picture.
    """

    page: int
    used_px: float
    notes_px: float
    left: float | None


class _Trail(NamedTuple):
    """How a state was reached: the last step, and the steps before it."""

    before: _Trail | None
    line_count: int | None
    end: PageEnd | None


class _Stop(NamedTuple):
    """A place where a page may end: so many lines of an item are on it."""

    lines: int
    used_px: float
    notes_px: float


_Way = tuple[float, _Trail | None]


def choose_pages(
    items: Sequence[FlowItem], frame: Frame, prices: Prices = PRICES
) -> PagePlan | None:
    """Return the cheapest way to set a section; None if there is none."""
    chooser = _Chooser(items, frame, prices)
    ways: dict[_State, _Way] = {_State(frame.first_page, 0.0, 0.0, frame.left): (0.0, None)}
    for index in range(len(items)):
        ways = _cheapest(chooser.ways_past(index, ways))
        if not ways:
            return None
    return chooser.finish(ways)


def _cheapest(ways: dict[_State, _Way]) -> dict[_State, _Way]:
    if len(ways) <= _MOST_STATES:
        return ways
    return dict(sorted(ways.items(), key=lambda way: way[1][0])[:_MOST_STATES])


class _Chooser:
    """The comparison of the ways to set the items of a section."""

    def __init__(self, items: Sequence[FlowItem], frame: Frame, prices: Prices) -> None:
        self._items, self._frame, self._prices = items, frame, prices
        self._needs_px = list(self._needs())[::-1]

    def _needs(self) -> Iterator[float]:
        """Yield, from the last item on, the height up to where a page may first end."""
        following_px = 0.0
        may_end_after = True
        for item in reversed(self._items):
            count, _, notes = item.choices[0]
            lines = item.orphans if count >= item.orphans + item.widows else count
            need_px = item.gap_px + sum(map(item.height_px, range(lines)))
            need_px += self._area_px(sum(height for _, height in notes))
            if lines == count and not may_end_after:
                need_px += following_px
            yield need_px
            following_px, may_end_after = need_px, item.may_begin_page

    def ways_past(self, index: int, ways: dict[_State, _Way]) -> dict[_State, _Way]:
        """Return the cheapest ways to the places after an item, given those before it."""
        found: dict[_State, _Way] = {}
        item = self._items[index]
        for state, (cost, trail) in ways.items():
            for choice in item.choices:
                way = cost + choice.cost, _Trail(trail, choice.line_count, None)
                self._set(index, choice, state, way, found)
        return found

    def _set(
        self,
        index: int,
        choice: LineChoice,
        start: _State,
        start_way: _Way,
        found: dict[_State, _Way],
    ) -> None:
        """Add the cheapest ways to set an item with some number of lines."""
        item, waiting = self._items[index], [(start, 0, start_way)]
        if item.begins_page and start.used_px:
            stop = _Stop(0, start.used_px, start.notes_px)
            waiting = [
                (state, 0, way)
                for state, way in self._ends(index, start, start_way, stop, free=True)
            ]
        while waiting:
            state, first, way = waiting.pop()
            whole, stops = self._lines_on_page(index, choice, state, first)
            if whole is not None:
                after = _State(state.page, whole.used_px, whole.notes_px, state.left)
                if after not in found or way[0] < found[after][0]:
                    found[after] = way
            for stop in stops:
                for following, longer in self._ends(index, state, way, stop):
                    waiting.append((following, stop.lines, longer))

    def _lines_on_page(
        self, index: int, choice: LineChoice, state: _State, first: int
    ) -> tuple[_Stop | None, list[_Stop]]:
        """Return where an item ends if its rest fits the page, and where the page may end in it."""
        item, frame = self._items[index], self._frame
        at_top = not state.used_px
        used_px, notes_px = state.used_px, state.notes_px
        stops = []
        if not first:
            if not at_top and item.may_begin_page:
                stops.append(_Stop(0, used_px, notes_px))
            used_px += item.top_px if at_top else item.gap_px
        whole = None
        for line in range(first, choice.line_count):
            used_px += item.height_px(line)
            notes_px += sum(height for index, height in choice.notes if index == line)
            if used_px + self._area_px(notes_px) > frame.height_px + _SAME_PX:
                break
            done, left = line + 1, choice.line_count - line - 1
            stop = _Stop(done, round(used_px, 2), notes_px)
            if not left:
                whole = stop
            elif left >= item.widows and (at_top or done - first >= item.orphans):
                stops.append(stop)
        return whole, list(self._allowed(index, stops, is_whole=whole is not None))

    def _allowed(self, index: int, stops: Sequence[_Stop], *, is_whole: bool) -> Iterator[_Stop]:
        """Yield the stops where little of the page is left, or what follows does not fit."""
        frame = self._frame
        for stop in stops:
            room_px = frame.height_px - self._area_px(stop.notes_px) - stop.used_px
            is_last = stop is stops[-1] and not is_whole
            is_before = not stop.lines and room_px < self._needs_px[index]
            if is_last or is_before or room_px <= MOST_SHORT * frame.leading_px + _SAME_PX:
                yield stop

    def _area_px(self, notes_px: float) -> float:
        return self._frame.note_edges_px + notes_px if notes_px else 0.0

    def _ends(
        self, index: int, state: _State, way: _Way, stop: _Stop, *, free: bool = False
    ) -> Iterator[tuple[_State, _Way]]:
        """Yield the ways to end a page after some lines of an item.

        A page that ends ``free`` has to end there, and so may be of any height.
        """
        frame, prices = self._frame, self._prices
        room_px = frame.height_px - self._area_px(stop.notes_px) - stop.used_px
        is_text = bool(stop.notes_px) or self._items[index - (not stop.lines)].is_text
        for raised in range(MOST_SHORT + 1) if stop.notes_px else (0,):
            raised_px = raised * frame.leading_px
            if raised_px > room_px + _SAME_PX:
                return
            cost, trail = way
            short = round(room_px / frame.leading_px, 1)
            if stop.notes_px:
                empty = round((room_px - raised_px) / frame.leading_px, 1)
                cost += prices.space_above_notes * (empty if empty >= 1 else 0.0)
                short = float(raised)
            shown = short if is_text and not free else None
            if not free:
                cost += self._end_cost(state, short, shown)
            end = PageEnd(stop.used_px, raised_px, shown, index, stop.lines)
            is_left = (state.page % 2 == 0) == frame.on_verso
            following = _State(state.page + 1, 0.0, 0.0, shown if is_left else None)
            yield following, (cost, _Trail(trail, None, end))

    def _end_cost(self, state: _State, short: float, shown: float | None) -> float:
        """Return what the end of a page costs; a left page's is that of its spread, known later."""
        balance = self._frame.balance
        is_left = (state.page % 2 == 0) == self._frame.on_verso
        if balance is Balance.PAGES:
            return self._prices.uneven_line * short if short > _SAME_LINE else 0.0
        if is_left and shown is not None:
            return 0.0
        if state.left is None or shown is None:
            # A page that none is compared with, or that ends with a picture.
            return self._short_cost(short) + self._short_cost(state.left or 0.0)
        difference = abs(short - state.left)
        cost = self._prices.uneven_line * difference if difference > _SAME_LINE else 0.0
        return cost + self._short_cost(min(short, state.left))

    def _short_cost(self, short: float) -> float:
        if short <= _SAME_LINE:
            return 0.0
        prices = self._prices
        return prices.first_short * min(short, 1.0) + prices.more_short * max(short - 1.0, 0.0)

    def finish(self, ways: dict[_State, _Way]) -> PagePlan | None:
        """Return the plan of the cheapest way to the end; None if none ends where it has to."""
        least_px = (LEAST_LINES - 0.5) * self._frame.leading_px
        last = self._frame.last_end
        if last is not None:
            ways = {state: way for state, way in ways.items() if self._is_last(state, last)}
            if not ways:
                return None

        def cost_of(way: tuple[_State, _Way]) -> float:
            state, (cost, _) = way
            if last is not None:
                return cost + self._end_cost(state, last.short or 0.0, last.short)
            is_few = state.page > 0 and state.used_px + self._area_px(state.notes_px) < least_px
            return cost + self._short_cost(state.left or 0.0) + is_few * self._prices.few_lines

        cost, (_, (_, trail)) = min(
            ((cost_of(way), way) for way in ways.items()), key=lambda one: one[0]
        )
        counts: list[int] = []
        ends: list[PageEnd] = []
        while trail is not None:
            if trail.line_count is not None:
                counts.append(trail.line_count)
            if trail.end is not None:
                ends.append(trail.end)
            trail = trail.before
        return PagePlan(tuple(counts[::-1]), tuple(ends[::-1]), cost)

    def _is_last(self, state: _State, last: PageEnd) -> bool:
        is_page = state.page == self._frame.last_page
        return is_page and abs(state.used_px - last.text_px) < _SAME_END_PX


class UnevenSpread(NamedTuple):
    """Two facing pages that end on different lines, by the number of the left one, from 0."""

    left: int
    lines: float


def uneven_spreads(ends: Sequence[float | None], *, on_verso: bool) -> Iterator[UnevenSpread]:
    """Yield the uneven spreads of a section.

    ``ends`` has by how many lines each page is short that runs on to another; None for one that
    ends with a picture.
    """
    for left in range(0 if on_verso else 1, len(ends) - 1, 2):
        one, other = ends[left], ends[left + 1]
        if one is not None and other is not None and abs(one - other) > _SAME_LINE:
            yield UnevenSpread(left, abs(one - other))


def unevenness(ends: Sequence[float | None], balance: Balance, *, on_verso: bool) -> float:
    """Return by how many lines pages of a section are uneven, and so worth to be balanced."""
    if balance is Balance.PAGES:
        return sum(end for end in ends if end is not None and end > _SAME_LINE)
    return sum(spread.lines for spread in uneven_spreads(ends, on_verso=on_verso))
