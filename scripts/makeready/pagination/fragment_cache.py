"""Where fragments, and the blocks they become in a file, are kept between runs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from makeready.cache import DiskCache
from makeready.pdf.fragment import Fragment, load_fragment
from makeready.pdf.renumber import NumberMap, ObjectBlock

LARGEST_BYTES = 1_000_000_000
"""How large the store may grow before what was used longest ago is dropped."""


class FragmentStore:
    """A store of fragments; one of another form than this code's counts as absent."""

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._store = DiskCache(folder, ".fragment", largest_bytes)

    def get(self, key: str) -> Fragment | None:
        """Return the fragment kept under ``key``, or None."""
        content = self._store.get(key)
        try:
            return None if content is None else load_fragment(content)
        except (ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, fragment: Fragment) -> None:
        """Keep a fragment under ``key``."""
        self._store.put(key, fragment.dump())

    def get_block(self, key: str, number_map: NumberMap) -> ObjectBlock | None:
        """Return what the fragment of that key becomes where it is placed, or None."""
        content = self._store.get(_block_key(key, number_map))
        if content is None:
            return None
        try:
            size = int.from_bytes(content[:4], "big")
            rows_end, offsets = json.loads(content[4 : 4 + size])
            rest = content[4 + size :]
        except (ValueError, TypeError):
            return None
        return ObjectBlock(
            number_map.first_number, rest[rows_end:], rest[:rows_end], tuple(offsets)
        )

    def put_block(self, key: str, number_map: NumberMap, block: ObjectBlock) -> None:
        """Keep what the fragment of that key becomes where it is placed."""
        head = json.dumps([len(block.rows), block.offsets]).encode()
        content = b"".join((len(head).to_bytes(4, "big"), head, block.rows, block.content))
        self._store.put(_block_key(key, number_map), content)

    def trim(self) -> None:
        """Drop what was used longest ago until the store is no larger than it may be."""
        self._store.evict()


def _block_key(key: str, number_map: NumberMap) -> str:
    return hashlib.sha256(repr((key, number_map)).encode()).hexdigest()
