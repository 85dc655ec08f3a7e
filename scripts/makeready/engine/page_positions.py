"""The position in the text at which each page begins, and each of its lines.

The e-book's page list, the index and the proof use it. A position is a block of the section and
the number of letters of its own text that are on earlier pages, or in earlier lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from xml.etree import ElementTree

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

from makeready.book.text_position import GENERATED, IMAGE, BlockCounter, counted_letters
from makeready.engine.turned_pages import TURNED
from makeready.pdf.fragment import TextLine, TextPosition

_LINE = "data-line"
_IMAGES = ("img", "embed")
_IMAGE_TAG = "img"
"""That of images which are no formulas."""

_PT_PER_PX = 0.75

_Element = ElementTree.Element


_NOT_IN_SOURCE = TextPosition(0, 0, 0)


def page_positions(
    root: _Element, pages: Sequence[Page]
) -> tuple[tuple[TextPosition, ...], tuple[TextLine, ...]]:
    """Return the text position at which each page of a typeset section begins, and its lines.

    ``root`` is the document that was typeset. A page or line that begins with something that is not
    in the source has line 0.
    """
    blocks, notes = _Blocks(), _Blocks()
    blocks.add(root, None)
    for aside in root.iter("aside"):
        if aside.get("class") == "footnote":
            notes.add(aside, None, inside_note=True)
    starts, lines = [], _Lines()
    for number, page in enumerate(pages):
        start = None
        for line, box in _main_boxes(page._page_box, None):
            position = blocks.advance(box)
            start = start or position
            lines.add(number, page, line, box, position)
        starts.append(start or _NOT_IN_SOURCE)
        for line, box in _note_boxes(page._page_box):
            lines.add(number, page, line, box, notes.advance(box), is_note=True)
    return tuple(starts), tuple(lines.lines)


class _Lines:
    """The lines of a section, gathered from the boxes in them."""

    def __init__(self) -> None:
        self.lines: list[TextLine] = []
        self._last: Any = None

    def add(
        self,
        number: int,
        page: Page,
        line: Any,
        box: Any,
        position: TextPosition | None,
        *,
        is_note: bool = False,
    ) -> None:
        """Add the line that a box is in, or the position of a line that has none yet.

        A line may begin with what is not in the source, such as the number of a note.
        """
        position = position or _NOT_IN_SOURCE
        if line is None or _is_alone(box, line):
            self._add_image(number, page, box, position, is_note=is_note)
            return
        if line is self._last:
            if not self.lines[-1].line:
                self.lines[-1] = self.lines[-1]._replace(**asdict(position))
            return
        self._last = line
        left, right = line.position_x, line.position_x + line.width
        if line.children:
            left, last = line.children[0].position_x, line.children[-1]
            right = last.position_x + last.margin_width()
        baseline = line.position_y + line.baseline
        is_turned = page._page_box.page_type.name == TURNED
        if is_turned:
            # The page was laid out wide: see turned_pages.
            width = page._page_box.margin_width()
            left, right, baseline = baseline, baseline, width - left
        self.lines.append(
            TextLine(
                number,
                round(left * _PT_PER_PX, 2),
                round(right * _PT_PER_PX, 2),
                round((page.height - baseline) * _PT_PER_PX, 2),
                round(box.style["font_size"] * _PT_PER_PX, 2),
                position.line,
                position.occurrence,
                position.letters,
                is_note,
                is_turned,
            )
        )

    def _add_image(
        self, number: int, page: Page, box: Any, position: TextPosition, *, is_note: bool
    ) -> None:
        """Add an image of the source that stands in no line, unless the page was turned."""
        is_image = isinstance(box, boxes.ReplacedBox) and position.line > 0
        if not is_image or page._page_box.page_type.name == TURNED:
            return
        left, bottom = box.content_box_x(), box.content_box_y() + box.height
        self.lines.append(
            TextLine(
                number,
                round(left * _PT_PER_PX, 2),
                round((left + box.width) * _PT_PER_PX, 2),
                round((page.height - bottom) * _PT_PER_PX, 2),
                round(box.style["font_size"] * _PT_PER_PX, 2),
                position.line,
                position.occurrence,
                position.letters,
                is_note,
                height=round(box.height * _PT_PER_PX, 2),
            )
        )


def _is_alone(box: Any, line: Any) -> bool:
    """Return whether a box is an image with a line to itself."""
    if not isinstance(box, boxes.ReplacedBox) or box.element_tag != _IMAGE_TAG:
        return False
    return [inner for _, inner in _main_boxes(line, None)] == [box]


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

    def add(self, element: _Element, block: _Block | None, *, inside_note: bool = False) -> None:
        """Add the blocks at and below an element that is inside ``block``.

        Footnotes are left out: their text is not in the flow of the page. So is what is not in
        the source, the numbers and headings of notes at the end of the text.
        """
        if element.tag == "aside" and element.get("class") == "footnote" and not inside_note:
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


def _main_boxes(box: Any, line: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the text boxes and images of a page in order, each with the line it is in, if any.

    Margin boxes and footnotes are left out.
    """
    # The engine wraps an absolutely positioned box, such as the copyright page's.
    box = getattr(box, "_box", box)
    if isinstance(box, boxes.MarginBox | boxes.FootnoteAreaBox):
        return
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield line, box
    elif isinstance(box, boxes.ReplacedBox):
        yield line, box
    elif isinstance(box, boxes.ParentBox):
        inner = box if isinstance(box, boxes.LineBox) else line
        for child in box.children:
            yield from _main_boxes(child, inner)


def _note_boxes(page_box: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the text boxes of the footnotes of a page, each with the line it is in."""
    for area in page_box.children:
        if isinstance(area, boxes.FootnoteAreaBox):
            for child in area.children:
                yield from _main_boxes(child, None)
