"""The pages of a section laid out again, so that facing pages end on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from weasyprint import layout
from weasyprint.layout import inline

from makeready.book.model import Balance
from makeready.engine.footnotes import PageLimit
from makeready.engine.lines.paragraph import Paragraph
from makeready.engine.replaced_functions import replaced
from makeready.engine.spreads.choose import (
    PagePlan,
    choose_pages,
    unevenness,
)
from makeready.engine.spreads.flow import PageFlow, read_pages
from makeready.engine.spreads.runs import (
    Run,
    UnknownBreakError,
    ends_of,
    frame_of,
    items_of,
    runs_of,
)

_MOST_TRIES = 4
_SAME_PX, _ROUNDING_PX = 0.5, 0.1


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
    _changed: list[tuple[Paragraph, list[Any]]] = field(default_factory=list)
    """The paragraphs that have other plans now, with the plans they had."""

    @property
    def _leading_px(self) -> float:
        return float(inline.strut(self.root.style)[0])

    def balanced(self, pages: list[Any]) -> list[Any]:
        """Return the pages balanced, as far as they come out as planned."""
        flows = read_pages(pages, self.root)
        before = self._unevenness(flows)
        if not before:
            return pages
        made, first = pages, len(pages)
        for _ in range(_MOST_TRIES):
            plans = list(self._plans(flows))
            changed = min((self._first_changed(*one, flows) for one in plans), default=len(pages))
            first = min(first, changed)
            if first >= len(pages):
                return pages
            self._restore()
            for run, plan in plans:
                self._apply(run, plan, pages[0].content_box_y())
            made = self.lay_out(made, first)
            made_flows = read_pages(made, self.root)
            wrong = self._first_unplanned(plans, made_flows)
            if wrong is None:
                break
            for number in {wrong, self._old_page(plans, wrong)}:
                flows[number].reason = "the page does not come out as planned"
        if self._unevenness(made_flows) < before:
            return made
        self._restore()
        return self.lay_out(made, first)

    def _unevenness(self, flows: Sequence[PageFlow]) -> float:
        ends = ends_of(flows, self.root, self._leading_px)
        return unevenness(ends, self.balance, on_verso=self.on_verso)

    def _plans(self, flows: Sequence[PageFlow]) -> Iterator[tuple[Run, PagePlan]]:
        shorts = [*ends_of(flows, self.root, self._leading_px), None]
        for run in runs_of(flows):
            try:
                items = items_of(run, flows, self.root)
            except UnknownBreakError:
                continue
            frame = frame_of(
                run, flows, shorts, self._leading_px, self.balance, on_verso=self.on_verso
            )
            plan = choose_pages(items, frame)
            if plan is not None:
                yield run, plan

    def _first_changed(self, run: Run, plan: PagePlan, flows: Sequence[PageFlow]) -> int:
        """Return the first page that is another than before."""
        pages = [
            part.pages[0]
            for part, count in zip(run.parts, plan.counts, strict=True)
            if count != len(part.lines)
        ]
        for number, end in enumerate(plan.ends, run.first):
            now = flows[number].end(self._leading_px) if number < run.end else None
            if now is None or abs(now.text_px - end.text_px) > _SAME_PX or end.raised_px:
                pages.append(number)
                break
        return min(pages, default=len(flows))

    def _apply(self, run: Run, plan: PagePlan, top: float) -> None:
        for part, count in zip(run.parts, plan.counts, strict=True):
            if count != len(part.lines) and part.paragraph is not None:
                self._changed.append((part.paragraph, part.paragraph.plans))
                part.paragraph.plans = [part.plans[count]]
        for number, end in enumerate(plan.ends, run.first + 1):
            limit = PageLimit(top + end.text_px + _ROUNDING_PX, end.raised_px)
            self.context.page_limits[number] = limit

    def _restore(self) -> None:
        """Take all changes back."""
        for paragraph, plans in reversed(self._changed):
            paragraph.plans = plans
        self._changed = []
        self.context.page_limits.clear()

    def _first_unplanned(
        self, plans: Sequence[tuple[Run, PagePlan]], flows: Sequence[PageFlow]
    ) -> int | None:
        """Return the first page that does not end where it was planned."""
        for run, plan in plans:
            for number, end in enumerate(plan.ends, run.first):
                if number >= len(flows):
                    return len(flows) - 1
                made = flows[number].end(self._leading_px)
                if abs(made.text_px - end.text_px) > _SAME_PX:
                    return number
        return None

    def _old_page(self, plans: Sequence[tuple[Run, PagePlan]], wrong: int) -> int:
        """Return the page on which what begins the page after a wrong one stood before."""
        for run, plan in plans:
            if run.first <= wrong < run.first + len(plan.ends):
                part = run.parts[plan.ends[wrong - run.first].item]
                return part.pages[0]
        return wrong
