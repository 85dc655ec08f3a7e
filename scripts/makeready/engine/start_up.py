"""Starting the engine in a process before there is work for it."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

from makeready.book.model import BOOK_FILE
from makeready.book.source_files import TOML_BYTES, read_book_file
from makeready.fonts import exact_library_names

_C_TYPES = ("char[]", "PangoRectangle *", "PangoLogAttr[]", "unsigned int *")
"""C types the engine allocates; cffi parses each declaration once a process, when first used."""


def start_engine(book: Path | None = None) -> None:
    """Import the engine, and load the hyphenation patterns of a book's language.

    ``book`` is the book's folder. The imports are inside the function because a process that
    only passes it on to its workers needs no engine.
    """
    with exact_library_names():
        from weasyprint.text.ffi import ffi  # noqa: PLC0415

    for name in _C_TYPES:
        ffi.typeof(name)
    if book is not None:
        # An error in book.toml is reported by the process that reads the book.
        with suppress(Exception):
            _load_hyphenation(book)


def _load_hyphenation(book: Path) -> None:
    import pyphen  # noqa: PLC0415

    language = tomllib.loads(read_book_file(book, BOOK_FILE, TOML_BYTES).decode())["language"]
    dictionary = pyphen.language_fallback(language)
    if dictionary is not None:
        pyphen.Pyphen(lang=dictionary)
