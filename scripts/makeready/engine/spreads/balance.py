"""The pages of a section laid out again, so that facing pages end on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from weasyprint import layout
from weasyprint.css.properties import Dimension
from weasyprint.layout import inline

from makeready.book.model import Balance
from makeready.engine.lines.paragraph import Paragraph
from makeready.engine.page_limits import PageLimit
from makeready.engine.replaced_functions import replaced
from makeready.engine.spreads.choose import choose_pages, is_of_few_lines, unevenness
from makeready.engine.spreads.flow import PageFlow, margin_for, read_pages
from makeready.engine.spreads.page_plan import FlowItem, PageEnd, PagePlan
from makeready.engine.spreads.runs import (
    Part,
    Run,
    UnknownBreakError,
    ends_of,
    frame_of,
    items_of,
    off_grid,
    runs_of,
)

_MOST_TRIES = 2
_SAME_PX, _ROUNDING_PX = 0.5, 0.1
_OFF_GRID_SHARE = 0.0001
"""The cost of a paragraph off the lines of its page, in lines by which pages are uneven."""

_LEAST_FAULT = 0.1
"""A smaller one is only a matter of the grid."""


@contextmanager
def pages_balanced(balance: Balance, *, on_verso: bool) -> Iterator[None]:
    """Have the pages of a section balanced for as long as the context lasts.

    With ``on_verso`` its first page is a left-hand one.
    """
    if balance is Balance.NONE:
        yield
        return
    make_all_pages = layout.make_all_pages
    balanced: list[Any] = []

    def make_balanced_pages(context: Any, root: Any, html: Any, pages: Any) -> Iterator[Any]:
        notes = list(context.footnotes)
        made = list(make_all_pages(context, root, html, pages))
        if context not in balanced and not _is_to_be_repeated(context, len(made) - len(pages)):
            balanced.append(context)

            def lay_out(pages: list[Any], first: int) -> list[Any]:
                for *_, state in context.page_maker[first : len(pages)]:
                    state["content_changed"] = True
                context.footnotes = list(notes)
                return list(make_all_pages(context, root, html, pages))

            made = _Section(context, root, balance, on_verso, lay_out).balanced(made)
        yield from made

    with replaced(layout, make_all_pages=make_balanced_pages):
        yield


def _is_to_be_repeated(context: Any, more_pages: int) -> bool:
    """Whether the engine will make pages again, since what they show has changed."""
    states = [state for *_, state in context.page_maker]
    is_wanted = any(state["pages_wanted"] for state in states) and more_pages != 0
    return is_wanted or any(state["content_changed"] for state in states)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A part of a section, and what was chosen for it."""

    run: Run
    items: Sequence[FlowItem]
    plan: PagePlan

    @property
    def pages(self) -> Iterator[tuple[int, PageEnd]]:
        """The numbers of the pages that have an end, with these."""
        return enumerate(self.plan.ends, self.run.first)

    def changed_parts(self) -> Iterator[tuple[Part, int]]:
        """Yield the paragraphs that get another count of lines, with it."""
        for part, count in zip(self.run.parts, self.plan.counts, strict=True):
            if count != len(part.lines):
                yield part, count

    def larger_gaps(self) -> Iterator[tuple[Part, Part, float]]:
        """Yield two parts and by how much the space between them is to be larger."""
        begin_pages = {end.item for end in self.plan.ends if not end.line}
        parts = self.run.parts
        for index in range(1, len(parts)):
            more_px = self.plan.gaps_px[index] - self.items[index].gap_px
            if more_px > _ROUNDING_PX and index not in begin_pages:
                yield parts[index - 1], parts[index], more_px

    def first_changed(self, flows: Sequence[PageFlow], leading_px: float) -> int:
        """Return the first page that is to be another than before."""
        pages = [part.pages[0] for part, _ in self.changed_parts()]
        pages += [part.pages[0] for _, part, _ in self.larger_gaps()]
        for number, end in self.pages:
            now = flows[number].end(leading_px) if number < self.run.end else None
            if now is None or abs(now.text_px - end.text_px) > _SAME_PX or end.raised_px:
                pages.append(number)
                break
        return min(pages, default=len(flows))

    def first_unplanned(self, flows: Sequence[PageFlow], leading_px: float) -> int | None:
        """Return the first page that does not end where it was to end."""
        for number, end in self.pages:
            if number >= len(flows):
                return len(flows) - 1
            if abs(flows[number].end(leading_px).text_px - end.text_px) > _SAME_PX:
                return number
        return None

    def old_page(self, number: int) -> int:
        """Return the page on which what begins the page after this one stood before."""
        end = self.plan.ends[min(number - self.run.first, len(self.plan.ends) - 1)]
        pages = self.run.parts[min(end.item, len(self.run.parts) - 1)].pages
        return pages[min(end.line, len(pages) - 1)]


@dataclass
class _Section:
    """A section that is laid out.

    ``lay_out`` makes its pages again from one page on, given those that it has.
    """

    context: Any
    root: Any
    balance: Balance
    on_verso: bool
    lay_out: Callable[[list[Any], int], list[Any]]
    _plans: list[tuple[Paragraph, list[Any]]] = field(default_factory=list)
    """The paragraphs that have other plans now, with the plans they had."""

    _styles: list[tuple[Any, Any]] = field(default_factory=list)
    """The boxes that have other margins now, with the styles they had."""

    @property
    def _leading_px(self) -> float:
        return float(inline.strut(self.root.style)[0])

    def balanced(self, pages: list[Any]) -> list[Any]:
        """Return the pages balanced, as far as they come out as planned."""
        leading_px = self._leading_px
        flows = read_pages(pages, self.root)
        before = self._faults(flows)
        if not before:
            return pages
        made, first = pages, len(pages)
        for _ in range(_MOST_TRIES):
            planned = list(self._planned(flows))
            changed = (one.first_changed(flows, leading_px) for one in planned)
            first = min([first, *changed])
            if first >= len(pages):
                return pages
            self._restore()
            for one in planned:
                self._apply(one, pages[0].content_box_y())
            made = self.lay_out(made, first)
            made_flows = read_pages(made, self.root)
            wrong = [(one, one.first_unplanned(made_flows, leading_px)) for one in planned]
            unplanned = [(one, number) for one, number in wrong if number is not None]
            if not unplanned:
                break
            one, number = unplanned[0]
            for page in {min(number, len(flows) - 1), one.old_page(number)}:
                flows[page].reason = "the page does not come out as planned"
        # Lines on the grid are not worth another page.
        is_better = self._faults(made_flows) < before
        if is_better and (before >= _LEAST_FAULT or len(made) == len(pages)):
            return made
        self._restore()
        return self.lay_out(made, first)

    def _faults(self, flows: Sequence[PageFlow]) -> float:
        """Return by how many lines pages are uneven, and one more for a last page of few lines.

        A paragraph off the lines of the page is much less.
        """
        leading_px = self._leading_px
        ends = ends_of(flows, self.root, leading_px)
        uneven_lines = unevenness(ends, self.balance, on_verso=self.on_verso)
        last = flows[-1]
        is_known = len(flows) > 1 and bool(last.pieces) and not last.reason
        ends_early = is_known and is_of_few_lines(last.filled_px, leading_px)
        return uneven_lines + ends_early + _OFF_GRID_SHARE * off_grid(flows, leading_px)

    def _planned(self, flows: Sequence[PageFlow]) -> Iterator[_Planned]:
        leading_px = self._leading_px
        shorts = [*ends_of(flows, self.root, leading_px), None]
        for run in runs_of(flows):
            try:
                items = items_of(run, flows, self.root, leading_px)
            except UnknownBreakError:
                continue
            frame = frame_of(run, flows, shorts, leading_px, self.balance, on_verso=self.on_verso)
            plan = choose_pages(items, frame)
            if plan is not None:
                yield _Planned(run, items, plan)

    def _apply(self, planned: _Planned, top: float) -> None:
        for part, count in planned.changed_parts():
            if part.paragraph is not None:
                self._plans.append((part.paragraph, part.paragraph.plans))
                part.paragraph.plans = [part.plans[count]]
        for before, part, more_px in planned.larger_gaps():
            box = part.piece.source
            margin_px = margin_for(self.root, before.piece, part.piece, more_px)
            self._styles.append((box, box.style))
            box.style = box.style.copy()
            box.style["margin_top"] = Dimension(margin_px, "px")
        for number, end in planned.pages:
            limit = PageLimit(top + end.text_px + _ROUNDING_PX, end.raised_px)
            self.context.page_limits[number + 1] = limit

    def _restore(self) -> None:
        """Take all changes back."""
        for paragraph, plans in reversed(self._plans):
            paragraph.plans = plans
        for box, style in reversed(self._styles):
            box.style = style
        self._plans, self._styles = [], []
        self.context.page_limits.clear()
