"""Dots beside the letters of what is emphasised in Chinese and Japanese.

The engine has no ``text-emphasis``. The custom property ``--emphasis`` stands for it: ``dots`` sets
a dot below each letter of Chinese, and above each of another language, as their books do
(Requirements for Chinese Text Layout, 3.5.4; for Japanese Text Layout, 3.3.9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import weasyprint.draw as engine_drawing

from makeready.engine.lines.draw import SetText
from makeready.engine.lines.east_asian import LETTERS
from makeready.engine.lines.shape import Word
from makeready.engine.replaced_functions import replaced

_PROPERTY = "__emphasis"
_DOTS = "dots"
_DOTTED = re.compile(f"[{LETTERS}]")
_RADIUS_EM = 0.075
_ABOVE_EM, _BELOW_EM = 1.02, 0.3
"""How far the centre of a dot is from the baseline."""

_CIRCLE = 0.5523
"""The share of a radius at which the handles of a quarter of a circle are."""


@contextmanager
def emphasis_drawn() -> Iterator[None]:
    """Have dots drawn beside emphasised letters for as long as the context lasts."""
    original = engine_drawing.draw_text

    def draw_text(stream: Any, textbox: Any, *rest: Any) -> None:
        original(stream, textbox, *rest)
        if isinstance(textbox.pango_layout, SetText) and _is_dotted(textbox.style):
            _draw_dots(stream, textbox, textbox.pango_layout)

    with replaced(engine_drawing, draw_text=draw_text):
        yield


def _is_dotted(style: Any) -> bool:
    tokens = style[_PROPERTY]
    return any(getattr(token, "value", "") == _DOTS for token in tokens or ())


def _draw_dots(stream: Any, textbox: Any, set_text: SetText) -> None:
    em_px = set_text.style.size_px
    is_below = (textbox.style["lang"] or "").partition("-")[0] in ("zh", "yue")
    distance_px = -_BELOW_EM * em_px if is_below else _ABOVE_EM * em_px
    y = textbox.position_y + textbox.baseline - distance_px
    x = textbox.position_x + set_text.shift_px
    with stream.stacked(), stream.artifact():
        for item in set_text.items:
            width_px = item.width_px * set_text.scale if isinstance(item, Word) else item
            if isinstance(item, Word) and _has_dot(item.text):
                _add_dot(stream, x + width_px / 2, y, _RADIUS_EM * em_px)
            x += width_px
        stream.fill()


def _has_dot(text: str) -> bool:
    """Return whether a word is a letter, and no mark."""
    return _DOTTED.match(text) is not None and text[0].isalnum()


def _add_dot(stream: Any, x: float, y: float, radius_px: float) -> None:
    handle_px = radius_px * _CIRCLE
    stream.move_to(x + radius_px, y)
    corners = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 0))
    for (ax, ay), (bx, by) in pairwise(corners):
        stream.curve_to(
            x + ax * radius_px + bx * handle_px,
            y + ay * radius_px + by * handle_px,
            x + bx * radius_px + ax * handle_px,
            y + by * radius_px + ay * handle_px,
            x + bx * radius_px,
            y + by * radius_px,
        )
