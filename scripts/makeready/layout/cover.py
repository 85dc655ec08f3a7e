"""The cover's document, for the e-book's picture and later the printed wrap."""

from __future__ import annotations

from makeready.book.model import Book
from makeready.layout.documents import title_style
from makeready.layout.environment import Layouts

_LONG, _VERY_LONG = 14, 40


def cover_document(book: Book, layouts: Layouts) -> str:
    """Return the document of the front cover."""
    title = book.metadata.display_title or book.metadata.title
    return layouts.render(
        "cover",
        metadata=book.metadata,
        words=book.words,
        cover=book.cover,
        title_length=_title_length(title),
        title_style=title_style(title),
    )


def _title_length(title: str) -> str:
    """Sort a title by the room it needs: its longest word, or its letters in all."""
    longest = max(len(word) for word in title.split() or [""])
    if longest <= _LONG and len(title) <= 2 * _LONG:
        return "short"
    return "long" if len(title) <= _VERY_LONG and longest <= _LONG + 2 else "very-long"
