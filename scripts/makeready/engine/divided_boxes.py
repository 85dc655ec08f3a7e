"""Boxes that are divided between pages: the line at their side ends with their content.

The engine makes the part of a box on a page as high as the rest of that page, as CSS
Fragmentation 3, 5.4, asks for. The line beside a callout or a listing would go on below its last
line, for as far as what comes next did not fit.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes


def end_side_lines_with_content(page_box: Any) -> None:
    """Make the boxes of a page that have a line at their side no higher than their content."""
    for box in page_box.descendants():
        if _is_as_high_as_content(box) and (box.border_left_width or box.border_right_width):
            height = _content_end(box) - box.content_box_y()
            box.height = min(box.height, max(0.0, height))


def _is_as_high_as_content(box: Any) -> bool:
    """Return whether a box is a block whose height its content alone gives."""
    return (
        isinstance(box, boxes.BlockBox)
        and box.style["height"] == "auto"
        and box.style["min_height"] == "auto"
        and not (box.border_bottom_width or box.padding_bottom)
    )


def _content_end(box: Any) -> float:
    """Return where the last line or box inside a block ends, without the margins there."""
    ends = [_end(child) for child in box.children if child.is_in_normal_flow()]
    return max(ends, default=float(box.content_box_y()))


def _end(box: Any) -> float:
    if isinstance(box, boxes.LineBox):
        return float(box.position_y + box.height)
    if _is_as_high_as_content(box) and box.children:
        return _content_end(box)
    return float(box.border_box_y() + box.border_height())
