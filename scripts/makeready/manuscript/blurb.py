"""The text of the back cover: the blurb in ``book.toml``, or else the book's description."""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.model import BOOK_FILE, Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.raw_html import xml_text
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.section_parser import SectionParser
from makeready.manuscript.structure import finish_tree
from makeready.manuscript.typography import apply_typography

_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote"})
_INLINE = frozenset({"em", "strong", "i", "b", "cite", "span", "abbr", "br", "q", "sup", "sub"})
_ELEMENT_NAMES = {"a": "a link, note or cross-reference", "img": "an image", "figure": "an image"}


def read_blurb(config: BookConfig, sections: SectionParser, findings: Findings) -> Element | None:
    """Return the text of the back cover as a tree of blocks; None if the book has none.

    Paragraphs, lists and quotations with emphasis are allowed; any other element is a finding.
    A description is plain text, and not parsed as Markdown.
    """
    blurb = config.blurb
    if not blurb.text.strip():
        return _from_description(config)
    tree = sections.parse_excerpt(blurb.text, BOOK_FILE, blurb.line, findings)
    if tree is None:
        return None
    for element in list(tree.iter("*"))[1:]:
        if element.tag not in _BLOCKS | _INLINE:
            what = _ELEMENT_NAMES.get(element.tag, f"<{element.tag}>")
            findings.add("COV-014", SourceLocation(BOOK_FILE, source_line(element)), element=what)
            return None
    finish_tree(tree)
    return tree


def _from_description(config: BookConfig) -> Element | None:
    """Return the description as paragraphs; it was checked when ``book.toml`` was read."""
    tree = etree.Element("div")
    for text in re.split(r"\n\s*\n", config.metadata.description.strip()):
        if text.strip():
            etree.SubElement(tree, "p").text = xml_text(" ".join(text.split()))
    if len(tree) == 0:
        return None
    acronyms = config.acronyms_small_caps
    apply_typography(tree, config.metadata.language, BOOK_FILE, Findings(), acronyms=acronyms)
    return tree
