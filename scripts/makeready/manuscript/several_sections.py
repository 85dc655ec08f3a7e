"""Files of several sections, divided at their titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import chain

from lxml import etree

from makeready.book.model import Element, Note
from makeready.book.queries import Query
from makeready.manuscript.notes import note_order
from makeready.manuscript.sanitise import source_line

DividedSection = tuple[Element, list[Note], list[Query]]


def divide_at_titles(
    tree: Element, notes: Sequence[Note], queries: Sequence[Query]
) -> Iterator[DividedSection]:
    """Yield the sections of a file: the blocks from each title on, its notes and its queries.

    What is before the first title belongs to the section that it begins. A note that is called in
    several sections is in each of them.
    """
    by_number = {note.number: note for note in notes}
    used: set[int] = set()
    sections = list(_blocks_by_title(tree))
    starts = [source_line(blocks[0]) if blocks else 0 for blocks in sections]
    for index, blocks in enumerate(sections):
        part = etree.Element("div")
        part.extend(blocks)
        first = starts[index] if index else 0
        own_queries = [
            query
            for query in queries
            if first <= query.line and (index + 1 == len(starts) or query.line < starts[index + 1])
        ]
        yield part, _own_notes(part, by_number, used), own_queries


def _blocks_by_title(tree: Element) -> Iterator[list[Element]]:
    blocks: list[Element] = []
    has_title = False
    for block in list(tree):
        if block.tag == "h1":
            if has_title:
                yield blocks
                blocks = []
            has_title = True
        blocks.append(block)
    if blocks or not has_title:
        yield blocks


def _own_notes(part: Element, by_number: dict[int, Note], used: set[int]) -> list[Note]:
    """Return the notes of a section, whose calls are numbered by themselves."""
    called = _calls(part)
    inner = {number: [old for _, old in _calls(note.tree)] for number, note in by_number.items()}
    order = note_order([old for _, old in called], inner)
    numbers = {old: number for number, old in enumerate(order, start=1)}
    notes = [
        Note(number, _tree_of(by_number[old], used), by_number[old].line)
        for old, number in numbers.items()
    ]
    counts: Counter[int] = Counter()
    for call, old in chain(called, *(_calls(note.tree) for note in notes)):
        counts[old] += 1
        call.set("data-note", str(numbers[old]))
        call.attrib.pop("data-call", "")
        if counts[old] > 1:
            call.set("data-call", str(counts[old]))
    return notes


def _calls(tree: Element) -> list[tuple[Element, int]]:
    """Return the calls in a tree with the numbers of their notes."""
    return [(a, int(number)) for a in tree.iter("a") if (number := a.get("data-note")) is not None]


def _tree_of(note: Note, used: set[int]) -> Element:
    """Return a copy of a note's tree, without ids if another section has it already."""
    copy = deepcopy(note.tree)
    if note.number in used:
        for element in copy.iter():
            element.attrib.pop("id", "")
    used.add(note.number)
    return copy
