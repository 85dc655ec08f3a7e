"""Boxes without a background, a shadow or round corners passed over when backgrounds are laid out.

The engine computes all of these for each box of each page, though hardly any box has one
(WeasyPrint 70; to be offered there).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.draw.color import get_color
from weasyprint.layout import background

from makeready.engine.replaced_functions import replaced

_RADII = tuple(
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
)
_BARE: dict[str, Any] = {**dict.fromkeys(_RADII, (0, 0)), "background": None}


@contextmanager
def bare_boxes_passed_over() -> Iterator[None]:
    """Have bare boxes passed over for as long as the context lasts."""
    original = background.layout_box_backgrounds

    def layout_box_backgrounds(
        page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        if style is not None or box is page or not _is_bare(box.style):
            original(page, box, get_image, layout_children, style)
            return
        if layout_children:
            for child in box.all_children():
                layout_box_backgrounds(page, child, get_image)
        attributes = vars(box)
        # A placeholder stands for a box with an absolute position.
        vars(attributes.get("_box", box)).update(_BARE)

    with replaced(background, layout_box_backgrounds=layout_box_backgrounds):
        yield


def _is_bare(style: Any) -> bool:
    known: bool | None = getattr(style, "is_bare", None)
    if known is None:
        known = style.is_bare = (
            all((0, "px") in style[radius] for radius in _RADII)
            and style["border_image_source"][0] == "none"
            and style["mask_border_source"][0] == "none"
            and not style["box_shadow"]
            and all(kind == "none" for kind, _ in style["background_image"])
            and get_color(style, "background_color").alpha == 0
        )
    return known
