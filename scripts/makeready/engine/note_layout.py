"""Layout of footnotes in the area at the foot of a page, and their division over pages.

The engine lays out every note as a whole, however high; it does not divide notes over pages
(WeasyPrint #1833, open).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import block

Note = Any
"""The box of a footnote before layout."""

SkipStack = Mapping[int, Any]
"""The engine's position in a box tree: the index of a child, and the position in that child."""

_SIDES = ("top", "bottom")


class Fit(NamedTuple):
    """How many notes begin within a height, and the position at which the last is divided.

    ``is_forced``: some of the first note is taken even if it does not fit.
    """

    begun: int = 0
    height_px: float = 0
    skip_stack: SkipStack | None = None
    is_forced: bool = False


class _Size(NamedTuple):
    """The size of a note, from the position at which it goes on on this page.

    ``height_px`` and ``line_count`` are infinite if it is higher than a page; ``start_px`` is the
    height of the lines that ``orphans`` keeps together. ``adds_up``: among other notes it is as
    high as alone.
    """

    height_px: float
    line_count: float
    start_px: float
    adds_up: bool


@dataclass(slots=True)
class NoteLayout:
    """The layout of notes on one page.

    ``continued`` is the note that was begun on the page before, if any, and ``skip_stack`` the
    position at which it goes on. ``prepared`` keeps, from page to page, the boxes of a note with
    their anonymous boxes. All heights are in pixels; those of the area include its margins.
    """

    context: Any
    area: Any
    prepared: dict[Note, Any]
    continued: Note | None = None
    skip_stack: SkipStack | None = None
    without_widows: Note | None = None
    """A note whose last line may be alone on the next page."""

    _sizes: dict[Note, _Size] = field(default_factory=dict)

    @property
    def page_height_px(self) -> float:
        """The height of the page's text area, with its notes."""
        return float(self.area.page.height)

    @property
    def maximum_px(self) -> float:
        """The height that the area can have: its ``max-height``, or that of the page."""
        return min(self.page_height_px, float(self.area.max_height) + self.edges_px)

    @property
    def edges_px(self) -> float:
        """The height of the area's margins, borders and padding."""
        edges = (("margin", ""), ("border", "_width"), ("padding", ""))
        return sum(
            float(getattr(self.area, f"{edge}_{side}{unit}"))
            for edge, unit in edges
            for side in _SIDES
        )

    def height_px(self, notes: Sequence[Note]) -> float:
        """Return the height of the area with whole notes; infinity if it is more than a page."""
        sizes = [self._size(note) for note in notes]
        if all(size.adds_up for size in sizes):
            return self.edges_px + sum(size.height_px for size in sizes)
        box, skip_stack = self.lay_out(notes, self.page_height_px, forced=True)
        return float(box.margin_height()) if skip_stack is None else inf

    def may_begin(self, notes: Sequence[Note], limit_px: float) -> bool:
        """Return whether the last of some notes might be divided in an area of ``limit_px``.

        It saves a layout where the answer is no.
        """
        if not _are_blocks(notes):
            return False
        note, size = notes[-1], self._size(notes[-1])
        if size.line_count < note.style["orphans"] + self._widows(note):
            return False
        adds_up = all(self._size(note).adds_up for note in notes)
        start_px = self.height_px(notes[:-1]) + size.start_px
        return not adds_up or not self.context.overflows(limit_px, start_px)

    def fit(self, notes: Sequence[Note], limit_px: float) -> Fit:
        """Return how many notes begin in an area of at most ``limit_px``.

        The last one may be divided, if ``orphans`` of its lines fit and ``widows`` are left.
        """
        while notes:
            box, skip_stack = self.lay_out(notes, limit_px)
            if box is None:
                break
            height_px = float(box.margin_height())
            if skip_stack is None:
                if not self.context.overflows(limit_px, height_px):
                    return Fit(len(notes), height_px)
                # Only inline notes get higher than the limit.
                notes = notes[:-1]
                continue
            ((index, skip_stack),) = skip_stack.items()
            if skip_stack is None:
                return Fit(index, height_px)
            note, lines = notes[index], list(_lines(box.children[-1]))
            if len(lines) < note.style["orphans"]:
                notes = notes[:index]
            elif self._size(note).line_count - len(lines) < self._widows(note):
                limit_px = lines[-1].position_y + lines[-1].height / 2 - self.area.position_y
            else:
                return Fit(index + 1, height_px, skip_stack)
        return Fit()

    def lay_out(
        self, notes: Sequence[Note], limit_px: float, *, forced: bool = False
    ) -> tuple[Any, SkipStack | None]:
        """Lay out notes in an area of at most ``limit_px``; return it and where they go on.

        The area is None if nothing fits; ``forced`` takes at least some of the first note.
        """
        with self.context.in_text(is_in_text=False):
            return self._lay_out(self._area(notes), notes, limit_px, forced=forced)

    def lay_out_finally(
        self, notes: Sequence[Note], fit: Fit, positioned_boxes: Sequence[list[Any]]
    ) -> tuple[Any, Fit]:
        """Return the area as it is printed, with the notes that begin, and how they fit in it.

        ``positioned_boxes`` collect its boxes with an absolute and with a fixed position.
        """
        area = self._area(notes[: fit.begun])
        box, skip_stack = self._lay_out(
            area, notes, fit.height_px, positioned_boxes, forced=fit.is_forced
        )
        if skip_stack is None:
            return box, fit._replace(skip_stack=None)
        ((index, skip_stack),) = skip_stack.items()
        if skip_stack is not None:
            # The position is one in these boxes, which are a copy of the note's.
            self.prepared[notes[index]] = area.children[index]
        begun = index + (skip_stack is not None)
        return box, fit._replace(begun=begun, skip_stack=skip_stack)

    def _lay_out(
        self,
        area: Any,
        notes: Sequence[Note],
        limit_px: float,
        positioned_boxes: Sequence[list[Any]] | None = None,
        *,
        forced: bool,
    ) -> tuple[Any, SkipStack | None]:
        context = self.context
        bottom_space, skip_stack = -inf, None
        if _are_blocks(notes):
            bottom_space = context.page_bottom - self.area.position_y - limit_px
            if self.skip_stack is not None and notes and notes[0] is self.continued:
                skip_stack = {0: self.skip_stack}
        waiting, current = context.footnotes, context.current_page_footnotes
        # Lines of notes must not be taken for lines of the text, which may move notes away.
        context.footnotes, context.current_page_footnotes = [], []
        try:
            box, skip_stack, *_ = block.block_level_layout(
                context,
                area,
                bottom_space,
                skip_stack,
                self.area.page,
                forced,
                *(positioned_boxes or ([], [])),
            )
        finally:
            context.footnotes, context.current_page_footnotes = waiting, current
        if skip_stack is not None:
            _end_with_content(box)
        return box, skip_stack

    def _area(self, notes: Sequence[Note]) -> Any:
        """Return the area before layout, with copies of the boxes of notes."""
        # The part of a note on the next page has the area's margin and border above it, too.
        self.area.style["box_decoration_break"] = "clone"
        if not _are_blocks(notes):
            copies = [note.deepcopy() for note in notes]
            return build.create_anonymous_boxes(self.area.copy_with_children(copies))
        copies = []
        for note in notes:
            if note not in self.prepared:
                alone = self.area.copy_with_children([note.deepcopy()])
                (self.prepared[note],) = build.create_anonymous_boxes(alone).children
            copies.append(self.prepared[note].deepcopy())
            if note is self.without_widows:
                _allow_widows(copies[-1])
        return self.area.copy_with_children(copies)

    def _size(self, note: Note) -> _Size:
        if note not in self._sizes:
            box, skip_stack = self.lay_out([note], self.page_height_px, forced=True)
            lines = list(_lines(box))
            first = lines[: note.style["orphans"]]
            start_px = first[-1].position_y + first[-1].height - box.content_box_y() if first else 0
            whole = skip_stack is None
            self._sizes[note] = _Size(
                height_px=float(box.height) if whole else inf,
                line_count=len(lines) if whole else inf,
                start_px=float(start_px),
                adds_up=_adds_up(note),
            )
        return self._sizes[note]

    def _widows(self, note: Note) -> int:
        return 1 if note is self.without_widows else int(note.style["widows"])


def _are_blocks(notes: Sequence[Note]) -> bool:
    """Return whether all notes are blocks; others, by ``footnote-display``, are not divided."""
    return all(isinstance(note, boxes.BlockLevelBox) for note in notes)


def _adds_up(note: Note) -> bool:
    """Return whether a note is a block without margins, which may collapse, and without floats."""
    return isinstance(note, boxes.BlockLevelBox) and not any(
        box.is_floated() or (isinstance(box, boxes.BlockLevelBox) and _has_margins(box))
        for box in note.descendants()
    )


def _has_margins(box: Any) -> bool:
    margins = (box.style[f"margin_{side}"] for side in _SIDES)
    return any(margin == "auto" or margin.value for margin in margins)


def _lines(box: Any) -> Iterator[Any]:
    """Yield the lines of a block and of the blocks in its flow."""
    if isinstance(box, boxes.LineBox):
        yield box
        return
    for child in box.children:
        # The number of a list item has no position yet.
        if child.is_in_normal_flow():
            yield from _lines(child)


def _allow_widows(box: Any) -> None:
    for inner in box.descendants():
        if inner.style["widows"] > 1:
            inner.style = inner.style.copy()
            inner.style["widows"] = 1


def _end_with_content(box: Any) -> None:
    """End a block that goes on on the next page with its last line, not at the page's foot."""
    if not isinstance(box, boxes.BlockBox) or box.is_table_wrapper:
        return
    in_flow = [child for child in box.children if child.is_in_normal_flow()]
    if in_flow:
        _end_with_content(in_flow[-1])
        end = in_flow[-1].position_y + in_flow[-1].margin_height()
        box.height = end - box.content_box_y()
