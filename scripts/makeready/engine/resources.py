"""The folders a document may read from, and the URLs of the files in them.

Documents are at ``http://book.invalid/``, a name that never resolves (RFC 2606). Under it,
``book/`` is the book's folder, ``styles/`` that of the built-in styles and ``fonts/`` that of the
font instances.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
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
    """Return the folders that a book's documents may read from, each with its name in URLs."""
    folders = [(_BOOK, book.root), ("styles", layouts.built_in)]
    if fonts:
        folders.append(("fonts", fonts[0].path.parent))
    return tuple(folders)


def resource_name(url: str) -> str:
    """Return the name of the file that a document's URL stands for, ``book/images/map.png``."""
    return unquote(urlsplit(url).path).lstrip("/")


def find_resource(folders: Mapping[str, Path], name: str) -> Path | None:
    """Return the file of that name (``book/images/map.png``); None if it is in no folder.

    A name or a symbolic link that leads out of its folder is in none.
    """
    folder, _, rest = name.partition("/")
    if folder not in folders:
        return None
    try:
        root = folders[folder].resolve()
        path = (root / rest).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        # A name no file can have, or a cycle of symbolic links.
        return None


def images_shown(folders: Mapping[str, Path], markup: str) -> Iterator[Path]:
    """Yield the image files of the book that a document shows and that exist."""
    for source in _SOURCE.findall(markup):
        path = find_resource(folders, f"{_BOOK}/{unquote(unescape(source))}")
        if path is not None:
            yield path


@dataclass
class FileDigests:
    """SHA-256 digests of files, each file read once."""

    _digests: dict[Path, str] = field(default_factory=dict)

    def digest_of(self, path: Path) -> str:
        """Return the SHA-256 of a file, in hexadecimal."""
        if path not in self._digests:
            self._digests[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._digests[path]

    def digest_of_images(self, folders: Mapping[str, Path], markup: str) -> bytes:
        """Return one digest of all the images that a document shows; empty if it shows none."""
        if " src=" not in markup:
            return b""
        digest = hashlib.sha256()
        for path in images_shown(folders, markup):
            digest.update(self.digest_of(path).encode())
        return digest.digest()
