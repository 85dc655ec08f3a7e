"""The numbers in drawings read the short way, where they have no unit.

The engine imports a module, enters a context and looks for a unit for each coordinate of a path,
which takes most of the time of a formula or of a cover with a pattern (WeasyPrint 70; to be
offered there).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import weasyprint.svg as engine_svg

from makeready.engine.replaced_functions import replaced


@contextmanager
def svg_numbers_read() -> Iterator[None]:
    """Have plain numbers in drawings read the short way for as long as the context lasts."""
    original = engine_svg.size

    def size(
        string: Any, font_size: float | None = None, percentage_reference: float | None = None
    ) -> Any:
        if not string:
            return 0
        try:
            return float(string)
        except ValueError:
            return original(string, font_size, percentage_reference)

    with replaced(engine_svg, size=size):
        yield
