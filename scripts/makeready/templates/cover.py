"""The cover's document, for the e-book's picture and the front of the printed wrap."""

from __future__ import annotations

from makeready.book.model import Book, CoverColours
from makeready.templates.documents import title_length, title_style
from makeready.templates.environment import Layouts

COVER_WIDTH_PX, COVER_HEIGHT_PX = 1600, 2560
"""The picture that every store takes: specifications section 5.4."""

_PICTURE_WIDTH_PT = 432.0
_PAPER = "30 30 600 1200"
"""The part of the pattern that a front shows, or the head of it; it begins in mid tile."""


def cover_rule(width_pt: float, height_pt: float) -> str:
    """Return the page rule of a front cover; its design is drawn 36 rem wide."""
    return (
        f"@page{{size:{width_pt:g}pt {height_pt:g}pt;margin:0}}"
        f"html{{font-size:{width_pt / 36:g}pt}}:root{{--height:{height_pt:g}pt}}"
    )


def picture_rule() -> str:
    """Return the page rule of the e-book's picture."""
    return cover_rule(_PICTURE_WIDTH_PT, _PICTURE_WIDTH_PT * COVER_HEIGHT_PX / COVER_WIDTH_PX)


def cover_document(book: Book, layouts: Layouts) -> str:
    """Return the document of the front cover."""
    return layouts.render("cover", **cover_context(book, book.cover))


def cover_context(book: Book, colours: CoverColours) -> dict[str, object]:
    """Return what the layout of a cover is filled with."""
    title = book.metadata.display_title or book.metadata.title
    return {
        "metadata": book.metadata,
        "words": book.labels,
        "cover": colours,
        "paper": _PAPER,
        "title_length": title_length(title),
        "title_style": title_style(title),
    }
