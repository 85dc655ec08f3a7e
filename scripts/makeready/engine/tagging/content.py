"""The contents of structure elements: pieces of content streams, and annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the lower left corner of the page."""


@dataclass(eq=False, slots=True)
class MarkedContent:
    """The content that a box draws, on a page that is counted from 0.

    ``mcid`` and ``stream`` are known as soon as it is drawn.
    """

    page: int
    mcid: int | None = None
    stream: Any = None


@dataclass(eq=False, slots=True)
class LinkArea:
    """An area of a link: ``box`` gets the annotation when the engine makes the page."""

    page: int
    box: Any
    name: str = ""


@dataclass(eq=False, slots=True)
class NoteLink:
    """A link between the call of a note and its number, with its name for a reader."""

    page: int
    rectangle: Rectangle
    target_page: int
    target_point: tuple[float, float]
    name: str
