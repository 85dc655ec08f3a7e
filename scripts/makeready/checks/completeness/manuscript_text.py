"""The text of a section as a file must show it: its blocks, cut where pages begin."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from makeready.book.model import Element, PageBreak, Section
from makeready.book.text_position import (
    GENERATED,
    IMAGE,
    IMAGES,
    BlockCounter,
    BlockPosition,
    counted_letters,
    index_of_letter,
)

Resolve = Callable[[Element], None]
"""Sets the text of a reference as the file shows it."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# A heading may be a running head, and the head of a table is repeated on each of its pages.
_MAY_REPEAT = _HEADINGS | {"caption", "table", "td", "th", "thead", "tr"}
_CELLS = frozenset({"td", "th"})

_Cut = tuple[int, int]
"""The index of a passage, and a number of letters of it."""


@dataclass(slots=True)
class Block:
    """A block of the manuscript.

    ``is_in_cell`` is whether it is in a table's cell, which may be shown on earlier pages than the
    end of the cell before it, where the row is divided. ``classes`` are those given to it and to
    the blocks around it. ``first`` is the index of the first passage in it, and ``last`` that of
    the last one of its own text.
    """

    line: int
    may_repeat: bool = False
    is_in_cell: bool = False
    classes: frozenset[str] = frozenset()
    first: int = 0
    last: int = -1
    letters: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of a block's own text, up to a block inside it or a page break.

    ``start`` is the number of the block's letters before it. ``is_cut`` is whether a page break
    is at one of its ends.
    """

    block: Block
    text: str
    start: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class PageRun:
    """Pages of a section with the text that they show; ``last`` is past the last one."""

    first: int
    last: int
    passages: list[Passage]


@dataclass
class ManuscriptText:
    """The text of a section's tree in order, as passages."""

    passages: list[Passage] = field(default_factory=list)
    _blocks: dict[BlockPosition, Block] = field(default_factory=dict)
    _counter: BlockCounter = field(default_factory=BlockCounter)
    _run: list[str] = field(default_factory=list)

    def page_runs(self, starts: Sequence[PageBreak]) -> Iterator[PageRun]:
        """Yield the text of the pages; ``starts`` is where each page after the first begins.

        A page with an unknown start is in one run with the page before it.
        """
        first, begin = 0, (0, 0)
        for page, start in enumerate(starts, 1):
            cut = self._cut(start)
            if cut is not None and cut >= begin:
                yield PageRun(first, page, self._between(begin, cut))
                first, begin = page, cut
        end = (len(self.passages), 0)
        yield PageRun(first, len(starts) + 1, self._between(begin, end))

    def _cut(self, start: PageBreak) -> _Cut | None:
        """Return the position of a page's start in the passages; None if it is not known."""
        block = self._blocks.get(BlockPosition(start.line, start.occurrence))
        if block is None:
            return None
        after = block.first
        for index in range(block.first, block.last + 1):
            passage = self.passages[index]
            if passage.block is block:
                letters = start.letters - passage.start
                if letters < len(counted_letters(passage.text)):
                    return index, max(letters, 0)
                after = index + 1
        return after, 0

    def _between(self, begin: _Cut, end: _Cut) -> list[Passage]:
        passages = self.passages[begin[0] : end[0]]
        if end[1]:
            passages.append(_cut_passage(self.passages[end[0]], 0, end[1]))
        if begin[1] and passages:
            passages[0] = _cut_passage(passages[0], begin[1], None)
        return passages

    def add(self, element: Element, outer: Block, classes: frozenset[str]) -> None:
        """Add the text of an element that is in the block ``outer`` and in these classes."""
        if GENERATED in element.attrib:
            return
        block = outer
        classes = classes.union((element.get("class") or "").split())
        position = self._counter.count(element.get("data-line"))
        if position is not None:
            self._end_passage(outer)
            may_repeat = outer.may_repeat or element.tag in _MAY_REPEAT
            is_in_cell = outer.is_in_cell or element.tag in _CELLS
            block = Block(position.line, may_repeat, is_in_cell, classes, len(self.passages))
            self._blocks[position] = block
        self._run.append(IMAGE if element.tag in IMAGES else element.text or "")
        for child in element:
            self.add(child, block, classes)
            self._run.append(child.tail or "")
        if position is not None:
            self._end_passage(block)

    def _end_passage(self, block: Block) -> None:
        text = "".join(self._run)
        self._run.clear()
        if count := len(counted_letters(text)):
            block.last = len(self.passages)
            self.passages.append(Passage(block, text, block.letters))
            block.letters += count
            block.text += text


def _cut_passage(passage: Passage, begin: int, end: int | None) -> Passage:
    stop = len(passage.text) if end is None else index_of_letter(passage.text, end)
    text = passage.text[index_of_letter(passage.text, begin) : stop]
    return replace(passage, text=text, is_cut=True)


@dataclass(frozen=True, slots=True)
class ResolvedSection:
    """The trees of a section and of its notes, with the references as a file shows them."""

    tree: Element
    notes: tuple[tuple[int, Element], ...]
    """Each note, after the line it begins on."""

    @property
    def digest(self) -> bytes:
        """A digest of all that a file must show of the section."""
        digest = hashlib.sha256(etree.tostring(self.tree))
        for line, tree in self.notes:
            digest.update(b"%d\0" % line + etree.tostring(tree))
        return digest.digest()

    def text(self) -> ManuscriptText:
        """Return the text of the section."""
        text = ManuscriptText()
        text.add(self.tree, Block(0), frozenset())
        return text

    def note_blocks(self) -> list[Block]:
        """Return the notes, each as one block."""
        return [Block(line, text="".join(map(str, tree.itertext()))) for line, tree in self.notes]


def resolved_section(section: Section, resolve: Resolve) -> ResolvedSection:
    """Return a copy of a section's trees, its references set by ``resolve``."""
    return ResolvedSection(
        _resolved(section.tree, resolve),
        tuple((note.line, _resolved(note.tree, resolve)) for note in section.notes),
    )


def _resolved(tree: Element, resolve: Resolve) -> Element:
    tree = copy.deepcopy(tree)
    for reference in list(tree.iter("a")):
        resolve(reference)
    return tree
