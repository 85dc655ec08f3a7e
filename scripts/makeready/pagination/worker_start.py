"""Starting a worker: what a process imports before it typesets its first section."""

from __future__ import annotations

from pathlib import Path

from makeready.engine.start_up import start_engine
from makeready.fonts import exact_library_names


def start_worker(book: Path | None = None) -> None:
    """Import all that a worker uses, and load the hyphenation patterns of a book's language.

    ``book`` is the book's folder, if it is known.
    """
    with exact_library_names():
        from makeready.pagination import worker  # noqa: F401, PLC0415 - the engine's import is slow

    start_engine(book)
