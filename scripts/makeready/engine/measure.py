"""Measures of typeset text, for the cover that fits its type to the room there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import create_layout

from makeready.engine.typesetter import TypesetSection

_PT_PER_PX = 0.75


def text_height_pt(section: TypesetSection, class_name: str) -> float:
    """Return the height from the first line to the last in the blocks of a class, in points."""
    lines = _lines(section, class_name)
    top_px = min((line.position_y for line in lines), default=0.0)
    bottom_px = max((line.position_y + line.height for line in lines), default=0.0)
    return float(bottom_px - top_px) * _PT_PER_PX


def block_heights_pt(section: TypesetSection, class_name: str) -> list[float]:
    """Return the heights of the blocks of a class, in their order, in points."""
    return [float(box.margin_height()) * _PT_PER_PX for box in _blocks(section, class_name)]


def widest_line_pt(section: TypesetSection, class_name: str) -> float:
    """Return the width of the widest line in the blocks of a class, in points."""
    lines = _lines(section, class_name)
    widths_px = (sum(child.margin_width() for child in line.children) for line in lines)
    return float(max(widths_px, default=0.0)) * _PT_PER_PX


def ink_edges_pt(section: TypesetSection, class_name: str) -> tuple[float, float]:
    """Return where the ink of text in the blocks of a class begins and ends, in points.

    Both are measured from the middle of its line, downwards. Letters without ascenders and
    descenders have less ink than the type size is high, and not in the middle of the line.
    """
    edges_px = [
        edge
        for line in _lines(section, class_name)
        for edge in _ink_edges_px(line, line.position_y + line.height / 2)
    ]
    return (
        min(edges_px, default=0.0) * _PT_PER_PX,
        max(edges_px, default=0.0) * _PT_PER_PX,
    )


def _ink_edges_px(line: Any, middle_y: float) -> Iterator[float]:
    """Yield the upper and the lower edge of the ink of each text box of a line."""
    ink = ffi.new("PangoRectangle *")
    for box in _descendants(line):
        if isinstance(box, boxes.TextBox) and box.text.strip():
            layout = create_layout(box.text, box.style, None, None, box.justification_spacing)
            first_line, _ = layout.get_first_line()
            pango.pango_layout_line_get_extents(first_line, ink, ffi.NULL)
            top = box.position_y + box.baseline + ink.y * FROM_UNITS - middle_y
            yield float(top)
            yield float(top + ink.height * FROM_UNITS)


def _lines(section: TypesetSection, class_name: str) -> list[Any]:
    blocks = _blocks(section, class_name)
    boxes_inside = (box for block in blocks for box in _descendants(block))
    return [box for box in boxes_inside if isinstance(box, boxes.LineBox)]


def _blocks(section: TypesetSection, class_name: str) -> Iterator[Any]:
    for box in _descendants(section.pages[0]._page_box):
        classes = box.element.get("class") or "" if box.element is not None else ""
        if class_name in classes.split() and isinstance(box, boxes.BlockBox):
            yield box


def _descendants(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        # The engine wraps an absolutely positioned box in a placeholder, whose class is not
        # that of the box.
        child = getattr(child, "_box", child)  # noqa: PLW2901
        yield child
        yield from _descendants(child)
