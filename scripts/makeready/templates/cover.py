"""The document of the front cover, for the e-book's cover image and the printed wrap."""

from __future__ import annotations

from math import floor

from makeready.book.model import Book, CoverColours
from makeready.templates.documents import title_length, title_style
from makeready.templates.environment import Layouts

COVER_WIDTH_PX, COVER_HEIGHT_PX = 1600, 2560
"""A size that every store accepts."""

_IMAGE_WIDTH_PT = 432.0
_TILE = 60
_PAPER = (30.0, 30.0, 600.0, 1200.0)
"""The ``viewBox`` of the pattern on a front cover, which begins in the middle of a tile."""

ViewBox = tuple[float, float, float, float]


def cover_page_rule(width_pt: float, height_pt: float) -> str:
    """Return the page rule of a front cover, whose design is 36 rem wide."""
    return (
        f"@page{{size:{width_pt:g}pt {height_pt:g}pt;margin:0}}"
        f"html{{font-size:{width_pt / 36:g}pt}}:root{{--height:{height_pt:g}pt}}"
    )


def image_page_rule() -> str:
    """Return the page rule of the e-book's cover image."""
    return cover_page_rule(_IMAGE_WIDTH_PT, _IMAGE_WIDTH_PT * COVER_HEIGHT_PX / COVER_WIDTH_PX)


def cover_document(book: Book, layouts: Layouts) -> str:
    """Return the document of the front cover."""
    return layouts.render("cover", **cover_context(book, layouts, book.cover))


def view_box_text(view_box: ViewBox) -> str:
    """Return the value of a ``viewBox`` attribute."""
    return " ".join(f"{number:.3f}" for number in view_box)


def pattern_tiles(view_box: ViewBox) -> list[tuple[int, int]]:
    """Return the corners of the tiles of a cover's pattern that are seen in a ``viewBox``.

    Each is drawn by itself: renderers round the size of a repeated pattern, which shows at small
    sizes as a seam.
    """
    left, top, width, height = view_box
    # The diamonds at the corners of tiles reach into their neighbours.
    columns = range(floor(left / _TILE) - 1, floor((left + width) / _TILE) + 2)
    rows = range(floor(top / _TILE) - 1, floor((top + height) / _TILE) + 2)
    return [(column * _TILE, row * _TILE) for row in rows for column in columns]


def cover_context(book: Book, layouts: Layouts, colours: CoverColours) -> dict[str, object]:
    """Return the values for the layout of a cover."""
    title = book.metadata.display_title or book.metadata.title
    return {
        "metadata": book.metadata,
        "words": book.labels,
        "cover": colours,
        "pictures": book.pictures,
        "paper": view_box_text(_PAPER),
        "tiles": pattern_tiles(_PAPER),
        "letters": layouts.letters.model_dump(exclude_none=True),
        "title_length": title_length(title),
        "title_style": title_style(title),
    }
