"""The large divisions of a book in its structure tree: ``Part`` (ISO 32000-1, 14.8.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SectionPlace = tuple[str, int]
"""The division that a section is in, empty for a cover, and how many parts and books it is in."""


@dataclass
class PartTree:
    """The parts of a book, in their order.

    ``parents`` has for each the index of the part that it is in, None for one in the document;
    ``part_of`` has for each section the index of its part, None for one in the document.
    """

    parents: list[int | None] = field(default_factory=list)
    part_of: list[int | None] = field(default_factory=list)


def part_tree(places: Sequence[SectionPlace]) -> PartTree:
    """Return the parts of a book: its divisions, and in them its books and parts.

    A section that others after it are in begins a part, which is the first thing in it.
    """
    tree = PartTree()
    last_division = ""
    open_parts: list[int] = []
    for index, (division, depth) in enumerate(places):
        if not division:
            tree.part_of.append(None)
            continue
        if division != last_division:
            open_parts = [_add(tree, None)]
            last_division = division
        del open_parts[depth + 1 :]
        following = places[index + 1] if index + 1 < len(places) else ("", 0)
        if following[0] == division and following[1] > depth:
            open_parts.append(_add(tree, open_parts[-1]))
        tree.part_of.append(open_parts[-1])
    return tree


def _add(tree: PartTree, parent: int | None) -> int:
    tree.parents.append(parent)
    return len(tree.parents) - 1
