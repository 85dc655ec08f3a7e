"""Rivers: word spaces of three lines or more that flow together, one above the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from makeready.typography.lines import Line

_LEAST_LINES = 3
_COMMON = 0.5
"""Two spaces flow together if they share so much of the narrower one."""


def rivers_in(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """Yield the last line of each river and the number of its lines; each is counted once."""
    above: list[tuple[tuple[float, float], int]] = []
    for index, line in enumerate((*lines, None)):
        gaps = line.gaps if line is not None else []
        here, flowed = _joined(above, gaps)
        for position, (_, depth) in enumerate(above):
            if depth >= _LEAST_LINES and position not in flowed:
                yield lines[index - 1], depth
        above = here


def _joined(
    above: Sequence[tuple[tuple[float, float], int]], gaps: Sequence[tuple[float, float]]
) -> tuple[list[tuple[tuple[float, float], int]], set[int]]:
    """Return the spaces of a line with the depth of their rivers, and which of those above go on.

    Both lists are in order from left to right.
    """
    here: list[tuple[tuple[float, float], int]] = []
    flowed: set[int] = set()
    start = 0
    for gap in gaps:
        while start < len(above) and above[start][0][1] <= gap[0]:
            start += 1
        depth, position = 1, start
        while position < len(above) and above[position][0][0] < gap[1]:
            over, so_far = above[position]
            common = min(gap[1], over[1]) - max(gap[0], over[0])
            if common >= _COMMON * min(gap[1] - gap[0], over[1] - over[0]):
                depth = max(depth, so_far + 1)
                flowed.add(position)
            position += 1
        here.append((gap, depth))
    return here, flowed
