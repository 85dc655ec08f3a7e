"""What typeset blocks measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from makeready.engine.typesetter import TypesetSection

_PT_PER_PX = 0.75


def _found(wrap: TypesetSection, name: str) -> Iterator[Any]:
    """Yield the blocks of a class."""
    for box in _inside(wrap.pages[0]._page_box):
        named = box.element is not None and name in (box.element.get("class") or "").split()
        if named and isinstance(box, boxes.BlockBox):
            yield box


def _inside(box: Any) -> Iterator[Any]:
    """Yield the boxes in a box; one that is placed absolutely stands behind another's name."""
    for child in getattr(box, "children", ()):
        child = getattr(child, "_box", child)  # noqa: PLW2901
        yield child
        yield from _inside(child)


def _lines(wrap: TypesetSection, name: str) -> list[Any]:
    found = (line for box in _found(wrap, name) for line in _inside(box))
    return [line for line in found if isinstance(line, boxes.LineBox)]


def height_pt(wrap: TypesetSection, name: str) -> float:
    """Return the height from the first line to the last in the blocks of a class."""
    lines = _lines(wrap, name)
    top_px = min((line.position_y for line in lines), default=0.0)
    foot_px = max((line.position_y + line.height for line in lines), default=0.0)
    return float(foot_px - top_px) * _PT_PER_PX


def width_pt(wrap: TypesetSection, name: str) -> float:
    """Return the width of the widest line in the blocks of a class."""
    widths = (sum(child.margin_width() for child in line.children) for line in _lines(wrap, name))
    return float(max(widths, default=0.0)) * _PT_PER_PX
