"""The engine's boxes of one line, with the text that was chosen for it."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from makeready.engine.lines.draw import Item, SetText
from makeready.engine.lines.line_ends import LineEnd, set_line_end
from makeready.engine.lines.paragraph import Paragraph, Path
from makeready.engine.lines.plan import Line, Room
from makeready.engine.lines.shape import SPACES, TextStyle, text_style


class Layout(NamedTuple):
    """What the engine passes along while it lays out the lines of a block."""

    context: Any
    containing_block: Any
    absolute_boxes: list[Any]
    fixed_boxes: list[Any]


class LineBuilder:
    """The boxes of one line, made from left to right; ``x`` is where the next one begins."""

    def __init__(self, paragraph: Paragraph, line: Line, layout: Layout) -> None:
        self._paragraph, self._line, self._layout = paragraph, line, layout
        self._limit = inf if line.following is None else line.following
        self.x = 0.0

    def boxes_of(self, linebox: Any) -> list[Any]:
        """Return the boxes of a line."""
        return self.children(linebox, ())

    def children(self, parent: Any, path: Path) -> list[Any]:
        """Return the boxes inside a box that are on the line."""
        made = []
        for index in self._paragraph.children_on_line(path, self._line.start, self._limit):
            child, own = parent.children[index], (*path, index)
            start, end = self._paragraph.spans[own]
            if not self._is_on_line(start, end):
                continue
            if not child.is_in_normal_flow():
                self._layout.context.add_running_element(child)
            elif isinstance(child, boxes.TextBox):
                made.extend(self._text(child, start, end))
            elif isinstance(child, boxes.InlineBox):
                made.append(self._inline(child, own, start, end))
            else:
                self.x += self._gap_px(start)
                made.append(self._object(child, start))
        return made

    def _is_on_line(self, start: int, end: int) -> bool:
        line = self._line
        if start == end:
            return line.start <= start < self._limit
        return end > line.start and start < min(self._limit, line.end)

    def _text(self, box: Any, start: int, end: int) -> list[Any]:
        line = self._line
        low, high = max(start, line.start), min(end, line.end)
        if low >= high:
            return []
        text = box.text[low - start : high - start]
        if line.hyphen and high == line.end:
            text += box.style["hyphenate_character"]
        style = text_style(box.style)
        items, width_px = self._items(text, low, style)
        left_px = line.left_px if low == line.start else 0.0
        right_px = line.right_px if high == line.end else 0.0
        new = box.copy_with_text(text)
        new.width = width_px
        # A box stands within the measure; only what is drawn hangs out of it.
        new.width -= left_px + right_px
        new.height, new.baseline = style.height_px, style.baseline_px
        new.margin_top = new.margin_bottom = style.half_leading_px
        new.justification_spacing = max(0.0, style.space_px * self._stretch(style))
        new.pango_layout = SetText(text, style, items, self._scale(style), -left_px)
        new.position_x = self.x
        self.x += new.width
        if high == line.end and line.following is not None:
            set_line_end(new, self._line_end(line.following))
        return [new]

    def _line_end(self, following: int) -> LineEnd:
        """Return how the line ends, which has another one after it."""
        if self._line.hyphen:
            return LineEnd.HYPHEN
        between = self._paragraph.text[self._line.end : following]
        return LineEnd.SPACE if between.isspace() else LineEnd.IN_WORD

    def _scale(self, style: TextStyle) -> float:
        return self._line.scale if style.expands else 1.0

    def _stretch(self, style: TextStyle) -> float:
        """Return what is added to each space in a style, in spaces."""
        return self._line.stretch * self._paragraph.stretch_share(style)

    def _items(self, text: str, start: int, style: TextStyle) -> tuple[tuple[Item, ...], float]:
        """Return the words of a text and the moves between them, and the width of all."""
        line, all_text = self._line, self._paragraph.text
        scale = self._scale(style)
        space_px = style.space_px * (1 + self._stretch(style))
        # A space is drawn with the scale of the letters.
        gap_px = space_px - style.space.width_px * scale
        items: list[Item] = []
        width_px = 0.0
        for match in self._paragraph.token.finditer(text):
            between_px = self._gap_px(start + match.start())
            if between_px:
                items.append(between_px)
                width_px += between_px
            if match[0] in SPACES:
                items += (style.space, gap_px)
                width_px += space_px
                continue
            word = style.shape(match[0])
            first, last = start + match.start(), start + match.end()
            if word.before_px and first > line.start and all_text[first - 1] in SPACES:
                items.append(word.before_px)
                width_px += word.before_px
            items.append(word)
            width_px += word.width_px * scale
            if word.after_px and last < line.end and all_text[last] in SPACES:
                items.append(word.after_px)
                width_px += word.after_px
        return tuple(items), width_px

    def _gap_px(self, position: int) -> float:
        """Return what stands before a place on the line without a space; nothing if it is none."""
        gap = self._paragraph.gaps.get(position)
        if gap is None or position <= self._line.start:
            return 0.0
        return gap.width_px + gap.spread_px * self._line.stretch

    def _inline(self, box: Any, path: Path, start: int, end: int) -> Any:
        line = self._line
        left, before = self.x, start < line.start
        after = end > self._limit or (end > line.end and line.following is not None)
        # The decoration at the left is there only where the box begins.
        if not before:
            self.x += box.margin_left + box.border_left_width + box.padding_left
        children = self.children(box, path)
        content_right = self.x
        new = box.copy_with_children(children)
        new.remove_decoration(start=before, end=after)
        new.position_x = left
        new.width = content_right - new.content_box_x()
        if not after:
            self.x += new.padding_right + new.border_right_width + new.margin_right
        inline._adjust_line_height(new)
        return new

    def _object(self, box: Any, _position: int) -> Any:
        layout = self._layout
        inline.resolve_percentages(box, layout.containing_block)
        new = inline.atomic_box(
            layout.context,
            box,
            self.x,
            None,
            layout.containing_block,
            layout.absolute_boxes,
            layout.fixed_boxes,
        )
        new.position_x = self.x
        self.x += new.margin_width()
        return new


def build_line(
    linebox: Any,
    paragraph: Paragraph,
    line: Line,
    room: Room,
    position_y: float,
    layout: Layout,
    make_builder: type[LineBuilder] = LineBuilder,
) -> Any:
    """Return a line as the engine makes it: a copy of the line box with its boxes placed."""
    left = room.x + line.offset_px
    builder = make_builder(paragraph, line, layout)
    builder.x = left
    linebox.position_x, linebox.position_y = room.x, position_y
    new = linebox.copy_with_children(builder.boxes_of(linebox))
    new.position_x, new.width = left, builder.x - left
    inline._adjust_line_height(new)
    bottom, top = inline.line_box_verticality(new)
    new.baseline, new.position_y, new.height = -top, top, bottom - top
    new.margin_top = new.margin_bottom = 0
    new.translate(0, position_y - top)
    # The sum of the differences is not exactly the position that the engine compares it with.
    new.position_y = position_y
    linebox.width, linebox.height = new.width, new.height
    return new


def width_of_object(box: Any, layout: Layout) -> float:
    """Return the width of an image or of a block in a line, laid out for nothing else."""
    inline.resolve_percentages(box, layout.containing_block)
    made = inline.atomic_box(layout.context, box.copy(), 0.0, None, layout.containing_block, [], [])
    return float(made.margin_width())
