"""Where fragments are kept between runs."""

from __future__ import annotations

from pathlib import Path

from makeready.pdf.fragments.fragment import Fragment, load
from makeready.store import Store

LARGEST_BYTES = 1_000_000_000
"""How large the store may grow before what was used longest ago is dropped."""


class FragmentStore:
    """A store of fragments; one of another form than this code's counts as absent."""

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._store = Store(folder, ".fragment", largest_bytes)

    def get(self, key: str) -> Fragment | None:
        """Return the fragment kept under ``key``, or None."""
        content = self._store.get(key)
        try:
            return None if content is None else load(content)
        except (ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, fragment: Fragment) -> None:
        """Keep a fragment under ``key``."""
        self._store.put(key, fragment.dump())

    def trim(self) -> None:
        """Drop what was used longest ago until the store is no larger than it may be."""
        self._store.trim()
