"""Pages that end above their foot: their text, their notes, or both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any, NamedTuple

from weasyprint.layout import LayoutContext


class PageLimit(NamedTuple):
    """Where the text of a page ends at the latest, and how far its notes are above the foot."""

    text_end: float
    raised_px: float = 0.0


_NO_LIMIT = PageLimit(inf)
_ROUNDING_PX = 0.1
"""How much lower text may end than the page, where it is planned to end there."""


class PageLimits:
    """The part of a layout context that ends pages earlier.

    ``page_limits`` has the limits of pages by their numbers, from 1. Lengths are in pixels.
    """

    _is_in_text = False
    _page_bottom = inf
    _limit = _NO_LIMIT

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.page_limits: dict[int, PageLimit] = {}

    def begin_limits(self, page_number: int) -> None:
        """Begin a page with the limit that it has."""
        self._limit = self.page_limits.get(page_number, _NO_LIMIT)
        self._is_in_text = False

    @property
    def page_bottom(self) -> float:
        """The lower end of what is being laid out: of the text, or of the page."""
        if not self._is_in_text or self._limit is _NO_LIMIT:
            return self._page_bottom
        return min(self._page_bottom + _ROUNDING_PX, self._limit.text_end)

    @page_bottom.setter
    def page_bottom(self, bottom: float) -> None:
        self._page_bottom = bottom

    @contextmanager
    def in_text(self, *, is_in_text: bool = True) -> Iterator[None]:
        """Have the text of the page laid out, or not, for as long as the context lasts."""
        before, self._is_in_text = self._is_in_text, is_in_text
        try:
            yield
        finally:
            self._is_in_text = before

    def is_past_limit(self, bottom_space: float, position_y: float) -> bool:
        """Return whether text down to a position ends too low."""
        end = self._limit.text_end - bottom_space
        return self._is_in_text and bool(LayoutContext.overflows(end, position_y))

    def raise_notes(self, page_box: Any) -> None:
        """Move the foot of a page, where its notes end, up as far as its limit says."""
        page_box.height -= self._limit.raised_px
        page_box.padding_bottom += self._limit.raised_px
