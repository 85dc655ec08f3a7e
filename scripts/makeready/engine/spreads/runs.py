"""The parts of a section whose pages can be chosen, as items for the choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from makeready.book.model import Balance
from makeready.engine.lines.paragraph import Paragraph
from makeready.engine.lines.plan import Plan, plans_by_count
from makeready.engine.spreads.flow import (
    Line,
    PageFlow,
    Piece,
    PieceKind,
    break_between,
    gap_px,
    is_unbroken,
    note_calls,
    stack_breaks,
    top_px,
)
from makeready.engine.spreads.page_plan import FlowItem, Frame, LineChoice

_LEAST_LINES = 3
"""A paragraph of so many lines at least may have one more or less."""

_MOST_LINES = 80
"""One of more lines has as many as it has: to find all its counts would take too long."""

_MOST_STRETCH, _MOST_SHRINK = 0.15, 0.08
"""By how much of the measure a line can be stretched and shrunk; it is less in most."""

_NEVER = 1_000_000
_LEAST_ROWS = 2
"""So many rows of a table at least stay together where it is divided."""

_DIVISION_COSTS = {PieceKind.STACK: 30_000.0, PieceKind.TABLE: 150_000.0}
"""The cost of ending a page in a block that is better on one page."""

_SAME_PX, _OFF_GRID_PX = 0.05, 0.4


class UnknownBreakError(Exception):
    """A section of which it is not known where its pages may end."""


@dataclass(slots=True)
class Part:
    """A piece with all of its lines in a run, the pages of these, and what else it can be.

    ``is_whole`` is whether it neither begins before the run nor goes on after it. ``plans`` are
    the plans of a paragraph by their count of lines.
    """

    piece: Piece
    lines: list[Line]
    pages: list[int]
    is_whole: bool = True
    paragraph: Paragraph | None = None
    plans: dict[int, Plan] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """Pages that follow each other and can be chosen: from ``first`` to before ``end``."""

    first: int
    end: int
    parts: list[Part] = field(default_factory=list)


def runs_of(flows: Sequence[PageFlow]) -> Iterator[Run]:
    """Yield the longest runs of pages that can be changed and have the same height."""
    first = 0
    for number in range(1, len(flows) + 1):
        is_end = number == len(flows)
        if is_end or flows[number].reason or flows[number].height_px != flows[first].height_px:
            if not flows[first].reason:
                yield _run(flows, first, number)
            first = number


def _run(flows: Sequence[PageFlow], first: int, end: int) -> Run:
    run = Run(first, end)
    for number in range(first, end):
        for piece in flows[number].pieces:
            pages = [number] * len(piece.lines)
            if run.parts and run.parts[-1].piece.path == piece.path:
                run.parts[-1].lines += piece.lines
                run.parts[-1].pages += pages
            else:
                run.parts.append(Part(piece, list(piece.lines), pages))
    if run.parts:
        run.parts[0].is_whole = not _goes_on(flows, first - 1)
        run.parts[-1].is_whole &= not _goes_on(flows, end - 1)
    return run


def _goes_on(flows: Sequence[PageFlow], number: int) -> bool:
    """Whether a piece goes on after a page."""
    if not 0 <= number < len(flows) - 1:
        return False
    here, following = flows[number].pieces, flows[number + 1].pieces
    return bool(here and following) and here[-1].path == following[0].path


def items_of(run: Run, flows: Sequence[PageFlow], root: Any, leading_px: float) -> list[FlowItem]:
    """Return the items of a run; `UnknownBreakError` if not known where a page may end."""
    notes_px = {
        note: height
        for flow in flows[run.first : run.end]
        for note, height in flow.notes_px.items()
    }
    items = []
    before: Part | None = None
    for part in run.parts:
        items.append(_item(part, before, flows, root, notes_px, leading_px))
        before = part
    return items


def _item(
    part: Part,
    before: Part | None,
    flows: Sequence[PageFlow],
    root: Any,
    notes_px: dict[Any, float],
    leading_px: float,
) -> FlowItem:
    first = part.lines[0]
    begins_page = flows[part.pages[0]].pieces[0].lines[0] is first
    kind = "yes"
    gap = top = 0.0
    if begins_page:
        top = first.top_px
    if before is not None:
        kind = break_between(root, before.piece, part.piece)
        if kind == "unknown":
            raise UnknownBreakError
        if before.pages[-1] == part.pages[0]:
            gap = first.top_px - (before.lines[-1].top_px + before.lines[-1].height_px)
        else:
            gap = gap_px(root, before.piece, part.piece)
        if not begins_page:
            top = top_px(root, before.piece, part.piece)
    orphans, widows = _least_lines(part.piece)
    return FlowItem(
        tuple(_choices(part, notes_px)),
        _heights(part.lines),
        gap,
        top,
        may_begin_page=kind == "yes",
        begins_page=kind == "always",
        orphans=orphans,
        widows=widows,
        is_text=part.piece.is_text,
        ends_heading=len(part.lines) == 1 and kind == "no",
        is_on_grid=all(_is_on_grid(line.height_px, leading_px) for line in part.lines),
        repeated_px=part.piece.repeated_px,
        division_cost=_DIVISION_COSTS.get(part.piece.kind, 0.0),
    )


def _least_lines(piece: Piece) -> tuple[int, int]:
    """Return how many lines of a piece stay together at the foot of a page, and at its head."""
    source = piece.source
    if piece.kind is PieceKind.TABLE:
        return _LEAST_ROWS, _LEAST_ROWS
    if piece.kind is PieceKind.STACK:
        return stack_breaks(source) or (_NEVER, 0)
    if piece.kind is PieceKind.PARAGRAPH and not is_unbroken(source):
        return int(source.style["orphans"]), int(source.style["widows"])
    return _NEVER, 0


def _is_on_grid(height_px: float, leading_px: float) -> bool:
    lines = height_px / leading_px
    return round(lines) > 0 and abs(lines - round(lines)) * leading_px < _SAME_PX


def off_grid(flows: Sequence[PageFlow], leading_px: float) -> int:
    """Return how many paragraphs of the text are not on the lines of their pages."""
    return sum(
        abs(piece.lines[0].top_px / leading_px - round(piece.lines[0].top_px / leading_px))
        * leading_px
        > _OFF_GRID_PX
        for flow in flows
        if not flow.reason
        for piece in flow.pieces
        if piece.kind is PieceKind.PARAGRAPH
        and all(_is_on_grid(line.height_px, leading_px) for line in piece.lines)
    )


def _heights(lines: Sequence[Line]) -> tuple[float, ...]:
    """Return how far lines reach down from the one above; the last is that of all that follow."""
    heights = [line.height_px for line in lines]
    while len(heights) > 1 and abs(heights[-1] - heights[-2]) < _SAME_PX:
        heights.pop()
    return tuple(heights)


def _choices(part: Part, notes_px: dict[Any, float]) -> Iterator[LineChoice]:
    called = tuple(
        (number, notes_px.get(note, 0.0))
        for number, line in enumerate(part.lines)
        for note in line.notes
    )
    yield LineChoice(len(part.lines), 0.0, called)
    paragraph: Paragraph | None = vars(part.lines[0].box).get("paragraph")
    is_even = len(_heights(part.lines)) == 1
    if paragraph is None or paragraph.engine_reason or not (part.is_whole and is_even):
        return
    is_paragraph = part.piece.kind is PieceKind.PARAGRAPH
    if not is_paragraph or not _LEAST_LINES <= len(part.lines) <= _MOST_LINES:
        return
    plan = next((plan for plan in paragraph.plans if len(plan.lines) == len(part.lines)), None)
    if plan is None or not _may_change(part, plan):
        return
    part.paragraph, part.plans = paragraph, plans_by_count(plan)
    calls = list(note_calls(part.piece.source, paragraph.spans)) if called else []
    for count, other in part.plans.items():
        cost = max(0.0, other.cost - plan.cost)
        yield LineChoice(count, cost, tuple(_called(other, calls, notes_px)))


def _may_change(part: Part, plan: Plan) -> bool:
    """Whether a paragraph could have a line more or less, as far as its last line says.

    All lines together must give way by what is missing in the last one, or by what is in it.
    """
    count, measure_px = len(part.lines), plan.rooms[-1].width_px
    share = float(part.lines[-1].box.width) / measure_px if measure_px else 1.0
    return 1 - share <= _MOST_STRETCH * count or share <= _MOST_SHRINK * (count - 1)


def _called(
    plan: Plan, calls: Sequence[tuple[int, Any]], notes_px: dict[Any, float]
) -> Iterator[tuple[int, float]]:
    """Yield the lines of a plan that call notes, and the heights of these."""
    starts = sorted(plan.lines)
    for at, note in calls:
        number = max(sum(start <= at for start in starts) - 1, 0)
        yield number, notes_px.get(note, 0.0)


def ends_of(flows: Sequence[PageFlow], root: Any, leading_px: float) -> list[float | None]:
    """Return by how many lines each page is short that runs on; None if that is not compared."""
    return [
        None if _is_forced(here, following, root) else here.end(leading_px).short
        for here, following in pairwise(flows)
    ]


def _is_forced(here: PageFlow, following: PageFlow, root: Any) -> bool:
    """Whether a page has to end where it does, or shows something that is not read."""
    if not (here.pieces and following.pieces):
        return True
    last, first = here.pieces[-1], following.pieces[0]
    return last.path != first.path and break_between(root, last, first) in ("always", "unknown")


def frame_of(
    run: Run,
    flows: Sequence[PageFlow],
    shorts: Sequence[float | None],
    leading_px: float,
    balance: Balance,
    *,
    on_verso: bool,
) -> Frame:
    """Return the pages of a run; ``shorts`` is by how many lines each page is short now."""
    before = run.first - 1
    is_facing = run.first > 0 and (before % 2 == 0) == on_verso
    goes_on = run.end < len(flows)
    last_short = flows[run.end - 1].end(leading_px).short if goes_on else None
    return Frame(
        flows[run.first].height_px,
        leading_px,
        max(flow.note_edges_px for flow in flows[run.first : run.end]),
        on_verso=on_verso,
        balance=balance,
        first_page=run.first,
        left=shorts[before] if is_facing else None,
        last_page=run.end - 1 if goes_on else None,
        last_short=last_short or 0.0,
    )
