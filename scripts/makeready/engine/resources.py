"""The folders a document may read from, each under a name: the book's, the styles', the fonts'.

Documents live at ``http://book.invalid/``, a name that can resolve nowhere. Under it, ``book/``
is the book's folder, ``styles/`` the house's and ``faces/`` the instanced fonts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from makeready.book.model import Book
from makeready.fonts import Font

ResourceFolders = tuple[tuple[str, Path], ...]

if TYPE_CHECKING:
    from makeready.templates.environment import Layouts

BASE_URL = "http://book.invalid/"

_BOOK = "book"
_SOURCE = re.compile(r' src="([^"]+)"')


def resource_folders(book: Book, layouts: Layouts, fonts: Sequence[Font]) -> ResourceFolders:
    """Return the folders that a book's documents may read from."""
    folders = [(_BOOK, book.root), ("styles", layouts.house)]
    if fonts:
        folders.append(("faces", fonts[0].path.parent))
    return tuple(folders)


def name_in(url: str) -> str:
    """Return the name of the file that a document's address asks for."""
    return unquote(urlsplit(url).path).lstrip("/")


def find(folders: Mapping[str, Path], name: str) -> Path | None:
    """Return the file that ``name`` (``book/images/map.png``) stands for, None if there is none."""
    folder, _, rest = name.partition("/")
    if folder not in folders:
        return None
    try:
        root = folders[folder].resolve()
        path = (root / rest).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        # A name no file can have, or links that lead in a circle.
        return None


def images_in(folders: Mapping[str, Path], markup: str) -> Iterator[Path]:
    """Yield the images of the book that a document shows, those that are there."""
    for source in _SOURCE.findall(markup):
        path = find(folders, f"{_BOOK}/{source}")
        if path is not None:
            yield path


@dataclass
class FileDigests:
    """Digests of files, each read once."""

    _known: dict[Path, str] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file."""
        if path not in self._known:
            self._known[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._known[path]

    def of_images(self, folders: Mapping[str, Path], markup: str) -> bytes:
        """Digest the images that a document shows."""
        if " src=" not in markup:
            return b""
        digest = hashlib.sha256()
        for path in images_in(folders, markup):
            digest.update(self.of(path).encode())
        return digest.digest()
