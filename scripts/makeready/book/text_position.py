"""Positions in a section's text, which are the same in its pages and in its e-book.

A block is identified by its line in the source and its number among the blocks of that line,
since several can share one, such as the cells of a table row. A position within it is a number of
letters: visible characters other than spaces, because spaces at the end of a line and soft
hyphens differ between media. An image counts as one letter.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

IMAGE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""The letter that stands for an image."""

GENERATED = "data-generated"
"""The attribute of elements whose text is not the manuscript's, and so in no block of it."""

IMAGES = frozenset({"img", "math"})
"""The elements of a normalised tree that are images on pages."""

_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_NOT_COUNTED = re.compile(f"[\\s{''.join(sorted(_UNSEEN))}]+")
_COUNTED = re.compile(f"[^\\s{''.join(sorted(_UNSEEN))}]+")


class BlockPosition(NamedTuple):
    """A block: the source line it begins on, and its number among the blocks of it, from 0."""

    line: int
    occurrence: int


class BlockCounter:
    """A counter of the blocks of a section, which are passed to it in document order."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def count(self, line: str | None) -> BlockPosition | None:
        """Return the position of the next element from its line; None if it has no line."""
        if not line or not line.isdigit():
            return None
        number = int(line)
        self._counts[number] += 1
        return BlockPosition(number, self._counts[number] - 1)


def counted_letters(text: str) -> str:
    """Return the characters of a text that count as letters."""
    return _NOT_COUNTED.sub("", text)


def index_of_letter(text: str, letters: int) -> int:
    """Return the index of the character after so many letters; the length if there are no more."""
    for run in _COUNTED.finditer(text):
        if letters < run.end() - run.start():
            return run.start() + letters
        letters -= run.end() - run.start()
    return len(text)
