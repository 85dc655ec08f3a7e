"""Text that ends in a space broken at its last opportunity.

Where an inline element does not fit a line, the engine breaks the text before it again, in a
pixel less than its width. If that text ends in a space, Pango finds that all but the space fits,
and the engine takes its first opportunity instead of its last: a paragraph is torn into lines of
one word. No upstream issue known (WeasyPrint #1614, open, is about other faults of breaking text
beside inline elements); when ``split_first_line`` breaks such a text at its last opportunity,
this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout, line_size

from makeready.engine.replaced_functions import replaced

_SPACES = " \u00a0\u202f"
_LETTERS_TO_AN_EM = 4
"""No more than so many letters stand in an em: a longer text does not fit a line."""


@contextmanager
def trailing_spaces_measured() -> Iterator[None]:
    """Have the engine break text that ends in a space at its last opportunity, within a context."""
    original = inline.split_first_line

    def split_first_line(
        text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **options: Any
    ) -> Any:
        if max_width is not None and 0 < max_width < inf and text[-1:] in _SPACES:
            max_width = _width_to_break_in(text, style, context, max_width)
        return original(text, style, context, max_width, *rest, **options)

    with replaced(inline, split_first_line=split_first_line):
        yield


def _width_to_break_in(text: str, style: Any, context: Any, max_width: float) -> float:
    """Return a width that the text without its last space does not fit, where the space does not.

    Elsewhere, the width itself.
    """
    shown = text.rstrip(_SPACES)
    if not shown or len(text) > _LETTERS_TO_AN_EM * max_width / style["font_size"]:
        return max_width
    if _width(shown, style, context) <= max_width < _width(text, style, context):
        return _width(shown, style, context) - 1
    return max_width


def _width(text: str, style: Any, context: Any) -> float:
    layout = create_layout(text, style, context, None, 0)
    line, _ = layout.get_first_line()
    width, _ = line_size(line, style)
    return float(width)
