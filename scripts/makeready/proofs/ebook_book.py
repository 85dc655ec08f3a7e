"""The book of a proof as an e-book: its sections with queries, suggestions and changes in them."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from makeready.book.model import Book, Element, Note, Section
from makeready.book.queries import Query, QueryKind
from makeready.book.text_position import BlockCounter, BlockPosition
from makeready.findings import SourceLocation
from makeready.proofs.changes import Change
from makeready.proofs.text_blocks import Spot, TextBlocks, blocks_of_trees
from makeready.proofs.tree_marks import (
    add_class,
    add_note_after,
    insert_call,
    mark_range,
    new_element,
)

CHANGED, DELETED = "proof-changed", "proof-deleted"
_LABELS = {
    QueryKind.QUERY: "",
    QueryKind.INSERTION: "insert ",
    QueryKind.DELETION: "delete ",
    QueryKind.REPLACEMENT: "replace ",
    QueryKind.HIGHLIGHT: "marked ",
}


@dataclass(frozen=True, slots=True)
class EbookQuery:
    """A query of a proof: its number, its section's name and title, and its file and line."""

    number: int
    query: Query
    section: str
    title: str
    location: SourceLocation

    @property
    def note_id(self) -> str:
        """The id of its note."""
        return f"proof-query-{self.number}"

    @property
    def call_id(self) -> str:
        """The id of the number in the text."""
        return f"proof-call-{self.number}"


def marked_book(book: Book, changes: Sequence[Change]) -> tuple[Book, list[EbookQuery]]:
    """Return a book with its queries and changes in its sections, and the list of the queries."""
    by_section: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_section[change.section].append(change)
    listed: list[EbookQuery] = []
    sections = []
    for section in book.sections:
        if section.queries or section.name in by_section:
            marked = _MarkedSection(section)
            marked.add_changes(by_section[section.name])
            listed += marked.add_queries(len(listed) + 1)
            sections.append(marked.section)
        else:
            sections.append(section)
    return replace(book, sections=tuple(sections)), listed


class _MarkedSection:
    """A section whose trees are being marked."""

    def __init__(self, section: Section) -> None:
        notes = tuple(replace(note, tree=copy.deepcopy(note.tree)) for note in section.notes)
        self.section = replace(section, tree=copy.deepcopy(section.tree), notes=notes)
        self._main = _elements([self.section.tree])
        self._notes = _note_elements(notes)
        self._blocks = _text_blocks(self.section)

    def add_changes(self, changes: Sequence[Change]) -> None:
        """Give blocks with new words one class, and those that lost words another."""
        for change in changes:
            element = self._element(change.spot_in(self._blocks))
            if element is None:
                element = next(self.section.tree.iterchildren("*"), None)
            if element is None:
                continue
            if not change.is_deletion:
                add_class(element, CHANGED)
            elif CHANGED not in (element.get("class") or ""):
                add_class(element, DELETED)

    def add_queries(self, first: int) -> list[EbookQuery]:
        """Put the queries in; return them, numbered in the order of the manuscript."""
        listed = [
            EbookQuery(
                number,
                query,
                self.section.name,
                self.section.title,
                self.section.origins.location(query.line),
            )
            for number, query in enumerate(self.section.queries, start=first)
        ]
        spots = [self._blocks.spot_of(one.query.line, one.query.place) for one in listed]
        placed = sorted(zip(spots, listed, strict=True), key=lambda one: one[0].start)
        # From the last to the first, so that what is put in is after what is still to come.
        for spot, one in reversed(placed):
            self._add_call(one, spot)
        for spot, one in placed:
            self._add_note(one, spot)
        return listed

    def _element(self, spot: Spot) -> Element | None:
        if spot.block is None:
            return None
        return (self._notes if spot.is_note else self._main).get(spot.block)

    def _add_call(self, one: EbookQuery, spot: Spot) -> None:
        block = self._element(spot)
        call = new_element(
            *("a", "proof-call", str(one.number)), id=one.call_id, href=f"#{one.note_id}"
        )
        if block is None:
            paragraph = new_element("p", "proof-title-call")
            paragraph.set("data-generated", "")
            paragraph.append(call)
            self.section.tree.insert(0, paragraph)
            return
        insert_call(block, spot.end, call)
        if spot.start < spot.end:
            is_deletion = one.query.kind in (QueryKind.DELETION, QueryKind.REPLACEMENT)
            tag = "del" if is_deletion else "mark"
            mark_range(block, spot.start, spot.end, lambda: new_element(tag, "proof-mark"))

    def _add_note(self, one: EbookQuery, spot: Spot) -> None:
        note = new_element("div", "proof-note", role="note", id=one.note_id)
        paragraph = new_element("p", "proof-query")
        paragraph.append(new_element("a", "proof-number", str(one.number), href=f"#{one.call_id}"))
        paragraph[0].tail = " "
        paragraph.extend(query_words(one.query))
        note.append(paragraph)
        block = self._element(spot)
        if block is not None:
            add_note_after(block, note)
            return
        note.set("data-generated", "")
        children = list(self.section.tree)
        calls = [child for child in children if child.get("class") in _TITLE_CLASSES]
        self.section.tree.insert(len(calls), note)


_TITLE_CLASSES = ("proof-title-call", "proof-note")


def query_words(query: Query) -> list[Element]:
    """Return a query in words, what is to be deleted and inserted marked as such."""
    label = new_element("span", "proof-kind", _LABELS[query.kind])
    deleted, inserted = new_element("del", "proof", query.marked), new_element("ins", "proof")
    inserted.text = query.text
    match query.kind:
        case QueryKind.INSERTION:
            return [label, inserted]
        case QueryKind.DELETION:
            return [label, deleted]
        case QueryKind.REPLACEMENT:
            deleted.tail = " → "
            return [label, deleted, inserted]
        case QueryKind.HIGHLIGHT:
            return [label, new_element("span", "proof", f"“{query.marked}”")]
        case _:
            return [new_element("span", "proof", query.text)]


def _elements(trees: Sequence[Element]) -> dict[BlockPosition, Element]:
    counter = BlockCounter()
    counted = ((counter.count(e.get("data-line")), e) for tree in trees for e in tree.iter("*"))
    return {position: element for position, element in counted if position is not None}


def _note_elements(notes: Sequence[Note]) -> dict[BlockPosition, Element]:
    counter = BlockCounter()
    found: dict[BlockPosition, Element] = {}
    for note in notes:
        counter.count(str(note.line))
        for element in note.tree.iter("*"):
            if (position := counter.count(element.get("data-line"))) is not None:
                found[position] = element
    return found


def _text_blocks(section: Section) -> TextBlocks:
    return blocks_of_trees(section.tree, [(note.line, note.tree) for note in section.notes])
