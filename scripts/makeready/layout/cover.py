"""The cover's document, for the e-book's picture and later the printed wrap."""

from __future__ import annotations

from makeready.book.model import Book
from makeready.layout.documents import title_length, title_style
from makeready.layout.environment import Layouts


def cover_document(book: Book, layouts: Layouts) -> str:
    """Return the document of the front cover."""
    title = book.metadata.display_title or book.metadata.title
    return layouts.render(
        "cover",
        metadata=book.metadata,
        words=book.words,
        cover=book.cover,
        title_length=title_length(title),
        title_style=title_style(title),
    )
