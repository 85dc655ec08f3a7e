"""How a place in a section's text is told, so that its pages and its e-book mean the same one.

A block is told by its line in the source and its turn among the blocks of that line, since the
cells of a table's row, say, share one. Within it text is counted in letters: characters that are
no space and are seen, for spaces at the end of a line and soft hyphens come and go.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


class BlockPosition(NamedTuple):
    """A block: the line of the source it begins on, and its turn among those of it, from 0."""

    line: int
    occurrence: int


class BlockCounter:
    """Counts the blocks of a section, in the order of its text."""

    def __init__(self) -> None:
        self._met: Counter[int] = Counter()

    def block_of(self, line: str | None) -> BlockPosition | None:
        """Count an element by the line that it bears; None where it bears none, and is no block."""
        if not line or not line.isdigit():
            return None
        number = int(line)
        self._met[number] += 1
        return BlockPosition(number, self._met[number] - 1)


def is_counted(character: str) -> bool:
    """Tell whether a character is a letter that is counted."""
    return not character.isspace() and character not in _UNSEEN


def letters_of(text: str) -> str:
    """Return the letters of a text that are counted."""
    return "".join(filter(is_counted, text))
