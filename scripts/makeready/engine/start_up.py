"""Starting the engine in a process, before there is work for it."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

from makeready.fonts import libraries_by_name

_TYPES = ("char[]", "PangoRectangle *", "PangoLogAttr[]", "unsigned int *")
"""What the engine passes to its libraries: cffi parses each declaration once."""


def start_engine(book: Path | None = None) -> None:
    """Import the engine, and read the hyphenation patterns of a book's language.

    Imports are inside the function: whoever only passes it on to a worker needs no engine.
    """
    with libraries_by_name():
        from weasyprint.text.ffi import ffi  # noqa: PLC0415

    for name in _TYPES:
        ffi.typeof(name)
    if book is not None:
        # Reading the book reports whatever is wrong with it.
        with suppress(Exception):
            _read_hyphenation(book)


def _read_hyphenation(book: Path) -> None:
    import pyphen  # noqa: PLC0415

    declared = tomllib.loads((book / "book.toml").read_text("utf-8"))["language"]
    language = pyphen.language_fallback(declared)
    if language is not None:
        pyphen.Pyphen(lang=language)
