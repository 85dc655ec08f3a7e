"""Where each page begins in the text: for the e-book's page list, the index and the proof.

A place is a block of the section and how much of its own text stands on earlier pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

from makeready.book.text_position import BlockCounter, counted_letters
from makeready.pdf.fragment import PageStart

_LINE = "data-line"

_Element = ElementTree.Element


_NOWHERE = PageStart(0, 0, 0)


def page_starts(root: _Element, pages: Sequence[Page]) -> tuple[PageStart, ...]:
    """Find where each page of a typeset section begins."""
    blocks = _Blocks()
    blocks.note(root, None)
    starts = []
    for page in pages:
        start = None
        for box in _main_boxes(page._page_box):
            place = blocks.follow(box)
            start = start or place
        starts.append(start or _NOWHERE)
    return tuple(starts)


@dataclass
class _Block:
    """A block with its own letters, and how many of them stand on the pages so far."""

    line: int
    occurrence: int
    letters: str = ""
    passed: int = 0

    def follow(self, text: str) -> None:
        """Pass over letters as drawn; a hyphen at the end may be the engine's own."""
        shown = counted_letters(text)
        for index, letter in enumerate(shown, 1):
            is_next = self.letters[self.passed : self.passed + 1] == letter
            if is_next or index < len(shown) or letter.isalnum():
                self.passed += 1


@dataclass
class _Blocks:
    """The blocks of a section, by the elements that belong to each."""

    _of: dict[_Element, _Block | None] = field(default_factory=dict)
    _turns: BlockCounter = field(default_factory=BlockCounter)

    def note(self, element: _Element, block: _Block | None) -> None:
        """Note the blocks below an element; notes are left out, for they stand apart."""
        if element.tag == "aside" and element.get("class") == "footnote":
            return
        if (begun := self._turns.count(element.get(_LINE))) is not None:
            block = _Block(*begun)
        self._of[element] = block
        if block is not None:
            block.letters += counted_letters(element.text or "")
        for child in element:
            self.note(child, block)
            if block is not None:
                block.letters += counted_letters(child.tail or "")

    def follow(self, box: Any) -> PageStart | None:
        """Pass over a box and return where it stands; None for what is not of the text."""
        if "::" in (box.element_tag or "") or box.element not in self._of:
            return None
        block = self._of[box.element]
        if block is None:
            return _NOWHERE
        if block.letters and block.passed >= len(block.letters):
            # The head of a table is shown again on each of its pages.
            return None
        start = PageStart(block.line, block.occurrence, block.passed)
        if isinstance(box, boxes.TextBox):
            block.follow(box.text)
        return start


def _main_boxes(box: Any) -> Iterator[Any]:
    """Yield the texts and images of a page in their order, without margins and notes."""
    if isinstance(box, boxes.MarginBox | boxes.FootnoteAreaBox):
        return
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield box
    elif isinstance(box, boxes.ReplacedBox):
        yield box
    elif isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from _main_boxes(child)
