"""Lines of code that are turned over: where they go on there is a sign.

The sign is drawn, and is no text: it is not copied with the code, and not read out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import weasyprint.draw as engine_draw
from weasyprint.formatting_structure import boxes

from makeready.engine.replaced_functions import replaced

_CODE_LINE = "code-line"

_LEFT_EM, _WIDTH_EM = 1.35, 0.85
"""How far to the left of the line the sign begins, and its width, in ems of the code."""

_STROKE_EM = 0.07
_THINNEST_PX = 1.0
"""The weight of its lines, which printers ask to be 0.75 pt or more."""

_TOP_EM, _BOTTOM_EM, _HEAD_EM = 0.6, 0.28, 0.16
"""Its top and its arrow above the baseline, and half the height of the arrow's head."""


def turned_over(box: Any) -> Sequence[Any]:
    """Return the lines after the first of a box that is a line of code; none of another box."""
    element = box.element
    if element is None or not isinstance(box, boxes.BlockBox):
        return ()
    if _CODE_LINE not in (element.get("class") or "").split():
        return ()
    lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
    return lines[1:]


@contextmanager
def turned_lines_marked() -> Iterator[None]:
    """Draw the sign before each line of code that is turned over, within a context."""
    original = engine_draw.draw_block_level

    def draw_block_level(page: Any, stream: Any, blocks_and_cells: Any) -> None:
        for block in blocks_and_cells:
            for line in turned_over(block):
                _draw_sign(stream, block, line)
        original(page, stream, blocks_and_cells)

    with replaced(engine_draw, draw_block_level=draw_block_level):
        yield


def _draw_sign(stream: Any, block: Any, line: Any) -> None:
    """Draw an arrow with a hook, from the line above to the line."""
    em = block.style["font_size"]
    left = block.content_box_x() - _LEFT_EM * em
    right = left + _WIDTH_EM * em
    baseline = line.position_y + line.baseline
    top, arrow = baseline - _TOP_EM * em, baseline - _BOTTOM_EM * em
    hook, head = (arrow - top) / 2, _HEAD_EM * em
    with stream.artifact(), stream.stacked():
        stream.set_color(block.style["color"], stroke=True)
        stream.set_line_width(max(_STROKE_EM * em, _THINNEST_PX))
        stream.move_to(left + 2 * hook, top)
        stream.line_to(left + hook, top)
        stream.curve_to(left - hook / 3, top, left - hook / 3, arrow, left + hook, arrow)
        stream.line_to(right, arrow)
        stream.move_to(right - head, arrow - head)
        stream.line_to(right, arrow)
        stream.line_to(right - head, arrow + head)
        stream.stroke()
