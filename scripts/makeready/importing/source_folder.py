"""The folder that a book is imported from: nothing outside it is read, no link is followed out."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.importing.imported_book import ImportRefusedError
from makeready.importing.knitr_chunks import SUFFIXES as CHUNKS
from makeready.importing.knitr_chunks import with_chunks_in_place
from makeready.importing.knitr_output import as_on_a_website

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".txt")
"""What the names of texts that a book can list end in, in lower case."""
TEXT_BYTES = 20_000_000
"""The largest size of a text that is read."""
CONFIG_BYTES = 1_000_000
FILE_BYTES = 200_000_000
_MOST_FILES = 100_000
_DEEPEST = 40
_SKIPPED = frozenset(
    {
        *("node_modules", "_book", "_site", "_build", "site", "target", "__pycache__"),
        *("_freeze", "_bookdown_files", "renv"),
    }
)
_DIGITS = re.compile(r"(\d+)")


class SourceFolder:
    """A folder, its files by their names relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._names = frozenset(_walk(root))

    @property
    def names(self) -> frozenset[str]:
        """The names of all files that are not hidden and not made by a tool."""
        return self._names

    def has(self, name: str) -> bool:
        """Return whether there is a file of this name, one with a symbolic link inside included."""
        if name in self._names:
            return True
        if not name or name.startswith(("/", "../")) or name == "..":
            return False
        try:
            path = (self.root / name).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return False
        return path.is_file() and path.is_relative_to(self.root.resolve())

    def read(self, name: str, most_bytes: int = FILE_BYTES) -> bytes:
        """Return the content of a file; FileRefusedError if it cannot be read."""
        return read_book_file(self.root, name, most_bytes)

    def text(self, name: str, most_bytes: int = TEXT_BYTES) -> str:
        """Return the text of a file; ImportRefusedError if it cannot be read as UTF-8."""
        try:
            raw = self.read(name, most_bytes)
        except FileRefusedError as error:
            raise ImportRefusedError(
                f"{self.path(name)} cannot be read: {error.problem}.", "Look at the file."
            ) from error
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise ImportRefusedError(
                f"{self.path(name)}:{line}: this is not UTF-8 text.", "Save the file as UTF-8."
            ) from error
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if name.lower().endswith(CHUNKS):
            text = as_on_a_website(with_chunks_in_place(text))
        return text

    def path(self, name: str) -> str:
        """Return the path of a file as a user names it."""
        return (self.root / name).as_posix()

    def markdown(
        self, under: str = "", suffixes: tuple[str, ...] = (".md", ".markdown")
    ) -> list[str]:
        """Return the names of Markdown files below a folder, in their natural order."""
        prefix = f"{under}/" if under else ""
        found = (n for n in self._names if n.startswith(prefix) and n.lower().endswith(suffixes))
        return sorted(found, key=natural_key)

    def find(self, reference: str, *folders: str) -> str:
        """Return the name of the file that a reference in a text means; empty if there is none.

        ``folders`` are those that it can be relative to, the first that has it wins.
        """
        plain = reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
        for name in dict.fromkeys((plain, unquote(plain))):
            for folder in folders:
                joined = posixpath.normpath(posixpath.join(folder, name.lstrip("/")))
                if self.has(joined):
                    return joined
        return ""


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return the key by which names are in the order that people count in: 2 before 10."""
    return [
        (0, int(piece[:18]), piece) if piece.isdecimal() else (1, 0, piece.casefold())
        for piece in _DIGITS.split(name)
        if piece
    ]


def _walk(root: Path) -> Iterator[str]:
    count = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        is_too_deep = len(Path(folder).relative_to(root).parts) >= _DEEPEST
        kept = [] if is_too_deep else [n for n in folders if n[0] != "." and n not in _SKIPPED]
        folders[:] = sorted(kept)
        for name in files:
            path = Path(folder, name)
            if name[0] == "." or path.is_symlink() or not path.is_file():
                continue
            count += 1
            if count > _MOST_FILES:
                raise ImportRefusedError(
                    f"{root.as_posix()} has more than {_MOST_FILES:,} files.",
                    "Name the folder of one book.",
                )
            yield path.relative_to(root).as_posix()
