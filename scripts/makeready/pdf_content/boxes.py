"""Rectangles on a PDF page, in points from its lower left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, its origin at the lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """The extent from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The extent from bottom to top."""
        return self.top - self.bottom

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing between its sides."""
        return self.right <= self.left or self.top <= self.bottom

    def moved(self, right_pt: float, up_pt: float) -> Box:
        """Return the box so far to the right and upwards."""
        return Box(
            self.left + right_pt, self.bottom + up_pt, self.right + right_pt, self.top + up_pt
        )

    def intersection(self, other: Box) -> Box:
        """Return the box that two boxes have in common; it may be empty."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def contains(self, other: Box, *, tolerance_pt: float) -> bool:
        """Return whether another box lies inside this one, or at most so far over its sides."""
        return (
            self.left <= other.left + tolerance_pt
            and self.bottom <= other.bottom + tolerance_pt
            and self.right >= other.right - tolerance_pt
            and self.top >= other.top - tolerance_pt
        )


def read_box(corners: Any) -> Box:
    """Read a box, whose corners may be any two that are opposite (ISO 32000-1, 7.9.5)."""
    x, y, other_x, other_y = (float(value) for value in corners)
    return Box(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y))
