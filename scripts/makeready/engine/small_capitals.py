"""Small capitals of fonts that have them, and of no others.

For a font without them Pango makes small capitals of its capitals, and the engine draws these at
full size where they are measured small, one over the other. The features that it also asks for give
the small capitals of a font that has them. No upstream issue known; when ``get_font_description``
sets no variant, this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import weasyprint.text.line_break as engine_line_break
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import get_font_description

from makeready.engine.replaced_functions import replaced


def description_without_variant(style: Any) -> Any:
    """Return the engine's description of a style's font, with which Pango makes no letters."""
    description = get_font_description(style)
    pango.pango_font_description_set_variant(description, pango.PANGO_VARIANT_NORMAL)
    return description


@contextmanager
def small_capitals_not_made() -> Iterator[None]:
    """Have text set in ordinary letters where a font has no small capitals."""
    with replaced(engine_line_break, get_font_description=description_without_variant):
        yield
