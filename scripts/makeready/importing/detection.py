"""The tool that a folder or file is written for, and the book read by it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from makeready.book.model import BOOK_FILE
from makeready.external.pandoc import convert_document
from makeready.importing.bookdown import read_bookdown
from makeready.importing.foreign_folder import LEANPUB, MKDOCS, MYST, QUARTO, TOC, is_mdbook
from makeready.importing.gitbook import read_gitbook
from makeready.importing.imported_book import ImportedBook, ImportRefusedError
from makeready.importing.jupyter_book import (
    has_tree,
    read_jupyter_book,
    read_myst,
    read_sphinx,
)
from makeready.importing.leanpub import read_leanpub
from makeready.importing.mdbook import read_mdbook
from makeready.importing.mkdocs import read_mkdocs
from makeready.importing.plain_folder import read_plain_folder, read_single_file
from makeready.importing.quarto import read_quarto
from makeready.importing.repository_files import add_missing_metadata
from makeready.importing.source_folder import MARKDOWN, SourceFolder

Reader = Callable[[SourceFolder], ImportedBook]

WORD = (".docx", ".odt", ".rtf")
_CONFIGS = frozenset(
    {
        *(BOOK_FILE, "SUMMARY.md", "book.json", "_bookdown.yml", TOC, *QUARTO, *MKDOCS, *MYST),
        *("Book.txt", "book.txt", "metadata.yaml", "metadata.yml", "defaults.yaml"),
    }
)
_MOST_DEPTH = 2


@contextmanager
def opened_foreign_book(path: Path) -> Iterator[tuple[SourceFolder, ImportedBook]]:
    """Yield the book in a folder or file, whatever tool it is for, and the folder it is in.

    ImportRefusedError if there is none. A document of a word processor becomes Markdown in a
    folder that is there as long as this is open.
    """
    if path.is_file() and path.suffix.lower() in WORD:
        with TemporaryDirectory(prefix="makeready-") as folder:
            name = convert_document(path, Path(folder))
            source = SourceFolder(Path(folder))
            yield source, read_single_file(source, name)
    else:
        yield read_foreign_book(path)


def read_foreign_book(path: Path) -> tuple[SourceFolder, ImportedBook]:
    """Return the book in a folder or in a Markdown file, and the folder that it is in."""
    if path.is_file() and path.name in _CONFIGS:
        path = path.parent
    if path.is_dir():
        return _read_folder(path)
    if not path.exists():
        raise ImportRefusedError(f"{path.as_posix()} does not exist.", "Check the path.")
    if path.suffix.lower() not in MARKDOWN:
        raise ImportRefusedError(
            f"{path.as_posix()} is neither a folder nor a Markdown or Word file.",
            "Name the folder of a book, a Markdown file or a .docx file.",
        )
    source = SourceFolder(path.parent)
    return source, read_single_file(source, path.name)


def _read_folder(folder: Path) -> tuple[SourceFolder, ImportedBook]:
    source = SourceFolder(folder)
    if source.has(BOOK_FILE) and not is_mdbook(folder):
        raise ImportRefusedError(
            f"{source.path(BOOK_FILE)} is that of a makeready book already.",
            f"Run: makeready build --book {folder.as_posix()}",
        )
    outer, reader = source, _reader_for(source)
    if reader is None and (inner := _inner_folder(source)):
        source = SourceFolder(folder / inner)
        reader = _reader_for(source)
    book = (reader or read_plain_folder)(source)
    for each in (source, outer):
        add_missing_metadata(book, each)
    return source, book


def _reader_for(source: SourceFolder) -> Reader | None:
    """Return the reader for the configuration file at the top of a folder; None if it has none."""
    quarto = next((name for name in QUARTO if source.has(name)), "")
    if source.has(BOOK_FILE) and is_mdbook(source.root):
        return read_mdbook
    if quarto:
        return lambda folder: read_quarto(folder, quarto)
    for names, reader in (
        (("_bookdown.yml",), read_bookdown),
        (MKDOCS, read_mkdocs),
        (LEANPUB, read_leanpub),
        (MYST, read_myst),
        ((TOC,), read_jupyter_book),
        (("src/SUMMARY.md",), read_mdbook),
        (("SUMMARY.md", "book.json", ".gitbook.yaml"), read_gitbook),
        (("index.Rmd",), read_bookdown),
    ):
        if any(source.has(name) for name in names):
            return reader
    if source.has("index.md") and has_tree(source.text("index.md")):
        return lambda folder: read_sphinx(folder, "index.md")
    return None


def _inner_folder(source: SourceFolder) -> str:
    """Return the only folder inside that has a configuration file; empty if there are several."""
    configs = {BOOK_FILE, "_bookdown.yml", "SUMMARY.md", TOC, *QUARTO, *MKDOCS, *MYST}
    found = {
        posixpath.dirname(name)
        for name in source.names
        if posixpath.basename(name) in configs and name.count("/") <= _MOST_DEPTH
    }
    # An mdBook's table of contents is below its configuration.
    outer = {name for name in found if not any(name.startswith(f"{o}/") for o in found if o)}
    return next(iter(outer)) if len(outer) == 1 else ""
