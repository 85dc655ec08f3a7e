"""The Markdown parser as a book needs it: Python-Markdown, its traps closed.

What a section may hold beyond Markdown, one form for every output:

* ``[^id]`` calls a note, ``[^id]: …`` writes it (``notes.py``);
* ``[](#id)`` refers to a place by its number (``{.title}``, ``{.page}`` for its title, its
  page), ``[words](#id)`` in the author's words (``references.py``);
* an image alone in its paragraph with a caption is a figure: the caption is the image's
  title, ``![what it shows](images/a.jpg "Caption"){#fig-a}``, or, where it has markup of
  its own, a block ``/// caption`` right after it; a table takes its caption and id from
  such a block alone, ``/// caption | #tab-a`` (``figures.py``);
* ``[words]{.smallcaps}``, ``[mots]{lang=fr}``;
* ``[term]{.index}``, an entry of the index (``index_marks.py``);
* blocks ``/// epigraph``, ``/// verse``, ``/// div`` (``blocks.py``);
* ``{>> an editor's query <<}`` (``queries.py``);
* definition lists, tables, abbreviations, ``^superscript^``, ``~subscript~``, ``{#id .class}``.
"""

from __future__ import annotations

import re
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
from markdown.inlinepatterns import InlineProcessor, LinkInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from makeready.book.model import Element
from makeready.findings import Findings
from makeready.manuscript.allowed_html import CALL, REF
from makeready.manuscript.blocks import BookBlocks
from makeready.manuscript.fences import CodeBlock
from makeready.manuscript.line_numbers import LineTracker, after_raw_html
from makeready.manuscript.source import TAB_WIDTH, Lines
from makeready.manuscript.tree import Conversion

_SPANS_WITHIN_EACH_OTHER = 4
"""An index term in one of more words, both of another language, say."""

_Match = tuple[ElementTree.Element | None, int | None, int | None]


class _NoteCall(InlineProcessor):
    """``[^id]``."""

    def handleMatch(self, m: re.Match[str], data: str) -> _Match:  # type: ignore[override]  # noqa: ARG002, N802
        return ElementTree.Element(CALL, {REF: m[1]}), m.start(), m.end()


class _Span(LinkInlineProcessor):
    """``[words]{…}``; the attributes are read with all others, from what follows."""

    def handleMatch(self, m: re.Match[str], data: str) -> _Match:  # type: ignore[override]  # noqa: N802
        text, end, closed = self.getText(data, m.end())
        if not closed or data[end : end + 1] != "{":
            return None, None, None
        span = ElementTree.Element("span")
        span.text = text
        return span, m.start(), end


class _Heading(HashHeaderProcessor):
    """``# Title``: without the space it is text (#1 on the list)."""

    RE = re.compile(
        r"(?:^|\n)[ ]{0,3}(?P<level>#{1,6})(?P<header>[ ](?:\\.|[^\\\n])*?)(?:[ ]#+)?[ ]*(?:\n|$)"
    )

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return "#" in block and super().test(parent, block)


# What follows looks first for a mark without which a block is none of its kind: the parser's
# own patterns take long to say no.
class _Underlined(SetextHeaderProcessor):
    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return "\n" in block and super().test(parent, block)


class _Quotation(BlockQuoteProcessor):
    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return ">" in block and super().test(parent, block)


class _Definitions(DefListProcessor):
    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return ":" in block and super().test(parent, block)


class _NumberedList(SaneOListProcessor):
    """``1. item``: four digits are a year that begins a sentence, not an item's number."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}\d{1,3}\.[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]{0,3}((\d{1,3}\.))[ ]+(.*)")


class _Unmarked(AtomicString):
    """A text that no inline pattern has anything to do with: there is no mark in it."""


class _PassOver(Treeprocessor):
    """Has the inline patterns pass over unmarked texts, which are most."""

    _MARKS = re.compile(r"[`\\\[!<&*_^~]|  \n")

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            text = element.text
            if text and not isinstance(text, AtomicString) and not self._MARKS.search(text):
                element.text = _Unmarked(text)


class _TakeUp(Treeprocessor):
    """Gives the unmarked texts back to what follows."""

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if isinstance(element.text, _Unmarked):
                element.text = str(element.text)


class _BookMarkup(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("normalize_whitespace")
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.register(_PassOver(md), "pass_over", 20.5)
        md.treeprocessors.register(_TakeUp(md), "take_up", 19.995)
        md.inlinePatterns.register(_NoteCall(r"\[\^([^\]\s]+)\]", md), "note_call", 175)
        for depth in range(_SPANS_WITHIN_EACH_OTHER):
            # What a pattern has matched is left to those after it.
            md.inlinePatterns.register(_Span(r"(?<!!)\[", md), f"span-{depth}", 165 - depth)
        md.parser.blockprocessors.register(_Heading(md.parser), "hashheader", 70)
        md.parser.blockprocessors.register(_Underlined(md.parser), "setextheader", 60)
        md.parser.blockprocessors.register(_Definitions(md.parser), "deflist", 25)
        md.parser.blockprocessors.register(_Quotation(md.parser), "quote", 20)
        md.parser.blockprocessors.register(_NumberedList(md.parser), "olist", 40)


@cache
def _markdown() -> Markdown:
    """Return the parser, which takes longer to make ready than a short chapter to parse."""
    return Markdown(
        extensions=[
            "attr_list",
            "def_list",
            "abbr",
            "sane_lists",
            "pymdownx.betterem",
            "pymdownx.caret",
            "pymdownx.tilde",
            "tables",
            BookBlocks(),
            _BookMarkup(),
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "pymdownx.caret": {"insert": False},
            "pymdownx.tilde": {"delete": False},
        },
        tab_length=TAB_WIDTH,
    )


class SectionParser:
    """Parses the text of one section and then its notes, which share its link addresses.

    Another one begins with nothing of it, and ends it.
    """

    def __init__(self, code: list[CodeBlock], name: str, findings: Findings) -> None:
        self._md = _markdown().reset()
        self._conversion = Conversion(self._md.htmlStash.rawHtmlBlocks, code, name, findings)

    def parse(self, lines: Lines) -> Element:
        """Return the tree of the lines: a ``div`` of blocks, every element with its line.

        RecursionError when the text is nested beyond reason.
        """
        try:
            return self._parsed(lines)
        except BaseException:
            # A parser that was interrupted has half a text in it.
            _markdown.cache_clear()
            raise

    def _parsed(self, lines: Lines) -> Element:
        md = self._md
        # The parser needs a blank line at the end to see a last block of HTML closed.
        text = [*lines.text, "", ""]
        for preprocessor in md.preprocessors:
            text = preprocessor.run(text)
        origins = after_raw_html(lines, text, md.htmlStash.rawHtmlBlocks)
        root = md.parser.parseDocument(text).getroot()
        assert root is not None
        LineTracker(Lines(text, origins)).place(root)
        for treeprocessor in md.treeprocessors:
            changed = treeprocessor.run(root)
            root = root if changed is None else changed
        return self._conversion.convert(root)
