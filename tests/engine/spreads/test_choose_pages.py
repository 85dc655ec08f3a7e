"""What is chosen for pages adds up, breaks no rule, and has facing pages end on one line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makeready.book.model import Balance
from makeready.engine.spreads.choose import choose_pages, uneven_spreads, unevenness
from makeready.engine.spreads.page_plan import FlowItem, Frame, LineChoice, PagePlan

LINE_PX = 14.0


def paragraph(*counts: int, cost: float = 1000.0, **more: object) -> FlowItem:
    """A paragraph with these counts of lines, the first without cost."""
    choices = tuple(LineChoice(count, cost if index else 0.0) for index, count in enumerate(counts))
    return FlowItem(choices, (LINE_PX,), **more)  # type: ignore[arg-type]


def frame(lines: int, **more: object) -> Frame:
    return Frame(lines * LINE_PX, LINE_PX, **more)  # type: ignore[arg-type]


def pages_of(items: list[FlowItem], plan: PagePlan) -> list[list[tuple[int, int, int]]]:
    """Return the pages of a plan: on each the items, and their first and last lines."""
    pages: list[list[tuple[int, int, int]]] = []
    item, line = 0, 0
    for end_item, end_line in (*((end.item, end.line) for end in plan.ends), (len(items), 0)):
        page = []
        while (item, line) < (end_item, end_line):
            last = end_line if item == end_item else plan.counts[item]
            page.append((item, line, last))
            item, line = (item, last) if item == end_item else (item + 1, 0)
        pages.append(page)
    return pages


def ends_px(
    items: list[FlowItem], plan: PagePlan, page: list[tuple[int, int, int]]
) -> list[tuple[float, float]]:
    """Return where the lines of each item begin and end on a page."""
    ends = []
    height = 0.0
    for index, (item, first, last) in enumerate(page):
        if not first:
            height += plan.gaps_px[item] if index else items[item].top_px
        top = height
        height += sum(map(items[item].height_px, range(first, last)))
        ends.append((top, height))
    return ends


HEADING = FlowItem((LineChoice(1),), (LINE_PX,), 2 * LINE_PX, widows=0, orphans=9)
CODE_PX = 0.7 * LINE_PX


def listing(lines: int, **more: object) -> FlowItem:
    """A block of code, whose lines are not on the lines of the page."""
    choices = (LineChoice(lines),)
    return FlowItem(choices, (CODE_PX,), LINE_PX, is_on_grid=False, **more)  # type: ignore[arg-type]


@st.composite
def sections(draw: st.DrawFn) -> list[FlowItem]:
    items: list[FlowItem] = []
    for kind in draw(st.lists(st.sampled_from("pppppppphfcc"), min_size=3, max_size=40)):
        follows_heading = bool(items) and items[-1] is HEADING
        if kind == "h" and not follows_heading:
            items.append(HEADING)
        elif kind == "f" and not follows_heading:
            height = draw(st.integers(2, 6)) * LINE_PX
            figure = FlowItem((LineChoice(1),), (height,), LINE_PX, orphans=9, is_text=False)
            items.append(figure)
        elif kind == "c":
            items.append(listing(draw(st.integers(1, 30)), may_begin_page=not follows_heading))
        else:
            count = draw(st.integers(1, 9))
            counts = [count]
            if count >= 3:
                counts += draw(st.sampled_from([[], [], [count + 1], [count - 1, count + 1]]))
            cost = draw(st.floats(0, 1e6))
            notes = draw(st.sampled_from([(), (), (), ((0, 24.0),)]))
            choices = tuple(
                LineChoice(one, cost * bool(index), notes) for index, one in enumerate(counts)
            )
            items.append(FlowItem(choices, (LINE_PX,), may_begin_page=not follows_heading))
    return items


@settings(max_examples=150, deadline=None)
@given(sections(), st.booleans(), st.sampled_from([Balance.SPREADS, Balance.PAGES]))
def test_pages_add_up(items: list[FlowItem], on_verso: bool, balance: Balance) -> None:
    chosen = frame(14, on_verso=on_verso, balance=balance, note_edges_px=LINE_PX)
    plan = choose_pages(items, chosen)
    assert plan is not None
    pages = pages_of(items, plan)
    assert len(pages) == len(plan.ends) + 1
    for item, count in zip(items, plan.counts, strict=True):
        assert count in [choice.line_count for choice in item.choices]
    # Each line is on one page, in order.
    lines = [(item, line) for page in pages for item, a, b in page for line in range(a, b)]
    assert lines == [(i, n) for i, count in enumerate(plan.counts) for n in range(count)]
    for number, page in enumerate(pages):
        notes_px = sum(
            height
            for item, first, last in page
            for choice in items[item].choices
            if choice.line_count == plan.counts[item]
            for line, height in choice.notes
            if first <= line < last
        )
        area_px = notes_px + LINE_PX if notes_px else 0.0
        places = ends_px(items, plan, page)
        for (item, _, _), (top_px, _) in zip(page, places, strict=True):
            # Text is on the lines of the page, but below the rest of a listing at its head.
            if items[item].is_on_grid:
                assert abs(top_px / LINE_PX - round(top_px / LINE_PX)) < 0.02
        if not page:
            continue
        text_px = places[-1][1]
        assert text_px + area_px <= chosen.height_px + 0.1
        if number < len(plan.ends):
            end = plan.ends[number]
            assert abs(end.text_px - text_px) < 0.1
            if not notes_px and end.short is not None:
                room = (chosen.height_px - end.text_px) / LINE_PX
                assert abs(end.short - room) < 0.1
    for item, gap_px in zip(items, plan.gaps_px, strict=True):
        assert gap_px >= item.gap_px - 0.01 or gap_px == item.top_px


@settings(max_examples=150, deadline=None)
@given(sections(), st.booleans())
def test_no_widow_no_orphan_no_heading_at_the_foot(items: list[FlowItem], on_verso: bool) -> None:
    plan = choose_pages(items, frame(14, on_verso=on_verso, note_edges_px=LINE_PX))
    assert plan is not None
    for page, following in pairwise(pages_of(items, plan)):
        item, first, last = page[-1]
        assert items[item] is not HEADING
        if item == following[0][0]:
            assert plan.counts[item] - last >= 2
            assert last - first >= 2 or first > 0


def test_facing_pages_are_level_where_a_paragraph_may_be_longer() -> None:
    # The second page would end a line short, or begin with a widow.
    items = [paragraph(10), paragraph(5, 6), paragraph(4), paragraph(2), paragraph(9), paragraph(9)]
    loose = choose_pages([paragraph(item.choices[0].line_count) for item in items], frame(10))
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert loose is not None
    assert list(uneven_spreads([end.short for end in plan.ends], on_verso=False)) == []
    assert plan.cost < loose.cost


def test_a_line_more_is_not_taken_where_pages_are_level() -> None:
    items = [paragraph(5, 6, cost=1.0), *[paragraph(5) for _ in range(11)]]
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert plan.counts[0] == 5


def test_both_pages_of_a_spread_may_be_short() -> None:
    # A heading with two lines does not fit the last two lines of page 1.
    items = [paragraph(10), paragraph(8), HEADING, paragraph(4, may_begin_page=False)]
    items += [paragraph(1) for _ in range(19)]
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert [end.short for end in plan.ends[:3]] == [0.0, 2.0, 2.0]


def test_a_last_page_of_few_lines_is_avoided() -> None:
    items = [paragraph(10), paragraph(10), paragraph(10)]
    # The last page has four lines, or five if a paragraph is longer.
    plan = choose_pages([*items[:3], paragraph(6, 7), paragraph(8)], frame(10))
    assert plan is not None
    assert plan.counts[3] == 7
    # With three or four the page before ends a line short.
    plan = choose_pages([*items[:3], paragraph(6, 7), paragraph(7)], frame(10))
    assert plan is not None
    assert (plan.counts[3], plan.ends[3].short) == (7, 1.0)


def test_a_page_ends_where_it_has_to() -> None:
    items = [paragraph(4), paragraph(4, begins_page=True), paragraph(2)]
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert [(end.item, end.line, end.short) for end in plan.ends] == [(1, 0, None)]


def test_notes_stay_on_the_page_of_their_call() -> None:
    called = FlowItem((LineChoice(4, 0.0, ((3, 3 * LINE_PX),)),), (LINE_PX,))
    items = [paragraph(4), called, paragraph(4), paragraph(9)]
    plan = choose_pages(items, frame(10, note_edges_px=LINE_PX))
    assert plan is not None
    # Eight lines of text, a line of space and three of notes are more than a page.
    assert (plan.ends[0].item, plan.ends[0].line) == (1, 2)


def test_text_below_a_listing_is_on_the_lines_of_the_page() -> None:
    items = [paragraph(2), listing(4), paragraph(3, gap_px=LINE_PX), paragraph(9)]
    plan = choose_pages(items, frame(12))
    assert plan is not None
    # Four lines of code are 2.8 lines; what is added is divided between both spaces.
    assert [round(gap / LINE_PX, 2) for gap in plan.gaps_px[1:3]] == [1.1, 1.1]


def test_a_page_that_ends_with_a_listing_ends_on_its_last_line() -> None:
    items = [paragraph(4), listing(6), listing(9), paragraph(9)]
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert plan.ends[0].short == 0.0
    assert abs(plan.ends[0].text_px - 10 * LINE_PX) < 0.1


def test_space_above_a_block_evens_a_spread() -> None:
    figure = FlowItem((LineChoice(1),), (4 * LINE_PX,), LINE_PX, orphans=9)
    items = [paragraph(10), paragraph(3), figure, paragraph(1)]
    items += [HEADING, paragraph(9, may_begin_page=False), paragraph(9)]
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert [end.short for end in plan.ends[1:3]] == [0.0, 0.0]
    assert plan.gaps_px[2] == 2 * LINE_PX


def test_a_heading_has_two_lines_below_it() -> None:
    items = [paragraph(6), HEADING, paragraph(1, may_begin_page=False, ends_heading=True)]
    items += [paragraph(4) for _ in range(9)]
    plan = choose_pages(items, frame(10))
    assert plan is not None
    assert (plan.ends[0].item, plan.ends[0].line) == (1, 0)


def test_what_pages_must_not_be_is_none() -> None:
    assert choose_pages([FlowItem((LineChoice(1),), (200.0,))], frame(10)) is None


def test_unevenness_counts_lines() -> None:
    ends = [0.0, 1.0, 0.0, None, 1.0, 0.0, 0.0]
    assert unevenness(ends, Balance.SPREADS, on_verso=False) == 1.0
    assert unevenness(ends, Balance.SPREADS, on_verso=True) == 2.0
    assert unevenness(ends, Balance.PAGES, on_verso=True) == 2.0
    assert unevenness([0.0, 0.2, 0.0], Balance.SPREADS, on_verso=False) == 0.0


def test_a_table_that_goes_on_has_its_head_again() -> None:
    head_px = 1.5 * LINE_PX
    rows = FlowItem(
        (LineChoice(60),),
        (LINE_PX + head_px, LINE_PX),
        LINE_PX,
        is_on_grid=False,
        repeated_px=head_px,
    )
    plan = choose_pages([paragraph(2), rows, paragraph(5)], frame(20))
    assert plan is not None
    first, second, *_ = plan.ends
    assert first.item == second.item == 1
    rows_on_second = second.line - first.line
    assert second.text_px == pytest.approx(head_px + rows_on_second * LINE_PX)
    # A head of a line and a half leaves room for eighteen of twenty rows.
    assert 16 <= rows_on_second <= 18


def test_a_table_is_divided_only_where_that_is_worth_its_cost() -> None:
    def ends(cost: float) -> list[tuple[int, int]]:
        table = FlowItem((LineChoice(8),), (LINE_PX,), 0.0, division_cost=cost)
        plan = choose_pages([paragraph(16), table, paragraph(30)], frame(18))
        assert plan is not None
        return [(end.item, end.line) for end in plan.ends[:1]]

    assert ends(0.0) == [(1, 2)]
    assert ends(1_000_000.0) == [(1, 0)]


def test_a_paragraph_of_many_pages_takes_no_longer_than_its_length() -> None:
    # The ways to end each of its pages must not multiply.
    plan = choose_pages([paragraph(3), paragraph(3000), paragraph(3)], frame(20))
    assert plan is not None
    assert len(plan.ends) == 150
    assert plan.cost < 2_000_000
