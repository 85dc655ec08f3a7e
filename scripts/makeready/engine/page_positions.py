"""The position in the text at which each page begins.

The e-book's page list, the index and the proof use it. A position is a block of the section and
the number of letters of its own text that are on earlier pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

from makeready.book.text_position import GENERATED, IMAGE, BlockCounter, counted_letters
from makeready.pdf.fragment import TextPosition

_LINE = "data-line"
_IMAGES = ("img", "embed")

_Element = ElementTree.Element


_NOT_IN_SOURCE = TextPosition(0, 0, 0)


def page_starts(root: _Element, pages: Sequence[Page]) -> tuple[TextPosition, ...]:
    """Return the text position at which each page of a typeset section begins.

    ``root`` is the document that was typeset. A page that begins with something that is not in
    the source has line 0.
    """
    blocks = _Blocks()
    blocks.add(root, None)
    starts = []
    for page in pages:
        start = None
        for box in _main_boxes(page._page_box):
            position = blocks.advance(box)
            start = start or position
        starts.append(start or _NOT_IN_SOURCE)
    return tuple(starts)


@dataclass
class _Block:
    """A block's own letters, and how many of them the pages read so far have shown."""

    line: int
    occurrence: int
    letters: str = ""
    shown: int = 0

    def advance(self, text: str) -> None:
        """Count the letters of a text box as shown; a hyphen at its end may be the engine's."""
        drawn = counted_letters(text)
        if self.letters.startswith(drawn, self.shown):
            self.shown += len(drawn)
            return
        for index, letter in enumerate(drawn, 1):
            is_next = self.letters[self.shown : self.shown + 1] == letter
            if is_next or index < len(drawn) or letter.isalnum():
                self.shown += 1


@dataclass
class _Blocks:
    """The blocks of a section, by the elements inside each."""

    _by_element: dict[_Element, _Block | None] = field(default_factory=dict)
    _counter: BlockCounter = field(default_factory=BlockCounter)

    def add(self, element: _Element, block: _Block | None) -> None:
        """Add the blocks at and below an element that is inside ``block``.

        Footnotes are left out: their text is not in the flow of the page. So is what is not in
        the source, the numbers and headings of notes at the end of the text.
        """
        if element.tag == "aside" and element.get("class") == "footnote":
            return
        if GENERATED in element.attrib:
            return
        if (position := self._counter.count(element.get(_LINE))) is not None:
            block = _Block(*position)
        self._by_element[element] = block
        if block is not None:
            block.letters += (
                IMAGE if element.tag in _IMAGES else counted_letters(element.text or "")
            )
        for child in element:
            self.add(child, block)
            if block is not None:
                block.letters += counted_letters(child.tail or "")

    def advance(self, box: Any) -> TextPosition | None:
        """Count a box as shown and return its position; None for a box that is not text."""
        if "::" in (box.element_tag or "") or box.element not in self._by_element:
            return None
        block = self._by_element[box.element]
        if block is None:
            return _NOT_IN_SOURCE
        if block.letters and block.shown >= len(block.letters):
            # A table's head is repeated on each of its pages.
            return None
        position = TextPosition(block.line, block.occurrence, block.shown)
        block.advance(box.text if isinstance(box, boxes.TextBox) else IMAGE)
        return position


def _main_boxes(box: Any) -> Iterator[Any]:
    """Yield the text boxes and images of a page in order, without margin boxes and footnotes."""
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
