"""Lines with letters of another font, as high as lines without.

The engine takes the height of a text from all fonts in it, although CSS leaves that to the first
one, and moves the text off its baseline where a letter comes from a font of last resort. No
upstream issue known; when ``split_first_line`` measures the first font alone, this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.layout import inline
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import create_layout, line_size

from makeready.engine.replaced_functions import replaced

_TOLERANCE_PX = 0.001


@contextmanager
def fallback_lines_even() -> Iterator[None]:
    """Have the engine measure a line's height in its own font, within a context."""
    original = inline.split_first_line

    def split_first_line(text: str, style: Any, context: Any, *rest: Any, **options: Any) -> Any:
        *line, height, baseline = original(text, style, context, *rest, **options)
        own_height, own_baseline = _own_metrics(style, context)
        if abs(height - own_height) > _TOLERANCE_PX:
            height, baseline = own_height, own_baseline
        return (*line, height, baseline)

    with replaced(inline, split_first_line=split_first_line):
        yield


def _own_metrics(style: Any, context: Any) -> tuple[float, float]:
    """Return the height and the baseline of a style's first font, in pixels."""
    metrics: tuple[float, float] | None = getattr(style, "own_metrics", None)
    if metrics is None:
        layout = create_layout(" ", style, context, None, 0)
        line, _ = layout.get_first_line()
        _, height = line_size(line, style)
        baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        metrics = style.own_metrics = (height, baseline)
    return metrics
