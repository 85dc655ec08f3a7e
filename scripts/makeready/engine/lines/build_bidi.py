"""The boxes of a line that has text from right to left, each in its place from left to right."""

from __future__ import annotations

from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from makeready.engine.lines.bidi import visual_order
from makeready.engine.lines.build import LineBuilder
from makeready.engine.lines.draw import SetText
from makeready.engine.lines.line_ends import set_line_end
from makeready.engine.lines.paragraph import Path
from makeready.engine.lines.shape import TextStyle


class _Placed(NamedTuple):
    """What takes room on a line: a box, or the edge of one, which is None."""

    level: int
    width_px: float
    box: Any = None


class BidiLineBuilder(LineBuilder):
    """The boxes of a line, made in the order of the text and then placed in that of the line."""

    def boxes_of(self, linebox: Any) -> list[Any]:
        """Return the boxes of a line, placed from where ``x`` is."""
        self._placed: list[_Placed] = []
        start_px = self.x
        children = self.children(linebox, ())
        for index in visual_order([placed.level for placed in self._placed]):
            _, width_px, box = self._placed[index]
            if isinstance(box, boxes.TextBox | boxes.InlineReplacedBox):
                box.position_x = self.x
            elif box is not None:
                box.translate(self.x - box.position_x, 0)
            self.x += width_px
        for child in children:
            _place_inline(child, start_px)
        return children

    def _text(self, box: Any, start: int, end: int) -> list[Any]:
        """Return the boxes of a text, one for each part of it that is written in one direction."""
        line, made = self._line, []
        for piece in self._paragraph.pieces_between(max(start, line.start), min(end, line.end)):
            if piece.style is None:
                continue
            low, high = max(piece.start, start, line.start), min(piece.end, end, line.end)
            if low < high:
                text = self._paragraph.text[low:high]
                if line.hyphen and high == line.end:
                    text += box.style["hyphenate_character"]
                made.append(self._part(box, text, low, high, piece.style))
        return made

    def _part(self, box: Any, text: str, low: int, high: int, style: TextStyle) -> Any:
        line = self._line
        items, width_px = self._items(text, low, style)
        if style.is_rtl:
            items = items[::-1]
        new = box.copy_with_text(text)
        new.width = width_px
        new.height, new.baseline = style.height_px, style.baseline_px
        new.margin_top = new.margin_bottom = style.half_leading_px
        new.justification_spacing = max(0.0, style.space_px * self._stretch(style))
        new.pango_layout = SetText(text, style, items, self._scale(style), 0.0)
        new.position_x = 0.0
        self._placed.append(_Placed(self._paragraph.levels[low], width_px, new))
        if high == line.end and line.following is not None:
            set_line_end(new, self._line_end(line.following))
        return new

    def _inline(self, box: Any, path: Path, start: int, end: int) -> Any:
        line, levels = self._line, self._paragraph.levels
        before = start < line.start
        after = end > self._limit or (end > line.end and line.following is not None)
        left_px = box.margin_left + box.border_left_width + box.padding_left
        right_px = box.padding_right + box.border_right_width + box.margin_right
        if box.style["direction"] == "rtl":
            left_px, right_px = right_px, left_px
        if not before and left_px:
            level = levels[start] if start < len(levels) else 0
            self._placed.append(_Placed(level, left_px))
        children = self.children(box, path)
        if not after and right_px:
            self._placed.append(_Placed(levels[end - 1] if end else 0, right_px))
        new = box.copy_with_children(children)
        new.remove_decoration(start=before, end=after)
        inline._adjust_line_height(new)
        return new

    def _object(self, box: Any, position: int) -> Any:
        new = super()._object(box, position)
        width_px = new.margin_width()
        self._placed.append(_Placed(self._paragraph.levels[position], width_px, new))
        # It is placed later.
        self.x -= width_px
        return new


def _place_inline(box: Any, start_px: float) -> None:
    """Place an inline box around the boxes in it; an empty one is at its parent's left edge.

    ``start_px`` is where the line begins, for one that has nothing in it at all.
    """
    if not isinstance(box, boxes.InlineBox):
        return
    for child in box.children:
        _place_inline(child, start_px)
    inside = [child for child in box.children if child.is_in_normal_flow()]
    empty = [child for child in inside if isinstance(child, boxes.InlineBox) and not child.width]
    full = [child for child in inside if child not in empty]
    left = min((child.position_x for child in full), default=start_px)
    right = max((child.position_x + child.margin_width() for child in full), default=start_px)
    for child in empty:
        child.position_x = left
    box.position_x = left - box.margin_left - box.border_left_width - box.padding_left
    box.width = right - left
