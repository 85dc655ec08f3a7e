"""What of a book runs off its pages, so that they are made larger than the trim."""

from __future__ import annotations

from makeready.book.model import Book, Edition

BLEED = "bleed"
"""The class of a figure that runs off its page, and the name of such a page in the styles."""


def book_has_bleed(book: Book, edition: Edition) -> bool:
    """Tell whether the pages of a print edition have bleed: it asks for it, or a figure does."""
    return edition.bleed or any(
        BLEED in (figure.get("class") or "").split()
        for section in book.sections
        for figure in section.tree.iter("figure")
    )
