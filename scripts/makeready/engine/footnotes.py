"""Footnotes: every note that is called is printed once, and a long one is divided over pages.

A note begins on the page of its call wherever ``orphans`` of its lines fit there, and goes on at
the foot of the next page, before the notes called there. The engine by itself moves a note that
does not fit to the next page as a whole (WeasyPrint #1833, #1564 and #2502, open), and loses notes:

- To keep the first lines of a paragraph together at the foot of a page it moves notes to the next
  page and keeps one line more, whose own notes it forgets (since PR #2437, for #2432).
- Where pages are laid out in several passes, a page that is kept from the pass before does not
  tell the next one which notes it has moved there; they are lost or printed twice.
- Notes of tables and of columns can cover the text.

``docs/upstream`` has inputs for all of these.

A note that is called several times comes with each call (``data-note`` has the same number). It is
printed with the first call on a page, unless the page has it already.

While the text of a page is laid out, its notes reserve their height at the foot. When it is laid
out, the notes called on the page are compared with those in the area, and what does not fit below
the text is moved to the next page. Once the engine does all that, this module can go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from weasyprint import document, layout
from weasyprint.css import StyleFor
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout import LayoutContext, block, column, page
from weasyprint.layout.absolute import AbsolutePlaceholder

from makeready.engine.note_layout import Fit, Note, NoteLayout, SkipStack
from makeready.engine.page_limits import PageLimits
from makeready.engine.replaced_functions import replaced
from makeready.engine.tall_rows import first_row_of

CONTINUED_NOTE = "continued-note"
"""The name in ``@page`` selectors of pages that begin with the rest of a note."""

_LARGEST_SHARE = 2 / 3
"""The largest share of a page's height for its notes, as far as they can be divided for it."""

_LARGEST_SHARE_UNDIVIDED = 5 / 6
"""The same where a note would otherwise have to be divided."""

_SHARES_BELOW_TABLE = (_LARGEST_SHARE_UNDIVIDED, 1 / 3, 0.0)
"""The shares tried in turn where a page begins with a table whose header would be left out."""

_PageGroup = list[Any]
"""The engine's name of a group of pages, the index of a page in it, and where it begins."""


@contextmanager
def footnote_control() -> Iterator[list[Note]]:
    """Have the engine lay out footnotes in this way for as long as the context lasts.

    Yields a list to which the notes of the document are added, in the order of their calls.
    """
    notes: list[Note] = []
    contexts: list[FootnoteContext] = []
    make_all_pages, make_page = layout.make_all_pages, page.make_page
    block_level_layout, linebox_layout = page.block_level_layout, block._linebox_layout
    table_layout, update_page_groups = block.table_layout, page._update_page_groups
    page_type_match, page_height = StyleFor._page_type_match, page.page_height

    def make_all_pages_again(context: Any, root: Any, html: Any, pages: Any) -> Iterator[Any]:
        notes[:] = context.footnotes
        contexts[:] = [context]
        context.begin_pass()
        # No page is kept: it would not tell the next one which notes go on there.
        yield from make_all_pages(context, root, html, [] if notes else pages)

    def make_page_with_notes(
        context: Any,
        root: Any,
        page_type: Any,
        skip_stack: Any,
        page_number: int,
        page_state: Any,
    ) -> Any:
        context.begin_page(page_number)
        return make_page(context, root, page_type, skip_stack, page_number, page_state)

    def raised_page_height(page_box: Any, context: Any, *arguments: Any) -> None:
        page_height(page_box, context, *arguments)
        context.raise_notes(page_box)

    def layout_page_area(context: Any, box: Any, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(box, boxes.FootnoteAreaBox):
            positioned_boxes = keywords["absolute_boxes"], keywords["fixed_boxes"]
            return context.finish_area(positioned_boxes), None
        if not box.is_for_root_element:
            return block_level_layout(context, box, *arguments, **keywords)
        with context.in_text():
            result = block_level_layout(context, box, *arguments, **keywords)
        context.page_text = result[0]
        return result

    def layout_lines(context: Any, *arguments: Any) -> Any:
        result = linebox_layout(context, *arguments)
        context.restore_notes()
        return result

    def layout_table(context: Any, *arguments: Any) -> Any:
        return context.layout_table(table_layout, *arguments)

    def update_groups(groups: list[_PageGroup], *arguments: Any) -> str:
        return contexts[0].update_page_groups(update_page_groups, groups, *arguments)

    def match(selector: Any, page_type: Any) -> bool:
        if selector.name == CONTINUED_NOTE:
            is_continued = any(name == CONTINUED_NOTE for name, _ in page_type.groups)
            return is_continued and page_type_match(selector._replace(name=None), page_type)
        return bool(page_type_match(selector, page_type))

    with (
        replaced(document, LayoutContext=FootnoteContext),
        replaced(layout, make_all_pages=make_all_pages_again),
        replaced(
            page,
            make_page=make_page_with_notes,
            block_level_layout=layout_page_area,
            page_height=raised_page_height,
            _update_page_groups=update_groups,
        ),
        replaced(block, _linebox_layout=layout_lines, table_layout=layout_table),
        replaced(column, _report_footnotes=FootnoteContext.report_from_columns),
        replaced(StyleFor, _page_type_match=staticmethod(match)),
    ):
        yield notes


class _Reserved(NamedTuple):
    """Notes after which no other begins on the page: the last is divided, or there is no room."""

    notes: list[Note]
    height_px: float
    is_divided: bool


class FootnoteContext(PageLimits, LayoutContext):  # type: ignore[misc]
    """The engine's state during layout, with the notes of the current page.

    A note waits in ``footnotes`` until its call is laid out, is on the page in
    ``current_page_footnotes``, or moves to the next page in ``reported_footnotes``. A divided note
    is in both of these. Lengths are in pixels.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.footnotes: list[Note] = []
        self.begin_pass()

    def begin_pass(self) -> None:
        """Begin to make all pages again."""
        for note in self.footnotes:
            if note.style["footnote_policy"] == "block":
                # The engine fails on it, or makes pages without end: see docs/upstream.
                note.style["footnote_policy"] = "line"
        self._printed: set[Note] = set()
        self._prepared: dict[Note, Any] = {}
        self._next_skip_stack: SkipStack | None = None
        self._page_name = ""
        self.current_page_footnotes: list[Note] = []
        self.reported_footnotes: list[Note] = []
        self.begin_page(0)

    def begin_page(self, page_number: int) -> None:
        """Begin a page, with the notes that have been moved to it."""
        self.begin_limits(page_number)
        self.page_text: Any = None
        self._carried = list(self.reported_footnotes)
        self._carried_skip_stack, self._next_skip_stack = self._next_skip_stack, None
        self._note_layout: NoteLayout | None = None
        self._reserved: _Reserved | None = None
        self._added: Note | None = None
        self._refused: tuple[Note, float] | None = None
        self._late: tuple[Note, float] | None = None
        self._hidden: list[Note] | None = None
        self._repeated: frozenset[Note] = frozenset()
        self._is_table_tried_again = False
        self._shared: list[Note] = []

    @property
    def _layout(self) -> NoteLayout:
        """The layout of notes on the current page."""
        if self._note_layout is None:
            continued = self._carried[0] if self._carried_skip_stack is not None else None
            self._note_layout = NoteLayout(
                self,
                self.current_footnote_area,
                self._prepared,
                continued,
                self._carried_skip_stack,
            )
        return self._note_layout

    @property
    def _is_page_of_notes(self) -> bool:
        """Whether the page has no text: it comes after the last one, or before a forced break."""
        return bool(self.current_footnote_area.page.page_type.blank)

    def update_page_groups(
        self,
        update: Callable[..., str],
        groups: list[_PageGroup],
        skip_stack: Any,
        next_page: Any,
        root: Any,
        blank: bool,
    ) -> str:
        """Return the name of the page to be made, which ``@page`` rules go by; update its groups.

        A page of notes alone has the name of the page before, and so its running head and number.
        """
        groups[:] = [group for group in groups if group[0] != CONTINUED_NOTE]
        name = update(groups, skip_stack, next_page, root, blank)
        if not (blank and self.reported_footnotes):
            self._page_name = name
        if self._next_skip_stack is not None:
            groups.append([CONTINUED_NOTE, 0, None])
        return self._page_name

    # Methods that the engine calls while it lays out the text.

    def layout_footnote(self, footnote: Note) -> bool:
        """Add a note to the page; return whether it cannot even begin there."""
        self._divide_late()
        self.footnotes.remove(footnote)
        self._added = self._refused = None
        if self._is_on_page(footnote):
            self._shared.append(footnote)
            return False
        self.current_page_footnotes.append(footnote)
        may_be_late = self.in_column or footnote in self._repeated
        if self._reserved is not None:
            overflow = not may_be_late
        else:
            overflow = self._update_footnote_area()
            if footnote in self._carried:
                overflow = not self._reserve_for_carried()
            elif may_be_late:
                # In columns the engine measures the area, and keeps a part of the page for it. A
                # table's header that does not fit with its notes is left out.
                self._reserve_share()
                overflow = False
            else:
                overflow = overflow and not self._divide(self._layout.maximum_px)
                self._added = footnote
        if overflow:
            self._refused = footnote, 0
        return overflow

    def overflows_page(self, bottom_space: float, position_y: float) -> bool:
        """Return whether the page ends above a position.

        The engine asks this for the line of a call after it has added the note, which may then be
        divided to fit.
        """
        if self._late is not None:
            self._divide_late()
        if self.is_past_limit(bottom_space, position_y):
            return True
        overflow: bool = super().overflows_page(bottom_space, position_y)
        if self._added is None:
            return overflow
        added, self._added = self._added, None
        share_px = self._share_px(_LARGEST_SHARE)
        if not overflow:
            if not self._fits(_LARGEST_SHARE_UNDIVIDED):
                self._divide(share_px)
            return False
        available_px = self.current_footnote_area.position_y - bottom_space - position_y
        if self._divide(min(available_px, share_px)):
            return False
        if available_px > share_px and self._divide(available_px):
            return False
        self._refused = added, available_px
        return True

    def report_footnote(self, footnote: Note) -> None:
        """Move a note to the next page that has been refused on this one.

        If a line does not fit that is the last of a paragraph's first lines, which ``orphans``
        keeps together, the engine also moves notes that are on the page already, and forgets those
        of that line (#2432). Without notes it moves the paragraph, so they are hidden from it.
        """
        refused, available_px = self._refused or (self._added, 0)
        if footnote in self._shared:
            return
        if footnote is refused:
            self._remove(footnote)
            self.reported_footnotes.append(footnote)
            self._late = footnote, available_px
            self._added = self._refused = None
        else:
            self._hidden, self.current_page_footnotes = self.current_page_footnotes, []

    def restore_notes(self) -> None:
        """Show the engine the hidden notes again."""
        if self._hidden is not None:
            self.current_page_footnotes, self._hidden = self._hidden, None

    def unlayout_footnote(self, footnote: Note) -> None:
        """Have a note wait again whose call is removed from the page."""
        self.restore_notes()
        if footnote in self._printed or footnote in self._carried or footnote in self.footnotes:
            return
        self._added = self._late = None
        if footnote in self._shared:
            self._shared.remove(footnote)
        elif footnote in self.current_page_footnotes:
            self._remove(footnote)
        elif footnote in self.reported_footnotes:
            self.reported_footnotes.remove(footnote)
        self.footnotes.append(footnote)

    def report_from_columns(self, height_px: float) -> None:
        """Move notes to the next page until the area is as high as columns have left room for."""
        moved: list[Note] = []
        area = self.current_footnote_area
        while self.current_page_footnotes and area.margin_height() > height_px:
            moved.insert(0, self.current_page_footnotes[-1])
            self._remove(moved[0])
        self.reported_footnotes += moved

    def layout_table(
        self,
        layout_rows: Callable[..., Any],
        table: Any,
        bottom_space: float,
        skip_stack: Any,
        containing_block: Any,
        page_is_empty: bool,
        absolute_boxes: list[Any],
        fixed_boxes: list[Any],
    ) -> Any:
        """Lay out a table, whose header and footer are repeated, or left out if they do not fit.

        They are not left out for notes: then there is room for fewer of these.
        """
        arguments = (bottom_space, skip_stack, containing_block, page_is_empty)
        positioned_boxes = (absolute_boxes, fixed_boxes)
        groups = [group for group in table.children if group.is_header or group.is_footer]
        notes = dict.fromkeys(note for group in groups for note in _calls(group))
        is_inner = self._is_table_tried_again
        if not groups or is_inner or not (notes or self.current_page_footnotes or self.footnotes):
            return layout_rows(self, table, *arguments, *positioned_boxes)
        outer, self._repeated = self._repeated, self._repeated.union(notes)
        result = layout_rows(self, table, *arguments, *positioned_boxes)
        for share in _SHARES_BELOW_TABLE:
            if not (page_is_empty and result[0] and _has_left_out(groups, result[0])):
                break
            block.remove_placeholders(self, [result[0]], *positioned_boxes)
            first_row = first_row_of(table, skip_stack)
            self._repeated = self._repeated.union(() if first_row is None else _calls(first_row))
            self._reserve_at_most(share)
            # The engine breaks before a line with notes when others have moved to the next page.
            moved, self.reported_footnotes = self.reported_footnotes, []
            self._is_table_tried_again = True
            result = layout_rows(self, table, *arguments, *positioned_boxes)
            self._is_table_tried_again = False
            self.reported_footnotes = moved + self.reported_footnotes
        self._repeated = outer
        shown = set(_calls(result[0])) if result[0] else set()
        for note in notes:
            if note not in shown:
                self.unlayout_footnote(note)
        return result

    def _update_footnote_area(self) -> bool:
        """Reserve the height of the page's notes; return whether it is more than there is."""
        if self._reserved is not None:
            notes, height_px = self._reserved.notes, self._reserved.height_px
        else:
            notes = self.current_page_footnotes
            height_px = self._layout.height_px(notes)
        maximum_px = self._layout.maximum_px
        area = self.current_footnote_area
        if area.height != "auto" and not self.in_column:
            self._page_bottom += area.margin_height()
        # The engine reserves the area's margin even when its last note is removed.
        area.height = min(height_px, maximum_px) - self._layout.edges_px if notes else "auto"
        if area.height != "auto" and not self.in_column:
            self._page_bottom -= area.margin_height()
        return bool(self.overflows(maximum_px, height_px))

    def _is_on_page(self, footnote: Note) -> bool:
        """Return whether an earlier call has brought the same note to the page."""
        notes = (*self.current_page_footnotes, *self.reported_footnotes, *(self._hidden or ()))
        return any(_is_same(footnote, note) for note in notes)

    def _remove(self, footnote: Note) -> None:
        """Remove a note from the page."""
        notes = self.current_page_footnotes
        notes.remove(footnote)
        if self._reserved is not None and (
            footnote in self._reserved.notes
            or not (self._reserved.is_divided or len(notes) > len(self._reserved.notes))
        ):
            self._reserved = None
        self._update_footnote_area()

    def _reserve_for_carried(self) -> bool:
        """Divide the notes moved to this page to leave room for text; return whether they fit."""
        notes = self.current_page_footnotes
        shares = (_LARGEST_SHARE, _LARGEST_SHARE_UNDIVIDED)
        if self._is_page_of_notes:
            shares = (1.0, 1.0)
        if self._fits(shares[-1]) or any(self._divide(self._share_px(share)) for share in shares):
            return True
        if len(notes) > 1:
            return False
        height_px = min(self._layout.height_px(notes), self._layout.maximum_px)
        self._reserve(notes, height_px, is_divided=True)
        return True

    def _reserve_share(self) -> None:
        """Reserve no more than a share of the page, with a note divided or not yet begun."""
        if not self._fits(_LARGEST_SHARE) and not self._divide(self._share_px(_LARGEST_SHARE)):
            before = self.current_page_footnotes[:-1]
            self._reserve(before, self._layout.height_px(before), is_divided=False)

    def _reserve_at_most(self, share: float) -> None:
        """Reserve no more than a share of the page for its notes, which may all be divided."""
        notes = self.current_page_footnotes
        if notes and not self._fits(share):
            self._reserve(notes, self._share_px(share), is_divided=True)

    def _share_px(self, share: float) -> float:
        """Return the height of a share of the page, as far as the area can have it."""
        return min(self._layout.page_height_px * share, self._layout.maximum_px)

    def _fits(self, share: float) -> bool:
        """Return whether the notes of the page take no more than a share of it."""
        height_px = self._layout.height_px(self.current_page_footnotes)
        return not self.overflows(self._share_px(share), height_px)

    def _reserve(self, notes: Sequence[Note], height_px: float, *, is_divided: bool) -> None:
        """Reserve a height for some notes, so that no other begins on the page."""
        self._reserved = _Reserved(list(notes), height_px, is_divided)
        self._update_footnote_area()

    def _divide(self, limit_px: float) -> bool:
        """Divide the last note, so that the area ends within a height; return whether it begins."""
        notes = self.current_page_footnotes
        if not self._layout.may_begin(notes, limit_px):
            return False
        fit = self._layout.fit(notes, min(limit_px, self._layout.maximum_px))
        if fit.begun < len(notes):
            return False
        if fit.skip_stack is not None:
            self._reserve(notes, fit.height_px, is_divided=True)
        return True

    def _divide_late(self) -> None:
        """Divide a note whose call stays on the page although the note was refused.

        The call is in the page's first line. A single line of the note on the next page is better
        than the whole note there.
        """
        if self._late is None:
            return
        (footnote, available_px), self._late = self._late, None
        if self._reserved is None and self.reported_footnotes == [footnote]:
            self.current_page_footnotes.append(footnote)
            self._layout.without_widows = footnote
            if self._divide(available_px):
                self.reported_footnotes.remove(footnote)
            else:
                self.current_page_footnotes.remove(footnote)

    # The page after its text is laid out.

    def finish_area(self, positioned_boxes: Sequence[list[Any]]) -> Any:
        """Return the area with the notes of the page, and move the others to the next page."""
        notes, fit = self._notes_due()
        area, fit = self._layout.lay_out_finally(notes, fit, positioned_boxes)
        self.current_page_footnotes = notes[: fit.begun]
        self.reported_footnotes = notes[fit.begun - (fit.skip_stack is not None) :]
        self._next_skip_stack = fit.skip_stack if fit.begun else self._carried_skip_stack
        self._printed.update(self.current_page_footnotes)
        for note in notes[: fit.begun - (fit.skip_stack is not None)]:
            self._prepared.pop(note, None)
        return area

    def _notes_due(self) -> tuple[list[Note], Fit]:
        """Return the notes carried to the page or called there, and how they fit below its text."""
        notes, sent = self.current_page_footnotes, self.reported_footnotes
        if not (notes or sent or self._carried or self.footnotes):
            return [], Fit(is_forced=True)
        due = list(self._carried)
        for note in _calls(self.page_text):
            if note not in self._printed and note not in due:
                if any(_is_same(note, other) for other in due):
                    self._printed.add(note)
                else:
                    due.append(note)
        # Notes may be on the page whose calls are not, as those of a header left out.
        waiting = dict.fromkeys((*self.footnotes, *notes, *sent, *self._shared))
        settled = self._printed.union(due)
        self.footnotes = [note for note in waiting if note not in settled]
        end = _content_end(self.page_text)
        if notes == due and not sent and self._reserved is None and not self.overflows_page(0, end):
            return due, Fit(len(due), self._layout.maximum_px, is_forced=True)
        return due, self._fit(due, self.current_footnote_area.position_y - end)

    def _fit(self, notes: Sequence[Note], available_px: float) -> Fit:
        """Return how many notes begin on the page, whose calls are fixed by now."""
        limit_px = min(available_px, self._layout.maximum_px)
        fit = self._layout.fit(notes, limit_px)
        if fit.skip_stack is None and fit.begun < len(notes):
            # As in _divide_late.
            self._layout.without_widows = notes[fit.begun]
            fit = max(fit, self._layout.fit(notes, limit_px), key=lambda each: each.begun)
        if not fit.begun and notes and self._is_page_of_notes:
            fit = Fit(1, self._layout.page_height_px, is_forced=True)
        return fit


def _calls(box: Any) -> Iterator[Note]:
    """Yield the notes called in a box, in order."""
    boxes_left = [box]
    while boxes_left:
        current = boxes_left.pop()
        if current.footnote is not None:
            yield current.footnote
        boxes_left.extend(reversed(current.children))


def _has_left_out(groups: Sequence[Any], table: Any) -> bool:
    """Return whether a table has been laid out without one of its headers and footers."""
    laid_out = {group.element for group in table.children}
    return any(group.element not in laid_out for group in groups)


def _is_same(note: Note, other: Note) -> bool:
    """Return whether two calls call the same note."""
    number = note.element.get("data-note")
    return number is not None and number == other.element.get("data-note")


def _content_end(box: Any) -> float:
    """Return the lower end of what is printed of a box, without positioned boxes."""
    if isinstance(box, AbsolutePlaceholder):
        return 0
    end = float(box.position_y + box.margin_height() - box.margin_bottom)
    if isinstance(box, boxes.LineBox | boxes.ReplacedBox):
        return end
    ends = [_content_end(child) for child in box.children]
    return max([*ends, end] if _is_painted_to_end(box) else ends, default=0)


def _is_painted_to_end(box: Any) -> bool:
    """Return whether a box has a background, or a border that reaches its lower edge."""
    borders = (getattr(box, f"border_{side}_width") for side in ("right", "bottom", "left"))
    images = (image for image, _ in box.style["background_image"])
    has_image = any(image != "none" for image in images)
    return any(borders) or has_image or bool(get_color(box.style, "background_color").alpha)
