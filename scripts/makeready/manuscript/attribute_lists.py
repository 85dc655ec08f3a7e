"""Attribute lists, ``{#id .class lang=fr}``, of blocks, spans, images and links.

Python-Markdown's own extension takes everything up to the last brace of a line for one list, and
so moves or drops the text between two. Here a list ends at its own brace, and braces around
anything else are text, which stays as it is.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from makeready.manuscript.allowed_html import HEADINGS, NOTE_CALL, UNCLOSED
from makeready.manuscript.line_numbers import COLUMN, LINE

_NAME = r"""[^\s={}"']++"""
_TOKEN = rf"""{_NAME}(?:=(?:"[^"\n]*+"|'[^'\n]*+'|{_NAME}))?+"""
_LIST = rf"\{{:?\s*+{_TOKEN}(?:\s++{_TOKEN})*+\s*+\}}"
_TOKENS = re.compile(_TOKEN)
UNNUMBERED = "-"
"""Pandoc's word for the class of a heading without a number."""
ATTRIBUTE_LIST = re.compile(_LIST)
_AT_END = re.compile(rf"[ ]+({_LIST})[ ]*$")
_IN_HEADING = re.compile(rf"(?:^|[ ]+)({_LIST})[ ]*$")
_ON_LAST_LINE = re.compile(rf"\n[ ]*({_LIST})[ ]*$")
_ON_BROKEN_LINE = re.compile(rf"^[ ]*({_LIST})[ ]*$")
_CLOSING_HASHES = re.compile(r"(?:\s|^)#+\s*$")
# Their list is at the end of their line; that of another block has a line of its own.
_ONE_LINE = frozenset({*HEADINGS, "dt", "td", "th"})
_ONE_LINE_CLASSES = frozenset({"caption", "callout-heading", "callout-title", "tab-title"})
# Braces directly after these are a list even if they contain plain words only, which are then
# unknown attributes and reported.
_WITH_LIST = frozenset({"img", "span"})
_WITHOUT_LIST = frozenset({"br", NOTE_CALL})
_INTERNAL = {name: f"{name} " for name in (LINE, COLUMN, UNCLOSED)}
"""An author's attributes of these names get names that are not valid, so that they are reported."""


def attributes_of(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return the names and values in a list without its braces, and what is neither.

    The name of a class is ``.``; a plain word is its own value.
    """
    attributes = []
    for token in _TOKENS.findall(text):
        name, sign, value = token.partition("=")
        if sign:
            attributes.append((name, value.strip(value[0]) if value[0] in "\"'" else value))
        elif name == UNNUMBERED:
            attributes.append((".", "unnumbered"))
        elif name[0] in ".#":
            attributes.append((".", name[1:]) if name[0] == "." else ("id", name[1:]))
        else:
            attributes.append((name, name))
    return attributes, _TOKENS.sub("", text).strip()


class AttributeLists(Extension):
    """The Markdown extension for the attribute lists of blocks."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the processor."""
        md.treeprocessors.register(_MoveAttributes(md), "attribute_lists", 8)


class _MoveAttributes(Treeprocessor):
    """The step that moves the lists of blocks from their text to their attributes."""

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if self.md.is_block_level(element.tag):
                _set_block_attributes(element)


def _set_block_attributes(element: ElementTree.Element) -> None:
    """Take the list at the end of a block's own text."""
    last = _last_inline(element)
    text = (element.text if last is None else last.tail) or ""
    if "}" not in text:
        return
    is_one_line = element.tag in _ONE_LINE or element.get("class") in _ONE_LINE_CLASSES
    if element.tag in HEADINGS and last is None:
        pattern = _IN_HEADING
    else:
        pattern = _AT_END if is_one_line else _ON_LAST_LINE
    match = pattern.search(text)
    if match is None and last is not None and last.tag == "br":
        match = _ON_BROKEN_LINE.search(text)
    if match is None or not is_explicit(match[1]):
        return
    set_attributes(element, match[1])
    text = text[: match.start()]
    if element.tag in HEADINGS:
        text = _CLOSING_HASHES.sub("", text).rstrip()
    if last is None:
        element.text = text
    elif last.tag == "br" and not text.strip():
        element.remove(last)
    else:
        last.tail = text


def _last_inline(element: ElementTree.Element) -> ElementTree.Element | None:
    """Return the last child in a block's own text; None if that has no markup.

    The text of an item ends before the lists inside it.
    """
    children = list(element)
    if element.tag == "li":
        lists = (index for index, child in enumerate(children) if child.tag in {"ol", "ul"})
        children = children[: next(lists, None)]
    return children[-1] if children else None


def is_explicit(text: str) -> bool:
    """Return whether a list has an id, a class or a value, and not plain words only."""
    tokens = _TOKENS.findall(text[1:-1].removeprefix(":"))
    return any(token[0] in ".#" or "=" in token or token == UNNUMBERED for token in tokens)


def has_list(element: ElementTree.Element, text: str) -> bool:
    """Return whether a list directly after inline markup is that of its element."""
    if element.tag in _WITHOUT_LIST:
        return False
    return element.tag in _WITH_LIST or is_explicit(text)


def attributes_in(text: str) -> dict[str, str]:
    """Return the attributes in a list with its braces, by name."""
    attributes: dict[str, str] = {}
    for key, value in attributes_of(text[1:-1].removeprefix(":"))[0]:
        name = author_name("class" if key == "." else key)
        is_further_class = key == "." and name in attributes
        attributes[name] = f"{attributes[name]} {value}" if is_further_class else value
    return attributes


def author_name(name: str) -> str:
    """Return the name of an attribute that an author wrote; it is none of the parser's own."""
    return _INTERNAL.get(name, name)


def set_attributes(element: ElementTree.Element, text: str) -> None:
    """Set the attributes in a list with its braces; classes are added to those there are."""
    for name, value in attributes_in(text).items():
        names = element.get("class") if name == "class" else None
        element.set(name, f"{names} {value}" if names else value)
