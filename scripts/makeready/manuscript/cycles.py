"""References that lead from one to the next and back to where they began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

Name = TypeVar("Name")


def find_cycles(ways: Mapping[Name, Sequence[Name]]) -> Iterator[list[Name]]:
    """Find names that lead in a circle, each to the next and the last to the first.

    ``ways`` are where each name leads; a name that is none of its own leads nowhere. Of circles
    that share a part not all may be found, but one that is left is found when another is mended.
    """
    left = {name: list(targets)[::-1] for name, targets in ways.items()}
    while left:
        trail = {next(iter(left)): None}
        while trail:
            last = next(reversed(trail))
            if not left[last]:
                del left[last], trail[last]
                continue
            target = left[last].pop()
            if target in trail:
                names = list(trail)
                yield names[names.index(target) :]
            elif target in left:
                trail[target] = None
