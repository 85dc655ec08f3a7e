"""Images in lines from right to left that have no width of their own, such as drawings.

The engine moves such an image to the right edge of its block before it has placed it, and fails.
No upstream issue known; when ``<p dir=rtl><img src=drawing.svg></p>`` is laid out by the engine for
a drawing with a ``viewBox`` alone, this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import inline

from makeready.engine.replaced_functions import replaced


@contextmanager
def images_in_lines_sized() -> Iterator[None]:
    """Have the engine size all images in lines within a context."""
    original = inline.inline_replaced_box_layout

    def inline_replaced_box_layout(box: Any, containing_block: Any) -> None:
        box.position_x = getattr(box, "position_x", 0)
        original(box, containing_block)

    with replaced(inline, inline_replaced_box_layout=inline_replaced_box_layout):
        yield
