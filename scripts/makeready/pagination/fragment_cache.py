"""The cache of fragments on disk, and of the blocks of objects they become in a file."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from pathlib import Path

from makeready.cache import DiskCache
from makeready.pdf.fragment import Fragment, load_fragment
from makeready.pdf.renumber import NumberMap, ObjectBlock

LARGEST_BYTES = 1_000_000_000
"""The size above which the least recently used entries are dropped."""

_MOST_IN_MEMORY = 400
"""How many fragments are kept in memory: those of a long book, in two editions."""


class FragmentCache:
    """A cache of fragments; an entry that cannot be read counts as absent."""

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._cache = DiskCache(folder, ".fragment", largest_bytes)
        self._in_memory: OrderedDict[str, Fragment] = OrderedDict()
        self._most_in_memory = 0

    def keep_in_memory(self) -> None:
        """Keep the fragments that were used last in memory too."""
        self._most_in_memory = _MOST_IN_MEMORY

    def get(self, key: str) -> Fragment | None:
        """Return the fragment of a key, or None."""
        if key in self._in_memory:
            self._in_memory.move_to_end(key)
            return self._in_memory[key]
        content = self._cache.get(key)
        try:
            fragment = None if content is None else load_fragment(content)
        except (ValueError, KeyError, TypeError):
            return None
        if fragment is not None:
            self._remember(key, fragment)
        return fragment

    def put(self, key: str, fragment: Fragment) -> None:
        """Store a fragment."""
        self._cache.put(key, fragment.dump())
        self._remember(key, fragment)

    def _remember(self, key: str, fragment: Fragment) -> None:
        if self._most_in_memory:
            self._in_memory[key] = fragment
            if len(self._in_memory) > self._most_in_memory:
                self._in_memory.popitem(last=False)

    def get_block(self, key: str, number_map: NumberMap) -> ObjectBlock | None:
        """Return the block that the fragment of a key becomes with these numbers, or None."""
        content = self._cache.get(_block_key(key, number_map))
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
        """Store the block that the fragment of a key becomes with these numbers."""
        head = json.dumps([len(block.rows), block.offsets]).encode()
        content = b"".join((len(head).to_bytes(4, "big"), head, block.rows, block.content))
        self._cache.put(_block_key(key, number_map), content)

    def evict(self) -> None:
        """Drop the least recently used entries until the cache is within its size."""
        self._cache.evict()


def _block_key(key: str, number_map: NumberMap) -> str:
    return hashlib.sha256(repr((key, number_map)).encode()).hexdigest()
