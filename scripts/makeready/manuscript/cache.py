"""What this room keeps between runs, found again by what it was made of."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from makeready.cache import DiskCache, code_version

LARGEST_BYTES = 200_000_000
"""How large the shelf may grow before what was used longest ago is dropped."""


@cache
def _seed() -> bytes:
    """Digest the code that reads and all it reads with."""
    libraries = [version(name) for name in ("markdown", "pymdown-extensions", "pillow")]
    about = ascii((libraries, etree.LXML_VERSION, etree.LIBXML_VERSION, sys.version))
    code = code_version("makeready.manuscript.reader")
    return hashlib.sha256((code + about).encode()).digest()


class SectionCache:
    """Blocks of bytes, each under all that it was made of; builds may share the folder."""

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._store = DiskCache(folder, ".reading", largest_bytes)
        self._added = False

    @staticmethod
    def key(content: bytes, *about: str | bool) -> str:
        """Return the key of what is made of ``content`` and of what is said ``about`` it."""
        digest = hashlib.sha256(_seed())
        digest.update(ascii((about, len(content))).encode())
        digest.update(content)
        return digest.hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, or None."""
        return self._store.get(key)

    def put(self, key: str, block: bytes) -> None:
        """Keep ``block`` under ``key``, where there is a place to write it."""
        # What cannot be kept is read all the same, and read again the next time.
        with suppress(OSError):
            self._store.put(key, block)
            self._added = True

    def trim(self) -> None:
        """Drop what was used longest ago, if there is more than there was."""
        if self._added:
            self._store.evict()
        self._added = False
