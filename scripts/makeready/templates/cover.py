"""The document of the front cover, for the e-book's cover image and the printed wrap."""

from __future__ import annotations

from makeready.book.model import Book, CoverColours
from makeready.templates.documents import title_length, title_style
from makeready.templates.environment import Layouts

COVER_WIDTH_PX, COVER_HEIGHT_PX = 1600, 2560
"""A size that every store accepts."""

_IMAGE_WIDTH_PT = 432.0
_PAPER = "30 30 600 1200"
"""The ``viewBox`` of the pattern on a front cover, which begins in the middle of a tile."""


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
    return layouts.render("cover", **cover_context(book, book.cover))


def cover_context(book: Book, colours: CoverColours) -> dict[str, object]:
    """Return the values for the layout of a cover."""
    title = book.metadata.display_title or book.metadata.title
    return {
        "metadata": book.metadata,
        "words": book.labels,
        "cover": colours,
        "paper": _PAPER,
        "title_length": title_length(title),
        "title_style": title_style(title),
    }
