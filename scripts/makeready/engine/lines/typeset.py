"""The engine's lines replaced by those of whole paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import weasyprint.draw.text as engine_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline

from makeready.engine.lines.build import Layout, LineBuilder, build_line, width_of_object
from makeready.engine.lines.build_bidi import BidiLineBuilder
from makeready.engine.lines.draw import SetText, draw_text
from makeready.engine.lines.paragraph import Paragraph, Stack, read_paragraph
from makeready.engine.lines.plan import Line, Room, Setting, plan_lines
from makeready.engine.lines.shape import EngineOnlyError
from makeready.engine.replaced_functions import replaced

_MOST_ROOMS = 200


@dataclass
class LineCounts:
    """How many paragraphs were broken as a whole, and how many by the engine for what reason."""

    _paragraphs: dict[int, Paragraph] = field(default_factory=dict)
    _unread: dict[object, str] = field(default_factory=dict)

    def add(self, paragraph: Paragraph) -> None:
        """Count a paragraph, once however often it is laid out."""
        self._paragraphs[id(paragraph)] = paragraph

    def add_unread(self, linebox: Any, reason: str) -> None:
        """Count a paragraph that is left to the engine for what its style says."""
        self._unread[linebox.element, linebox.element_tag] = reason

    @property
    def whole(self) -> int:
        """How many were broken as a whole."""
        return sum(not paragraph.engine_reason for paragraph in self._paragraphs.values())

    @property
    def by_engine(self) -> Counter[str]:
        """How many the engine broke, by reason."""
        reasons = Counter(self._unread.values())
        reasons.update(paragraph.engine_reason for paragraph in self._paragraphs.values())
        del reasons[""]
        return reasons


@contextmanager
def whole_paragraphs(beside_markers: Container[Any] = ()) -> Iterator[LineCounts]:
    """Have paragraphs broken as a whole for as long as the context lasts.

    ``beside_markers`` are the elements whose first line has a marker at its left.
    """
    original, original_lines = inline.get_next_linebox, block.iter_line_boxes
    typesetter = _ParagraphTypesetter(beside_markers)

    def get_next_linebox(
        context: Any,
        linebox: Any,
        position_y: float,
        bottom_space: float,
        skip_stack: Stack,
        containing_block: Any,
        absolute_boxes: list[Any],
        fixed_boxes: list[Any],
        first_letter_style: Any,
        first_line_style: Any,
    ) -> Any:
        result = None
        reason = _unread_reason(containing_block, first_letter_style, first_line_style)
        if reason:
            typesetter.counts.add_unread(linebox, reason)
        elif not isinstance(containing_block, boxes.MarginBox):
            layout = Layout(context, containing_block, absolute_boxes, fixed_boxes)
            result = typesetter.next_line(linebox, position_y, skip_stack, layout)
        return result or original(
            context,
            linebox,
            position_y,
            bottom_space,
            skip_stack,
            containing_block,
            absolute_boxes,
            fixed_boxes,
            first_letter_style,
            first_line_style,
        )

    def iter_line_boxes(context: Any, linebox: Any, *rest: Any) -> Iterator[Any]:
        # Its boxes may be others than when its lines were made before.
        linebox.paragraph = None
        yield from original_lines(context, linebox, *rest)

    with (
        replaced(inline, get_next_linebox=get_next_linebox),
        replaced(block, iter_line_boxes=iter_line_boxes),
    ):
        yield typesetter.counts


@contextmanager
def set_text_drawn() -> Iterator[None]:
    """Have the lines of whole paragraphs drawn for as long as the context lasts."""
    original = engine_text.draw_first_line

    def draw_first_line(
        stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any
    ) -> Any:
        if isinstance(textbox.pango_layout, SetText):
            draw_text(stream, textbox, textbox.pango_layout, matrix)
            return []
        return original(stream, textbox, text_overflow, block_ellipsis, matrix)

    with replaced(engine_text, draw_first_line=draw_first_line):
        yield


def _unread_reason(container: Any, first_letter_style: Any, first_line_style: Any) -> str:
    """Return why a block's text is left to the engine before it is read; empty if it is not."""
    style = container.style
    if isinstance(container, boxes.MarginBox):
        return ""
    if first_letter_style:
        return "a style of the first letter"
    if first_line_style:
        return "a style of the first line"
    is_cut = style["text_overflow"] == "ellipsis" or style["block_ellipsis"] != "none"
    return "text that is cut off" if is_cut else ""


class _ParagraphTypesetter:
    """The paragraphs of a document, each read and planned once."""

    def __init__(self, beside_markers: Container[Any]) -> None:
        self.counts = LineCounts()
        self._beside_markers = beside_markers
        self._next_start: tuple[Stack, int | None] = (None, None)
        self._known: dict[tuple[object, ...], Paragraph] = {}

    def next_line(
        self, linebox: Any, position_y: float, skip_stack: Stack, layout: Layout
    ) -> tuple[Any, Stack] | None:
        """Return a line and the position after it; None to leave the line to the engine."""
        paragraph = self._paragraph(linebox, layout)
        line = None
        if not paragraph.engine_reason:
            start = self._start(linebox, paragraph, skip_stack)
            position_y, rooms = _rooms(linebox, position_y, skip_stack, layout)
            line = self._line(paragraph, start, rooms, self._setting(linebox, layout))
        self.counts.add(paragraph)
        if line is None:
            return None
        builder = BidiLineBuilder if paragraph.levels else LineBuilder
        new = build_line(linebox, paragraph, line, rooms[0], position_y, layout, builder)
        stack = None if line.following is None else paragraph.stack(line.following)
        self._next_start = (stack, line.following)
        return new, stack

    def _start(self, linebox: Any, paragraph: Paragraph, skip_stack: Stack) -> int:
        """Return where the next line starts, which is known if it follows the last one."""
        stack, following = self._next_start
        if skip_stack is not None and skip_stack is stack and following is not None:
            return following
        return paragraph.position(linebox, skip_stack)

    def _setting(self, linebox: Any, layout: Layout) -> Setting:
        style = linebox.style
        is_rtl = style["direction"] == "rtl"
        align = _side(style["text_align_all"], is_rtl=is_rtl)
        last = style["text_align_last"]
        align_last = (
            _side(last, is_rtl=is_rtl)
            if last != "auto"
            else "start"
            if align == "justify"
            else align
        )
        is_cell = isinstance(layout.containing_block, boxes.TableCellBox)
        hang = align == "justify" and not is_cell and not is_rtl
        # What hangs there would touch the marker, or make the indents of paragraphs uneven.
        is_free = linebox.element not in self._beside_markers and linebox.text_indent <= 0
        hang_start = hang and is_free
        return Setting(align, align_last, style["font_size"], hang, hang_start, is_rtl)

    def _paragraph(self, linebox: Any, layout: Layout) -> Paragraph:
        paragraph: Paragraph | None = vars(linebox).get("paragraph")
        if paragraph is None:
            read = read_paragraph(
                linebox,
                layout.containing_block,
                lambda box: width_of_object(box, layout),
            )
            # The engine copies the rest of the boxes for each page.
            key = (linebox.element, linebox.element_tag, *read.signature)
            paragraph = linebox.paragraph = self._known.setdefault(key, read)
        return paragraph

    def _line(
        self, paragraph: Paragraph, start: int, rooms: tuple[Room, ...], setting: Setting
    ) -> Line | None:
        for plan in paragraph.plans:
            line: Line | None = plan.lines.get(start)
            if line is not None and plan.fits(line, rooms):
                return line
        if any(at >= start for at in paragraph.unplaceable):
            return None
        try:
            plan = plan_lines(paragraph, start, rooms, setting)
        except EngineOnlyError as error:
            paragraph.engine_reason = str(error)
            return None
        paragraph.plans.append(plan)
        return plan.lines.get(start)


def _side(align: str, *, is_rtl: bool) -> str:
    sides = ("end", "start") if is_rtl else ("start", "end")
    return dict(zip(("left", "right"), sides, strict=True)).get(align, align)


def _rooms(
    linebox: Any, position_y: float, skip_stack: Stack, layout: Layout
) -> tuple[float, tuple[Room, ...]]:
    """Return where the next line is, and the rooms of it and of the lines after it."""
    context, container = layout.context, layout.containing_block
    indent_px = linebox.text_indent if skip_stack is None else 0
    is_rtl = container.style["direction"] == "rtl"
    left_px = 0 if is_rtl else indent_px
    whole = Room(container.content_box_x(), container.width)
    if not context.excluded_shapes:
        first = Room(whole.x + left_px, whole.width_px - indent_px)
        return position_y, (first, whole) if indent_px else (whole,)
    linebox.width = inline.inline_min_content_width(
        context, linebox, skip_stack=skip_stack, first_line=True
    )
    linebox.height, _ = inline.strut(linebox.style)
    bottom = max(shape.position_y + shape.margin_height() for shape in context.excluded_shapes)
    rooms: list[Room] = []
    first_y, y = position_y, position_y
    while not rooms or (y < bottom and len(rooms) < _MOST_ROOMS):
        linebox.position_y = y
        x, y, width_px = inline.avoid_collisions(context, linebox, container, outer=False)
        if not rooms:
            first_y = y
        # From right to left it is the right edge that is returned.
        rooms.append(Room(x - width_px if is_rtl else x, width_px))
        y += linebox.height
    rooms[0] = Room(rooms[0].x + left_px, rooms[0].width_px - indent_px)
    return first_y, (*rooms, whole)
