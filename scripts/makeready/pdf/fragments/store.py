"""Where fragments are kept between runs: by what they are made of, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from makeready.artefacts import write_whole
from makeready.pdf.fragments.fragment import Fragment, load

_SUFFIX = ".fragment"
LARGEST_BYTES = 1_000_000_000
"""How large the store may grow before what was used longest ago is dropped."""


class FragmentStore:
    """A folder of fragments that several builds may share.

    A file is written beside its place and renamed; one that does not prove whole counts as
    absent, and is written again.
    """

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._folder = folder
        self._largest_bytes = largest_bytes

    def get(self, key: str) -> Fragment | None:
        """Return the fragment kept under ``key``, or None."""
        path = self._path(key)
        try:
            fragment = load(path.read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if fragment is not None:
            os.utime(path)
        return fragment

    def put(self, key: str, fragment: Fragment) -> None:
        """Keep a fragment under ``key``."""
        write_whole(self._path(key), fragment.dump())

    def trim(self) -> None:
        """Drop what was used longest ago until the store is no larger than it may be."""
        files = sorted(self._files(), reverse=True)
        total = 0
        for _, size, path in files:
            total += size
            if total > self._largest_bytes:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob(f"*/*{_SUFFIX}"):
            try:
                state = path.stat()
            except FileNotFoundError:
                continue
            yield state.st_mtime, state.st_size, path

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{_SUFFIX}"
