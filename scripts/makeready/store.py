"""Where what was made is kept between runs: by what it was made of, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from os import utime
from pathlib import Path

from makeready.artefacts import write_whole

_DIGEST_BYTES = 32
_PACKAGE = Path(__file__).parent


class Store:
    """A folder of blocks of bytes that several builds may share.

    A block is written beside its place and renamed, and begins with a digest of its key and
    its content; one that does not agree with it counts as absent, and is written again.
    """

    def __init__(self, folder: Path, suffix: str, largest_bytes: int) -> None:
        self._folder = folder
        self._suffix = suffix
        self._largest_bytes = largest_bytes

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, a digest in hexadecimal; None when there is none."""
        path = self._path(key)
        try:
            block = path.read_bytes()
        except OSError:
            return None
        content = block[_DIGEST_BYTES:]
        if block[:_DIGEST_BYTES] != _digest(key, content):
            return None
        with suppress(OSError):
            utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content`` under ``key``."""
        write_whole(self._path(key), _digest(key, content) + content)

    def trim(self) -> None:
        """Drop what was used longest ago until the store is no larger than it may be."""
        total = 0
        for _, size, path in sorted(self._files(), reverse=True):
            total += size
            if total > self._largest_bytes:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        # What a run that was killed left unfinished is among them.
        for path in self._folder.glob("*/*"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            yield state.st_mtime, state.st_size, path

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{self._suffix}"


@cache
def digest_of_code(*places: str) -> bytes:
    """Digest code, and the data beside it: what other code made is not ours.

    ``places`` are modules and rooms by their paths within the package.
    """
    digest = hashlib.sha256()
    for name in places:
        place = _PACKAGE / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                content = path.read_bytes()
                about = ascii((path.relative_to(_PACKAGE).as_posix(), len(content)))
                digest.update(about.encode() + content)
    return digest.digest()


def _digest(key: str, content: bytes) -> bytes:
    digest = hashlib.sha256(key.encode() + b"\0")
    digest.update(content)
    return digest.digest()
