"""The blocks of text in the document of a section, and places in their letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from makeready.book.model import Element
from makeready.book.queries import QueryPlace
from makeready.book.text_position import (
    GENERATED,
    IMAGE,
    BlockCounter,
    BlockPosition,
    counted_letters,
)

_IMAGES = ("img", "embed", "math")
_CONTEXTS = (40, 16, 8)


class Spot(NamedTuple):
    """The letters from ``start`` to before ``end`` of a block; of a note if ``is_note``.

    ``block`` is None for the start of the section.
    """

    is_note: bool
    block: BlockPosition | None
    start: int = 0
    end: int = 0


SECTION_START = Spot(is_note=False, block=None)


@dataclass
class TextBlocks:
    """The letters of the blocks of a section, in their order, and those of its footnotes."""

    main: dict[BlockPosition, str] = field(default_factory=dict)
    notes: dict[BlockPosition, str] = field(default_factory=dict)

    def has_line(self, line: int) -> bool:
        """Return whether a block begins on a line of the source."""
        return any(block.line == line for block in (*self.main, *self.notes))

    def spot_of(self, line: int, place: QueryPlace | None) -> Spot:
        """Return where a mark in a source line is, as near as its place can be found."""
        found = [
            (reach, Spot(is_note, block, *bounds))
            for is_note, blocks in ((False, self.main), (True, self.notes))
            for block, letters in blocks.items()
            if place is not None and block.line == place.line
            for reach, bounds in [bounds_of(place, letters)]
        ]
        if found:
            return max(found, key=lambda one: one[0])[1]
        following = [block for block in self.main if block.line >= line]
        if following:
            is_first = following[0] == next(iter(self.main))
            return SECTION_START if is_first else Spot(False, following[0])
        if not self.main:
            return SECTION_START
        block, letters = list(self.main.items())[-1]
        return Spot(False, block, len(letters), len(letters))


def bounds_of(place: QueryPlace, text: str) -> tuple[int, tuple[int, int]]:
    """Return where a place is in the letters of a block, and how much of its context agrees."""
    indexes = [index for index, letter in enumerate(text) if letter.isalnum()]
    plain = "".join(text[index] for index in indexes)
    start, reach = min(place.start, len(plain)), 0
    for length in _CONTEXTS:
        before, after = place.before[-length:], place.after[:length]
        expected = place.start - len(before)
        starts = list(_occurrences(before + after, plain)) if before + after else []
        if starts:
            nearest = min(starts, key=lambda one: abs(one - expected))
            start, reach = nearest + len(before), length
            break
    end = min(start + place.end - place.start, len(plain))
    if start == end:
        at = indexes[start - 1] + 1 if start else 0
        return reach, (at, at)
    return reach, (indexes[start], indexes[end - 1] + 1)


def _occurrences(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def blocks_of_document(markup: str) -> TextBlocks:
    """Return the blocks of the document of a section, as it is typeset."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(markup.encode(), parser)
    blocks = TextBlocks()
    _gather(root, None, blocks.main, BlockCounter(), skip_notes=True)
    counter = BlockCounter()
    for aside in root.iter("{*}aside"):
        if aside.get("class") == "footnote":
            _gather(aside, None, blocks.notes, counter, skip_notes=False)
    return blocks


def blocks_of_trees(tree: Element, notes: Iterable[tuple[int, Element]]) -> TextBlocks:
    """Return the blocks of a section's tree, and of those of its notes with their lines."""
    blocks = TextBlocks()
    _gather(tree, None, blocks.main, BlockCounter(), skip_notes=True)
    counter = BlockCounter()
    for line, note in notes:
        # The element around a note in a document has the line of the note.
        counter.count(str(line))
        _gather(note, None, blocks.notes, counter, skip_notes=False)
    return blocks


def _gather(
    element: Element,
    block: BlockPosition | None,
    blocks: dict[BlockPosition, str],
    counter: BlockCounter,
    *,
    skip_notes: bool,
) -> None:
    """Add the text at and below an element that is in ``block``, as the engine counts it."""
    if not isinstance(element.tag, str) or GENERATED in element.attrib:
        return
    name = etree.QName(element).localname
    if skip_notes and name == "aside" and element.get("class") == "footnote":
        return
    position = counter.count(element.get("data-line"))
    if position is not None:
        block = position
        blocks[block] = ""
    if block is not None:
        blocks[block] += IMAGE if name in _IMAGES else counted_letters(element.text or "")
    for child in element:
        _gather(child, block, blocks, counter, skip_notes=skip_notes)
        if block is not None:
            blocks[block] += counted_letters(child.tail or "")
