"""The Markdown parser: Python-Markdown, configured and corrected for books.

The syntax beyond Markdown:

* ``[^id]`` is a note call, ``[^id]: …`` the note (``notes.py``);
* ``[](#id)`` is a cross-reference by number (``{.title}`` by title, ``{.page}`` by page),
  ``[words](#id)`` one with its own words (``references.py``);
* an image alone in its paragraph with a caption is a figure: the caption is the image's
  title, ``![what it shows](images/a.jpg "Caption"){#fig-a}``, or, if it contains markup, a
  block ``/// caption`` directly after it; a table takes its caption and id from such a block
  only, ``/// caption | #tab-a`` (``figures.py``);
* ``[words]{.smallcaps}``, ``[mots]{lang=fr}``;
* ``[term]{.index}``, an entry of the index (``index_terms.py``);
* blocks ``/// epigraph``, ``/// verse``, ``/// div`` (``blocks.py``);
* ``{>> an editor's query <<}`` (``queries.py``);
* definition lists, tables, abbreviations, ``^superscript^``, ``~subscript~``, ``{#id .class}``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import (
    BlockQuoteProcessor,
    HashHeaderProcessor,
    SetextHeaderProcessor,
)
from markdown.extensions import Extension
from markdown.extensions.def_list import DefListProcessor
from markdown.extensions.sane_lists import SaneOListProcessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import InlineProcessor, LinkInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from makeready.book.model import Element
from makeready.findings import Findings
from makeready.manuscript.allowed_html import NOTE_CALL, NOTE_ID
from makeready.manuscript.attribute_lists import ATTRIBUTE_LIST, AttributeLists, move_list_at_end
from makeready.manuscript.blocks import BookBlocks
from makeready.manuscript.fences import CodeBlock
from makeready.manuscript.line_numbers import LineTracker, origins_after_raw_html
from makeready.manuscript.source import TAB_WIDTH, Lines
from makeready.manuscript.tree import TreeConverter

_MAX_NESTED_SPANS = 4
"""Enough for an index term within a longer one, both in another language."""

_Match = tuple[ElementTree.Element | None, int | None, int | None]


class _NoteCall(InlineProcessor):
    """The note call ``[^id]``."""

    def handleMatch(self, m: re.Match[str], data: str) -> _Match:  # type: ignore[override]  # noqa: ARG002, N802
        return ElementTree.Element(NOTE_CALL, {NOTE_ID: m[1]}), m.start(), m.end()


class _Span(LinkInlineProcessor):
    """The span ``[words]{…}``; the attributes are left to ``AttributeLists``."""

    def handleMatch(self, m: re.Match[str], data: str) -> _Match:  # type: ignore[override]  # noqa: N802
        text, end, closed = self.getText(data, m.end())
        if not closed or not ATTRIBUTE_LIST.match(data, end):
            return None, None, None
        span = ElementTree.Element("span")
        span.text = text
        return span, m.start(), end


class _Heading(HashHeaderProcessor):
    """The heading ``# Title``; without the space it is text (``#1 on the list``)."""

    RE = re.compile(
        r"(?:^|\n)[ ]{0,3}(?P<level>#{1,6})(?P<header>[ ](?:\\.|[^\\\n])*?)(?:[ ]#+)?[ ]*(?:\n|$)"
    )

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return "#" in block and super().test(parent, block)


# These first test for a character that such a block has to contain, because the parser's own
# patterns take long to fail.
class _UnderlinedHeading(SetextHeaderProcessor):
    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return "\n" in block and super().test(parent, block)


class _Quotation(BlockQuoteProcessor):
    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return ">" in block and super().test(parent, block)


class _Definitions(DefListProcessor):
    """The definition ``: words`` of a term; directly after a table, the table's caption."""

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return ":" in block and super().test(parent, block)

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> bool | None:
        match = self.RE.search(blocks[0])
        before = self.lastChild(parent)
        has_term = match is None or blocks[0][: match.start()].strip()
        if has_term or before is None or before.tag in {"dl", "p"}:
            return super().run(parent, blocks)
        if before.tag != "table":
            return False
        caption = ElementTree.SubElement(parent, "div", {"class": "caption"})
        caption.text = blocks.pop(0).lstrip()[1:].lstrip()
        move_list_at_end(caption)
        return None


class _NumberedList(SaneOListProcessor):
    """The item ``1. item``; four digits are a year at the start of a sentence."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}\d{1,3}\.[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]{0,3}((\d{1,3}\.))[ ]+(.*)")


class _Table(TableProcessor):
    """A table whose rows keep the cells that have no head."""

    def _build_row(
        self, row: str, parent: ElementTree.Element, align: Sequence[str | None]
    ) -> None:
        super()._build_row(row, parent, align)  # type: ignore[misc]
        extra = [text.strip(" ") for text in self._split_row(row)[len(align) :]]  # type: ignore[attr-defined]
        for text in extra if any(extra) else ():
            ElementTree.SubElement(parent[-1], "td").text = text


class _LinkAddresses(dict[str, tuple[str, str]]):
    """The addresses ``[name]: https://…`` of links, and the names of those that links use."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> tuple[str, str]:
        self.used.add(name)
        return super().__getitem__(name)

    def clear(self) -> None:
        super().clear()
        self.used.clear()


class _UnmarkedText(AtomicString):
    """A text without a character that begins inline markup."""


class _SkipUnmarkedText(Treeprocessor):
    """Makes the inline patterns skip texts without markup, which most are."""

    _MARKS = re.compile(r"[`\\\[!<&*_^~]|  \n")

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            text = element.text
            if text and not isinstance(text, AtomicString) and not self._MARKS.search(text):
                element.text = _UnmarkedText(text)


class _RestoreUnmarkedText(Treeprocessor):
    """Makes the skipped texts plain strings again for the processors that follow."""

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if isinstance(element.text, _UnmarkedText):
                element.text = str(element.text)


class _BookMarkup(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("normalize_whitespace")
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.register(_SkipUnmarkedText(md), "pass_over", 20.5)
        md.treeprocessors.register(_RestoreUnmarkedText(md), "take_up", 19.995)
        md.inlinePatterns.register(_NoteCall(r"\[\^([^\]\s]+)\]", md), "note_call", 175)
        for depth in range(_MAX_NESTED_SPANS):
            # The content of a match is only parsed by the patterns after its own.
            md.inlinePatterns.register(_Span(r"(?<!!)\[", md), f"span-{depth}", 165 - depth)
        md.parser.blockprocessors.register(_Heading(md.parser), "hashheader", 70)
        md.parser.blockprocessors.register(_UnderlinedHeading(md.parser), "setextheader", 60)
        md.parser.blockprocessors.register(_Definitions(md.parser), "deflist", 25)
        md.parser.blockprocessors.register(_Quotation(md.parser), "quote", 20)
        md.parser.blockprocessors.register(_NumberedList(md.parser), "olist", 40)
        table = _Table(md.parser, {"use_align_attribute": True})
        md.parser.blockprocessors.register(table, "table", 75)
        md.references = _LinkAddresses()


@cache
def _markdown() -> Markdown:
    """Return the shared parser: creating one takes longer than parsing a short chapter."""
    return Markdown(
        extensions=[
            "def_list",
            "abbr",
            "sane_lists",
            "pymdownx.betterem",
            "pymdownx.caret",
            "pymdownx.tilde",
            "tables",
            AttributeLists(),
            BookBlocks(),
            _BookMarkup(),
        ],
        extension_configs={
            "pymdownx.caret": {"insert": False},
            "pymdownx.tilde": {"delete": False},
        },
        tab_length=TAB_WIDTH,
    )


class MarkdownParser:
    """Parses the text of one section and then its notes, which share its link definitions.

    All instances share one parser, so an instance must not be used after the next is created.
    """

    def __init__(self, code: list[CodeBlock], name: str, findings: Findings) -> None:
        self._md = _markdown().reset()
        self._conversion = TreeConverter(self._md.htmlStash.rawHtmlBlocks, code, name, findings)

    def parse(self, lines: Lines) -> Element:
        """Return the tree of the lines: a ``div`` of blocks, each element with its line.

        Raises RecursionError when the text is nested too deeply.
        """
        try:
            return self._parsed(lines)
        except BaseException:
            # An interrupted parser contains part of a text, so it is not used again.
            _markdown.cache_clear()
            raise

    def unused_addresses(self) -> list[str]:
        """Return the names of the addresses of links that no link in the texts uses."""
        addresses = self._md.references
        assert isinstance(addresses, _LinkAddresses)
        return [name for name in addresses if name not in addresses.used]

    def _parsed(self, lines: Lines) -> Element:
        md = self._md
        # Python-Markdown takes a block of HTML at the end for unclosed without blank lines.
        text = [*lines.text, "", ""]
        for preprocessor in md.preprocessors:
            text = preprocessor.run(text)
        origins = origins_after_raw_html(lines, text, md.htmlStash.rawHtmlBlocks)
        root = md.parser.parseDocument(text).getroot()
        assert root is not None
        LineTracker(Lines(text, origins)).assign_lines(root)
        for treeprocessor in md.treeprocessors:
            changed = treeprocessor.run(root)
            root = root if changed is None else changed
        return self._conversion.convert(root)
