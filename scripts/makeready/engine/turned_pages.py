"""Pages that are turned onto their side: laid out wide, and drawn on an upright page.

A block with the page name ``turned`` is laid out on pages whose width is the height of the others,
so that a table is divided and its head repeated as on any page. Each is then turned by a quarter,
its top to the left edge. The engine turns boxes only after it has laid them out in the width of the
upright page (CSS has no turned pages: css-page-3, issue 4562 of the CSS Working Group).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import pi
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.document import Page

from makeready.engine.replaced_functions import replaced

TURNED = "turned"
_engine_init = Page.__init__


@contextmanager
def pages_turned() -> Iterator[None]:
    """Have the pages named ``turned`` turned for as long as the context lasts."""
    with replaced(Page, __init__=_init):
        yield


def _init(self: Any, page_box: Any) -> None:
    if page_box.page_type.name != TURNED:
        _engine_init(self, page_box)
        return
    width = page_box.margin_width()
    style = page_box.style
    # The page box has its border box within its margins; the origin is the corner of the page.
    left, top = page_box.border_box_x(), page_box.border_box_y()
    style["transform_origin"] = (Dimension(-left, "px"), Dimension(-top, "px"))
    style["transform"] = (
        ("translate", (Dimension(0, "px"), Dimension(width, "px"))),
        ("rotate", -pi / 2),
    )
    _engine_init(self, page_box)
    self.width, self.height = self.height, self.width
