"""The elements of a text, opened and closed in its order.

Tags of raw HTML open and close among the elements of Markdown as the author wrote them, with the
end tags that HTML lets an author leave out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from xml.etree import ElementTree

from markdown.util import AtomicString

from makeready.manuscript.allowed_html import BLOCKS, HEADINGS, HTML_VOID, NOTE, UNCLOSED
from makeready.manuscript.attribute_lists import author_name
from makeready.manuscript.implied_tags import OPTIONAL, implied_ends
from makeready.manuscript.line_numbers import COLUMN, LINE
from makeready.manuscript.parse_run import ParseRun
from makeready.manuscript.raw_html import Tag
from makeready.manuscript.source import MAX_DEPTH

DEEPEST = MAX_DEPTH + 2
"""Deeper elements are left out; what is beyond ``MAX_DEPTH`` is reported when it is removed."""


class Origin(Enum):
    """Where an element comes from."""

    MARKDOWN = "Markdown"
    HTML = "a tag of HTML"
    PARAGRAPH = "a paragraph around text of an HTML block"


@dataclass(frozen=True, slots=True)
class _Open:
    """An open element; ``offset`` is where it begins in the source."""

    tag: str
    origin: Origin
    offset: int
    is_left_out: bool


class ElementBuilder:
    """Builds a tree of elements, each with its line and column."""

    def __init__(self, root: str, run: ParseRun) -> None:
        self._run = run
        self._builder = ElementTree.TreeBuilder()
        self._builder.start(root, {})
        self._root = root
        self._open: list[_Open] = []
        self._ended: ElementTree.Element | None = None
        self._implied_ends: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def _root_element(self) -> ElementTree.Element:
        """Return the tree, all of whose elements are closed."""
        self._builder.end(self._root)
        return self._builder.close()

    def _start(
        self, tag: str, attributes: Mapping[str, object], offset: int, origin: Origin
    ) -> None:
        is_left_out = len(self._open) >= DEEPEST
        if not is_left_out:
            values = {key: str(value) for key, value in attributes.items()}
            values[LINE] = str(self._run.line(offset))
            values[COLUMN] = str(self._run.column(offset))
            self._builder.start(tag, values)
        self._open.append(_Open(tag, origin, offset, is_left_out))

    def _end(self) -> ElementTree.Element | None:
        """Close the innermost element."""
        element = self._open.pop()
        return None if element.is_left_out else self._builder.end(element.tag)

    def _text(self, text: str) -> None:
        if text and not (self._open and self._open[-1].is_left_out):
            self._builder.data(text)

    def _leaf(
        self, tag: str, attributes: Mapping[str, object], offset: int, text: str = ""
    ) -> None:
        """Add an element that contains nothing but text as it is."""
        self._start(tag, attributes, offset, Origin.MARKDOWN)
        self._text(text)
        self._ended = self._end()
        if self._ended is not None and self._ended.text:
            self._ended.text = AtomicString(self._ended.text)

    def _start_markdown(self, tag: str, attributes: Mapping[str, object], offset: int) -> None:
        """Open an element of Markdown, in which HTML elements may be open."""
        if tag in BLOCKS or tag == NOTE:
            self._close_implied(tag)
        self._start(tag, attributes, offset, Origin.MARKDOWN)

    def _end_markdown(self) -> None:
        """Close the innermost element of Markdown, and what HTML left open in it."""
        while self._open[-1].origin is not Origin.MARKDOWN:
            self._end_unclosed()
        self._ended = self._end()

    def _end_unclosed(self) -> None:
        element = self._open[-1]
        if element.origin is Origin.HTML and element.tag not in OPTIONAL:
            self._run.report("MAN-018", element.offset, tag=element.tag, problem="is never closed")
        self._end()

    def _close_all(self) -> None:
        """Close what is open at the end; of blocks, only the outermost is reported.

        Those inside it are not closed because of it.
        """
        block = next((e for e in self._open if e.tag in BLOCKS and e.tag not in OPTIONAL), None)
        if block is not None:
            if block.tag == "pre":
                self._run.report("MAN-026", block.offset, fence="</pre>")
            else:
                self._run.report("MAN-035", block.offset, tag=block.tag)
            # Headings in such an element become its text, without ids of their own.
            self._run.has_lost_headings |= block.tag in {*HEADINGS, "summary"}
        while self._open:
            if block is None:
                self._end_unclosed()
                continue
            is_unclosed = self._open[-1].origin is Origin.HTML
            element = self._end()
            if element is not None and is_unclosed:
                element.set(UNCLOSED, "")

    def _html_open(self) -> list[_Open]:
        """Return the elements that are open inside the innermost one of Markdown."""
        first = len(self._open)
        while first and self._open[first - 1].origin is not Origin.MARKDOWN:
            first -= 1
        return self._open[first:]

    def _close_implied(self, tag: str) -> None:
        """Close the elements whose end a start tag implies."""
        for _ in range(implied_ends([element.tag for element in self._html_open()], tag)):
            if self._open[-1].origin is Origin.HTML:
                self._implied_ends[self._open[-1].tag] += 1
            self._end()

    def _start_tag(self, tag: Tag, offset: int) -> None:
        is_empty = tag.name in HTML_VOID or tag.is_empty
        if len(self._open) >= DEEPEST:
            self._left_out[tag.name] += not is_empty
            return
        attributes = {author_name(key): value for key, value in tag.attributes.items()}
        self._start(tag.name, attributes, offset, Origin.HTML)
        if is_empty:
            self._end()

    def _end_tag(self, name: str, offset: int) -> None:
        if name in HTML_VOID:
            return
        if self._left_out[name]:
            self._left_out[name] -= 1
            return
        if not any(e.tag == name and e.origin is Origin.HTML for e in self._html_open()):
            if self._implied_ends[name]:
                self._implied_ends[name] -= 1
            else:
                problem = "closes no open tag"
                self._run.report("MAN-018", offset, tag=f"/{name}", problem=problem)
            return
        while self._open[-1].tag != name or self._open[-1].origin is not Origin.HTML:
            self._end_unclosed()
        self._end()
