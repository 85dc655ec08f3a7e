"""Pages to be planned: the items on them, where they may end, and the plan chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from makeready.book.model import Balance


class LineChoice(NamedTuple):
    """A number of lines that a paragraph can have, and what that costs.

    ``notes`` has the index of the line of each call of a note, and the note's height.
    """

    line_count: int
    cost: float = 0.0
    notes: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FlowItem:
    """A paragraph, code or a table of one line or more, or an undivided block, which is one line.

    ``line_px`` has the heights of the lines; the last is that of all that follow. ``gap_px`` is
    the space above, and ``top_px`` that at the top of a page. No page ends before the item unless
    ``may_begin_page``, and one has to if it ``begins_page``. ``is_text`` says whether it ends with
    text, and not with a picture. ``is_on_grid`` says whether its lines are as far from each other
    as those of text; they are then put on the lines of the page, with a larger space above if need
    be. ``ends_heading`` is a single line below a heading. ``repeated_px`` is the height of what
    an item has again on each page, the head of a table, and ``division_cost`` what it costs to end
    a page in it.
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
    is_on_grid: bool = True
    ends_heading: bool = False
    repeated_px: float = 0.0
    division_cost: float = 0.0

    def height_px(self, line: int) -> float:
        """Return the height of a line."""
        return self.line_px[min(line, len(self.line_px) - 1)]

    def total_px(self, line_count: int) -> float:
        """Return the height of so many lines."""
        rest = max(line_count - len(self.line_px), 0)
        return sum(self.line_px[:line_count]) + rest * self.line_px[-1]


class PageEnd(NamedTuple):
    """Where a page ends: its text, and by how much its notes are above the foot of the page.

    ``item`` and ``line`` are what the next page begins with. ``short`` is by how many lines the
    page ends above its last line, and None for one that ends with a picture. ``stretch_px`` is
    added to the space above the item ``stretched``, so that the page ends on a line.
    """

    text_px: float
    raised_px: float
    short: float | None
    item: int = 0
    line: int = 0
    stretched: int = -1
    stretch_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Pages of a section that follow each other.

    Text and notes have ``height_px``; ``note_edges_px`` is the height of the area of notes
    without its notes. The section's page 0 is a left-hand one if it is ``on_verso``.
    ``first_page`` is the number of the first of these pages, and ``left`` by how many lines the
    page before is short, if that one faces it. With ``last_page`` the section goes on after that
    one, which may be ``last_short`` lines short.
    """

    height_px: float
    leading_px: float
    note_edges_px: float = 0.0
    on_verso: bool = False
    balance: Balance = Balance.SPREADS
    first_page: int = 0
    left: float | None = None
    last_page: int | None = None
    last_short: float = 0.0


class PagePlan(NamedTuple):
    """The plan chosen: the lines of each item, the ends of all pages but the last, the cost.

    ``gaps_px`` are the spaces above the items, where they do not begin a page.
    """

    counts: tuple[int, ...]
    ends: tuple[PageEnd, ...]
    cost: float
    gaps_px: tuple[float, ...]
