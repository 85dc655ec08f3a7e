"""The files by which a folder is known to hold a book for another tool."""

from __future__ import annotations

import tomllib
from pathlib import Path

from makeready.book.model import BOOK_FILE

QUARTO = ("_quarto.yml", "_quarto.yaml")
MKDOCS = ("mkdocs.yml", "mkdocs.yaml")
MYST = ("myst.yml", "myst.yaml")
TOC = "_toc.yml"
LEANPUB = ("manuscript/Book.txt", "Book.txt", "manuscript/book.txt", "book.txt")


def is_foreign_book(folder: Path) -> bool:
    """Return whether a folder holds the book of another tool, by its configuration file alone."""
    if (folder / BOOK_FILE).is_file():
        return is_mdbook(folder)
    configs = (TOC, *QUARTO, *MKDOCS, *MYST, *LEANPUB)
    lists = ("SUMMARY.md", "src/SUMMARY.md", "_bookdown.yml")
    return any((folder / name).is_file() for name in (*configs, *lists))


def is_mdbook(folder: Path) -> bool:
    """Return whether a ``book.toml`` is one of mdBook."""
    try:
        with (folder / BOOK_FILE).open("rb") as file:
            values = tomllib.loads(file.read(1_000_000).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values.get("book"), dict) and "bodymatter" not in values
