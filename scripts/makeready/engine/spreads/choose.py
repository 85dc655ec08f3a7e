"""The choice of what stands on each page: the cheapest way through all places pages may end at.

Paragraphs may have a line more or less, and pages may end a line or two short. One pass over a
section keeps, for each place on a page that can be reached, the cheapest way there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import NamedTuple, TypeVar

from makeready.book.model import Balance
from makeready.engine.spreads.page_plan import FlowItem, Frame, LineChoice, PageEnd, PagePlan


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

    single_line: float = 500_000.0
    """A single line below a heading at the foot of a page."""

    space_line: float = 100_000.0
    """A line added to the space above a block, such as a heading or a figure."""

    more_space: float = 300_000.0
    """Each line more in the same space."""


PRICES = Prices()
LEAST_LINES = 5
MOST_SHORT = 2
"""A page ends so many lines short at most, if what follows does not need more room."""

MOST_ADDED = 2
"""So many lines at most are added to a space."""

_LEAST_SPACE = 0.45
"""A space of so many lines at least may be made larger."""

_SAME_LINE = 0.25
"""A difference in lines that is not seen."""

_SAME_PX, _SAME_END_PX = 0.05, 0.5
_DEAREST = 3_000_000.0
"""Ways that are so much dearer than the cheapest one so far are looked at only if need be."""

_MOST_STATES, _LEAST_STATES = 400, 24
_MOST_WAYS = 600_000
"""So many ways are looked at in a very long section, and so fewer for each of its items."""

_MOST_WAYS_IN_ITEM = 12
"""So many ways are looked at on each page that one item goes on over."""


class _State(NamedTuple):
    """A place on a page: its number from 0, and the heights of the text and the notes on it.

    ``left`` is by how many lines the page on the left is short; None if there is none, or it ends
    with a picture. ``stretched`` is the item the space above which can be made larger without
    moving lines off the grid, or -1.
    """

    page: int
    used_px: float
    notes_px: float
    left: float | None
    stretched: int = -1


class _Trail(NamedTuple):
    """How a state was reached: the last step, and the steps before it."""

    before: _Trail | None
    line_count: int | None = None
    gap_px: float = 0.0
    end: PageEnd | None = None


class _Stop(NamedTuple):
    """A place where a page may end: so many lines of an item are on it."""

    lines: int
    used_px: float
    notes_px: float


class _Setting(NamedTuple):
    """An item as it may be set: its number, lines and notes, and the space above.

    ``is_larger`` is whether lines are added to that space.
    """

    number: int
    choice: LineChoice
    gap_px: float
    is_larger: bool


_Way = tuple[float, _Trail | None]
_Place = TypeVar("_Place", bound=Hashable)


def choose_pages(
    items: Sequence[FlowItem], frame: Frame, prices: Prices = PRICES
) -> PagePlan | None:
    """Return the cheapest way to set a section; None if there is none."""
    chooser = _Chooser(items, frame, prices)
    plan = chooser.choose(_DEAREST)
    if plan is None or plan.cost >= prices.uneven_line:
        plan = chooser.choose(inf) or plan
    return plan


def _keep_cheaper(ways: dict[_Place, _Way], place: _Place, way: _Way) -> None:
    """Add a way to a place unless there is a cheaper one."""
    known = ways.get(place)
    if known is None or way[0] < known[0]:
        ways[place] = way


def _cheapest(ways: dict[_Place, _Way], dearest: float, most: int) -> dict[_Place, _Way]:
    """Return so many of the cheapest ways, but none that is so much dearer than the first."""
    limit = min((cost for cost, _ in ways.values()), default=0.0) + dearest
    kept = {state: way for state, way in ways.items() if way[0] <= limit}
    if len(kept) <= most:
        return kept
    return dict(sorted(kept.items(), key=lambda way: way[1][0])[:most])


class _Chooser:
    """The comparison of the ways to set the items of a section."""

    def __init__(self, items: Sequence[FlowItem], frame: Frame, prices: Prices) -> None:
        self._items, self._frame, self._prices = items, frame, prices
        self._needs_px = list(self._needs())[::-1]
        self._far_px = frame.height_px - MOST_SHORT * frame.leading_px - _SAME_END_PX
        more = prices.more_space
        self._space_costs = (0.0, *(prices.space_line + n * more for n in range(MOST_ADDED)))
        self._heights_px = [
            {choice.line_count: item.total_px(choice.line_count) for choice in item.choices}
            for item in items
        ]
        # It is the same whatever the page before is like.
        self._known_lines: dict[tuple[object, ...], tuple[_Stop | None, list[_Stop]]] = {}

    def choose(self, dearest: float) -> PagePlan | None:
        """Return the cheapest plan, looking at ways that are so much dearer at most."""
        frame, count = self._frame, len(self._items)
        most = min(max(_MOST_WAYS // max(count, 1), _LEAST_STATES), _MOST_STATES)
        ways: dict[_State, _Way] = {_State(frame.first_page, 0.0, 0.0, frame.left): (0.0, None)}
        for index in range(count):
            ways = _cheapest(self._ways_past(index, ways), dearest, most)
            if not ways:
                return None
        return self._finish(ways)

    def _needs(self) -> Iterator[float]:
        """Yield, from the last item on, the height up to where a page may first end."""
        following_px = 0.0
        may_end_after = True
        for item in reversed(self._items):
            count, _, notes = item.choices[0]
            lines = item.orphans if count >= item.orphans + item.widows else count
            need_px = item.gap_px + item.total_px(lines)
            need_px += self._area_px(sum(height for _, height in notes))
            if item.ends_heading or (lines == count and not may_end_after):
                need_px += following_px
            yield need_px
            following_px, may_end_after = need_px, item.may_begin_page

    def _ways_past(self, index: int, ways: dict[_State, _Way]) -> dict[_State, _Way]:
        """Return the cheapest ways to the places after an item, given those before it."""
        found: dict[_State, _Way] = {}
        item = self._items[index]
        self._known_lines.clear()
        for state, way in ways.items():
            if item.begins_page and state.used_px:
                stop = _Stop(0, state.used_px, state.notes_px)
                for following, longer in self._ends(index, state, way, stop, free=True):
                    self._add_ways(index, following, longer, found)
            else:
                self._add_ways(index, state, way, found)
        return found

    def _add_ways(self, index: int, state: _State, way: _Way, found: dict[_State, _Way]) -> None:
        """Add the cheapest ways to set an item that begins in some place."""
        cost, trail = way
        page, used_px, notes_px, left, _ = state
        heights_px = self._heights_px[index]
        # Most items are far from the end of a page.
        is_far = not notes_px and used_px + self._needs_px[index] < self._far_px
        stretched = self._stretched(index, state, 0)
        for added, gap_px in enumerate(self._gaps_px(index, state)):
            more = cost + self._space_costs[added]
            for choice in self._items[index].choices:
                longer = more + choice.cost, _Trail(trail, choice.line_count, gap_px)
                end_px = used_px + gap_px + heights_px[choice.line_count]
                if is_far and not choice.notes and end_px < self._far_px:
                    after = _State(page, round(end_px, 4), 0.0, left, stretched)
                    known = found.get(after)
                    if known is None or longer[0] < known[0]:
                        found[after] = longer
                else:
                    setting = _Setting(index, choice, gap_px, is_larger=added > 0)
                    self._set(setting, state, longer, found)

    def _gaps_px(self, index: int, state: _State) -> Iterator[float]:
        """Yield the spaces that there may be above an item, the smallest first."""
        item, leading_px = self._items[index], self._frame.leading_px
        if not state.used_px:
            yield item.top_px
            return
        gap_px = item.gap_px
        if item.is_on_grid:
            lines = ceil((state.used_px + gap_px - _SAME_PX) / leading_px)
            gap_px = max(gap_px, lines * leading_px - state.used_px)
        yield gap_px
        if self._is_spaced(index):
            for added in range(1, MOST_ADDED + 1):
                yield gap_px + added * leading_px

    def _is_spaced(self, index: int) -> bool:
        """Whether the space above an item may be made larger; not that below a heading."""
        item = self._items[index]
        is_large = item.gap_px >= _LEAST_SPACE * self._frame.leading_px
        return is_large and (item.may_begin_page or item.begins_page)

    def _set(
        self, setting: _Setting, start: _State, start_way: _Way, found: dict[_State, _Way]
    ) -> None:
        """Add the cheapest ways to set an item with some number of lines and space above."""
        waiting = {(start, 0): start_way}
        while waiting:
            on_next_page: dict[tuple[_State, int], _Way] = {}
            for (state, first), way in _cheapest(waiting, inf, _MOST_WAYS_IN_ITEM).items():
                whole, stops = self._lines_on_page(setting, state, first)
                stretched = self._stretched(setting.number, state, first)
                if whole is not None:
                    _, used_px, notes_px = whole
                    after = _State(state.page, used_px, notes_px, state.left, stretched)
                    _keep_cheaper(found, after, way)
                for stop in stops:
                    here = state._replace(stretched=stretched) if stop.lines else state
                    for following, longer in self._ends(setting.number, here, way, stop):
                        _keep_cheaper(on_next_page, (following, stop.lines), longer)
            waiting = on_next_page

    def _stretched(self, index: int, state: _State, first: int) -> int:
        """Return the item above which space can be added when an item is on the page."""
        if self._items[index].is_on_grid:
            return -1
        begins_here = not first and state.used_px > 0
        return index if begins_here and self._is_spaced(index) else state.stretched

    def _lines_on_page(
        self, setting: _Setting, state: _State, first: int
    ) -> tuple[_Stop | None, list[_Stop]]:
        """Return where an item ends if its rest fits the page, and where the page may end in it."""
        key = setting, state.used_px, state.notes_px, first
        known = self._known_lines.get(key)
        if known is None:
            known = self._known_lines[key] = self._lines_near_end(setting, state, first)
        return known

    def _lines_near_end(
        self, setting: _Setting, state: _State, first: int
    ) -> tuple[_Stop | None, list[_Stop]]:
        """Return the same where the item may reach the end of the page."""
        item, frame, choice = self._items[setting.number], self._frame, setting.choice
        at_top = not state.used_px
        used_px, notes_px = state.used_px, state.notes_px
        stops = []
        if not first:
            if not at_top and item.may_begin_page and not setting.is_larger:
                stops.append(_Stop(0, used_px, notes_px))
            used_px += item.top_px if at_top else setting.gap_px
        else:
            used_px += item.repeated_px
        whole = last = None
        for line in range(first, choice.line_count):
            used_px += item.height_px(line)
            if choice.notes:
                notes_px += sum(height for at, height in choice.notes if at == line)
            end_px = used_px + self._area_px(notes_px) if notes_px else used_px
            if end_px > frame.height_px + _SAME_PX:
                break
            done, left = line + 1, choice.line_count - line - 1
            if not left:
                whole = _Stop(done, round(used_px, 4), notes_px)
            elif left >= item.widows and (at_top or done - first >= item.orphans):
                last = done, used_px, notes_px
                if end_px >= self._far_px:
                    stops.append(_Stop(done, round(used_px, 4), notes_px))
        if whole is None and last is not None and not (stops and stops[-1].lines == last[0]):
            done, used_px, notes_px = last
            stops.append(_Stop(done, round(used_px, 4), notes_px))
        return whole, list(self._allowed(setting.number, stops, is_whole=whole is not None))

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
        cost, trail = way
        is_left = (state.page % 2 == 0) == self._frame.on_verso
        is_shown = not free and (stop.notes_px > 0 or self._last_item(index, stop).is_text)
        for end, price in self._page_ends(index, state, stop):
            shown = end.short if is_shown else None
            more = 0.0 if free else price + self._end_cost(state, end.short or 0.0, shown)
            if stop.lines:
                more += self._items[index].division_cost
            elif not free and self._last_item(index, stop).ends_heading:
                more += self._prices.single_line
            step = _Trail(trail, end=end._replace(short=shown))
            following = _State(state.page + 1, 0.0, 0.0, shown if is_left else None)
            yield following, (cost + more, step)

    def _last_item(self, index: int, stop: _Stop) -> FlowItem:
        """Return the last item on a page that ends after some lines of one."""
        return self._items[index if stop.lines else index - 1]

    def _page_ends(self, index: int, state: _State, stop: _Stop) -> Iterator[tuple[PageEnd, float]]:
        """Yield where a page may end after some lines of an item, and what that costs."""
        leading_px = self._frame.leading_px
        room_px = self._frame.height_px - self._area_px(stop.notes_px) - stop.used_px
        here = index, stop.lines
        if not stop.notes_px:
            stretch_px = 0.0
            short = round(room_px / leading_px, 1)
            if state.stretched >= 0:
                short = float(floor(room_px / leading_px + _SAME_PX))
                stretch_px = max(room_px - short * leading_px, 0.0)
            end_px = stop.used_px + stretch_px
            yield PageEnd(end_px, 0.0, short, *here, state.stretched, stretch_px), 0.0
            return
        for raised in range(MOST_SHORT + 1):
            raised_px = raised * leading_px
            empty = round((room_px - raised_px) / leading_px, 1)
            if empty > -_SAME_PX:
                cost = self._prices.space_above_notes * (empty if empty >= 1 else 0.0)
                yield PageEnd(stop.used_px, raised_px, float(raised), *here), cost

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

    def _finish(self, ways: dict[_State, _Way]) -> PagePlan | None:
        """Return the plan of the cheapest way to the end; None if none ends where it has to."""
        if self._frame.last_page is None:
            ends = [(self._last_cost(state, way), way[1]) for state, way in ways.items()]
        else:
            ends = [
                way
                for state, before in ways.items()
                for way in self._ends_before_rest(state, before)
            ]
        if not ends:
            return None
        cost, trail = min(ends, key=lambda end: end[0])
        return self._plan(cost, trail)

    def _last_cost(self, state: _State, way: _Way) -> float:
        """Return the cost of a way to the end of a section."""
        height_px = state.used_px + self._area_px(state.notes_px)
        is_few = state.page > 0 and is_of_few_lines(height_px, self._frame.leading_px)
        cost, _ = way
        return cost + self._short_cost(state.left or 0.0) + is_few * self._prices.few_lines

    def _ends_before_rest(self, state: _State, way: _Way) -> Iterator[_Way]:
        """Yield the ways to end the last page of a part that the section goes on after."""
        frame = self._frame
        stop = _Stop(0, state.used_px, state.notes_px)
        room_px = frame.height_px - self._area_px(stop.notes_px) - stop.used_px
        most_px = max(MOST_SHORT, frame.last_short) * frame.leading_px + _SAME_END_PX
        if state.page == frame.last_page and room_px <= most_px:
            for _, longer in self._ends(len(self._items), state, way, stop):
                yield longer

    def _plan(self, cost: float, trail: _Trail | None) -> PagePlan:
        counts: list[int] = []
        gaps_px: list[float] = []
        ends: list[PageEnd] = []
        while trail is not None:
            if trail.line_count is not None:
                counts.append(trail.line_count)
                gaps_px.append(trail.gap_px)
            if trail.end is not None:
                ends.append(trail.end)
            trail = trail.before
        gaps_px.reverse()
        self._share_gaps(gaps_px, ends)
        for end in ends:
            if end.stretched >= 0:
                gaps_px[end.stretched] += end.stretch_px
        return PagePlan(tuple(counts[::-1]), tuple(ends[::-1]), cost, tuple(gaps_px))

    def _share_gaps(self, gaps_px: list[float], ends: Sequence[PageEnd]) -> None:
        """Divide what is added to the space below a block between that and the space above."""
        at_ends = {end.item for end in ends}
        first = -1
        for index, item in enumerate(self._items):
            if index in at_ends:
                first = -1
            if item.is_on_grid:
                if first >= 0:
                    half_px = (gaps_px[index] - item.gap_px) / 2
                    gaps_px[first] += half_px
                    gaps_px[index] -= half_px
                first = -1
            elif index and index not in at_ends and self._is_spaced(index):
                first = index


def is_of_few_lines(height_px: float, leading_px: float) -> bool:
    """Return whether what is on the last page of a section is less than `LEAST_LINES` lines."""
    return height_px < (LEAST_LINES - 0.5) * leading_px


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
