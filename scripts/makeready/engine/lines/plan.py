"""The lines of a paragraph, chosen for the room that each of them has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from math import inf
from typing import NamedTuple

from makeready.engine.lines.breaks import BreakFinder
from makeready.engine.lines.choose import PRICES, Break, Measure, Node, Prices, Reach, choose_breaks
from makeready.engine.lines.paragraph import NEWLINE, Paragraph
from makeready.engine.lines.shape import EngineOnlyError

EXPANSION = 0.02
"""How much wider or narrower letters are drawn, as a share; more is seen."""


_SAME_PX = 0.005


class _Way(NamedTuple):
    """A way to break a paragraph: ``tolerance`` is how much lines are stretched.

    With ``hyphenated`` words are divided, with ``anywhere`` also before dashes, at no-break
    spaces, and between any two letters where their style says so. A way of infinite cost is not
    taken.
    """

    tolerance: float
    hyphenated: bool
    anywhere: bool = False
    prices: Prices = PRICES


_WITHOUT_LONE_WORDS = replace(PRICES, lone_word=inf, part_of_word=inf)


_MOST_TOLERANCE = 2.0
"""How much lines are stretched so that a paragraph has another count of them."""

_LAST_WAY = _Way(inf, hyphenated=True, anywhere=True)
_JUSTIFIED_WAYS = (
    _Way(0.88, hyphenated=False, prices=_WITHOUT_LONE_WORDS),
    _Way(2.0, hyphenated=True),
    _Way(4.0, hyphenated=True),
    _Way(inf, hyphenated=True),
    _LAST_WAY,
)
_RAGGED_WAYS = (_Way(inf, hyphenated=True), _LAST_WAY)
"""The ways are tried one after the other, until one is found with all lines in their rooms."""


class Room(NamedTuple):
    """Where a line may stand: its left edge and its width, in pixels."""

    x: float
    width_px: float


class Setting(NamedTuple):
    """How the lines of a paragraph are set: ``align`` and ``align_last`` as in CSS.

    With ``hang`` letters hang out of the measure, with ``hang_start`` also at the start of the
    paragraph.
    """

    align: str
    align_last: str
    em_px: float
    hang: bool
    hang_start: bool
    is_rtl: bool = False


class Line(NamedTuple):
    """A line: its text from ``start`` to ``end``, and where the next begins.

    ``number`` counts the lines of its plan, from 0. ``hyphen`` is whether one is added.
    ``left_px`` and ``right_px`` hang out of the measure, ``scale`` widens the letters, and
    ``stretch`` is added to each space, in spaces. ``offset_px`` moves the line to the right.
    """

    number: int
    start: int
    end: int
    following: int | None
    hyphen: bool
    left_px: float
    right_px: float
    scale: float
    stretch: float
    offset_px: float


@dataclass
class Plan:
    """The lines of a paragraph from one place on, for the rooms that they have.

    The last room is that of all lines that follow. ``lines`` are by where they start; a line
    that is missing is left to the engine. ``cost`` is in the units of `Prices`. ``finder`` is
    kept for other plans of the paragraph, if it has any, and ``others`` are these.
    """

    rooms: tuple[Room, ...]
    lines: dict[int, Line]
    setting: Setting
    cost: float = 0.0
    finder: BreakFinder | None = None
    others: dict[int, Plan] | None = None

    def fits(self, line: Line, rooms: Sequence[Room]) -> bool:
        """Whether a line and those after it were chosen for these rooms."""
        own = rooms_from(self.rooms, line.number)
        pairs = zip_longest(own, rooms, fillvalue=None)
        # Left and right pages differ in the last bits of their widths.
        return all(
            abs((one or own[-1]).width_px - (other or rooms[-1]).width_px) < _SAME_PX
            for one, other in pairs
        )


def rooms_from(rooms: Sequence[Room], number: int) -> Sequence[Room]:
    """Return the rooms of a line and of those after it; the last is that of all that follow."""
    return rooms[min(number, len(rooms) - 1) :]


def plan_lines(paragraph: Paragraph, start: int, rooms: tuple[Room, ...], setting: Setting) -> Plan:
    """Choose the lines of a paragraph from a place on.

    Raises EngineOnlyError where no choice keeps all lines within their rooms.
    """
    plan = Plan(rooms, {}, setting)
    count = 0
    for first, end, is_last in _segments(paragraph.text, start):
        hang_start = setting.hang_start if first == 0 else setting.hang
        finder = BreakFinder(paragraph, first, end, setting.hang, hang_start)
        if finder.is_empty:
            count += 1
            continue
        following = None if is_last else end + 1
        node = _choose(finder, rooms_from(rooms, count), setting)
        plan.cost += node.cost
        for line in _lines(node, count, rooms, setting):
            is_end = line.following is None
            plan.lines[line.start] = line._replace(following=following) if is_end else line
            count += 1
        if first == 0 and is_last:
            plan.finder = finder
    return plan


def plans_by_count(plan: Plan) -> dict[int, Plan]:
    """Return other plans of a paragraph, by their counts of lines, which no plan has twice.

    Only a paragraph without forced breaks has others, and none of their lines is looser than
    `_MOST_TOLERANCE` allows.
    """
    if plan.others is None:
        plan.others = _other_plans(plan, plan.finder) if plan.finder is not None else {}
    return plan.others


def _other_plans(plan: Plan, finder: BreakFinder) -> dict[int, Plan]:
    rooms, setting = plan.rooms, plan.setting
    measure = _measure(rooms, setting)
    reach = Reach(measure, _MOST_TOLERANCE)
    found = choose_breaks(
        finder.first(),
        finder.breaks(hyphenated=True, anywhere=False, reach=reach),
        measure,
        _MOST_TOLERANCE,
        by_count=True,
        reach=reach,
    )
    return {
        count: Plan(
            rooms,
            {line.start: line for line in _lines(node, 0, rooms, setting)},
            setting,
            node.cost,
        )
        for count, node in found.items()
        if count != len(plan.lines)
    }


def _lines(node: Node, number: int, rooms: Sequence[Room], setting: Setting) -> Iterator[Line]:
    """Yield the lines up to a node, the first with this number."""
    for one, other in pairwise(node.breaks()):
        yield _line(one, other, number, rooms_from(rooms, number)[0], setting)
        number += 1


def _segments(text: str, start: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the parts of a text between forced breaks: start, end, and whether it is the last."""
    while True:
        end = text.find(NEWLINE, start)
        is_last = end < 0 or not text[end + 1 :].strip()
        yield start, len(text.rstrip()) if end < 0 else end, is_last
        if is_last:
            return
        start = end + 1


def _measure(rooms: Sequence[Room], setting: Setting) -> Measure:
    is_justified = setting.align == "justify"
    return Measure(
        tuple(room.width_px for room in rooms),
        setting.em_px,
        is_justified,
        EXPANSION if is_justified else 0.0,
        is_balanced=setting.align == "center",
    )


def _choose(finder: BreakFinder, rooms: Sequence[Room], setting: Setting) -> Node:
    measure = _measure(rooms, setting)
    is_justified = measure.is_justified
    for way in _JUSTIFIED_WAYS if is_justified else _RAGGED_WAYS:
        reach = Reach(measure, way.tolerance)
        breaks = finder.breaks(hyphenated=way.hyphenated, anywhere=way.anywhere, reach=reach)
        found = choose_breaks(
            finder.first(), breaks, measure, way.tolerance, way.prices, reach=reach
        )
        if any(node.cost < inf for node in found.values()):
            break
    else:
        raise EngineOnlyError("a word wider than its line")
    (node,) = found.values()
    return node


def _line(start: Break, end: Break, number: int, room: Room, setting: Setting) -> Line:
    """Return the line between two breaks, with what fills its room."""
    text_px = end.end_px - start.start_px
    letters_px = end.end_letters_px - start.start_letters_px
    spaces_px = end.end_spaces_px - start.start_spaces_px
    rest_px = room.width_px + start.left_px + end.right_px - text_px - spaces_px
    align = setting.align_last if end.start is None else setting.align
    scale, stretch, offset_px = 1.0, 0.0, 0.0
    if align == "justify" or (rest_px < 0 and setting.align == "justify"):
        if letters_px > 0:
            scale += max(-EXPANSION, min(EXPANSION, rest_px / letters_px))
        if spaces_px > 0:
            stretch = (rest_px - letters_px * (scale - 1)) / spaces_px
    elif align == "center":
        offset_px = rest_px / 2
    elif align == "end":
        offset_px = rest_px
    if setting.is_rtl and align != "center":
        filled_px = letters_px * (scale - 1) + spaces_px * stretch
        offset_px = 0.0 if align == "end" else rest_px - filled_px
    assert start.start is not None
    return Line(
        number,
        start.start,
        end.end,
        end.start,
        end.is_hyphenation,
        start.left_px,
        end.right_px,
        scale,
        stretch,
        max(0.0, offset_px),
    )
