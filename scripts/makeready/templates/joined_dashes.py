"""Dashes that reading systems part from their word: —dijo, él—, as Spanish has them.

Browsers end a line on either side of an em dash. Where dashes of speech have no space on one side,
the word and its dash have an element of their own, whose text does not wrap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from makeready.book.model import Element
from makeready.book.punctuation_rules import punctuation_rules

JOINED = "joined"
"""The class of a word with its dash."""

_DASH = re.compile("[—–]")
_NO_WORDS = frozenset({"code", "kbd", "math", "samp", "svg"})
_WORD_WITH_DASH = re.compile(
    r"(?<!\S)(?:[«“(]?[—–][^\s—–]+[—–]?[.,;:!?…»”)]*|[^\s—–]*\w[—–][.,;:!?…»”)]*)(?!\S)"
)


def join_dashes(tree: Element, language: str) -> None:
    """Keep dashes beside their words, in a language whose speech has no space after its dash."""
    rules = punctuation_rules(language)
    if rules is None or not rules.dialogue or rules.dialogue_space:
        return
    for paragraph in list(tree.iter("p")):
        for element in [paragraph, *_with_words(paragraph)]:
            if element.get("class") == JOINED:
                continue
            if element.text and element.tag not in _NO_WORDS and _DASH.search(element.text):
                element.text, spans = _parted(element.text)
                for position, span in enumerate(spans):
                    element.insert(position, span)
            parent = element.getparent()
            tail = element.tail
            if element is not paragraph and tail and parent is not None and _DASH.search(tail):
                element.tail, spans = _parted(tail)
                at = parent.index(element) + 1
                for position, span in enumerate(spans):
                    parent.insert(at + position, span)


def _with_words(parent: Element) -> Iterator[Element]:
    """Yield the elements in another, but for those in code and drawings."""
    for child in parent:
        if isinstance(child.tag, str):
            yield child
            if child.tag not in _NO_WORDS:
                yield from _with_words(child)


def _parted(text: str) -> tuple[str, list[Element]]:
    """Return the text before the first word with a dash, and the spans of all with their tails."""
    spans: list[Element] = []
    before, end = text, 0
    for match in _WORD_WITH_DASH.finditer(text):
        if spans:
            spans[-1].tail = text[end : match.start()]
        else:
            before = text[: match.start()]
        spans.append(etree.Element("span", {"class": JOINED}))
        spans[-1].text, end = match[0], match.end()
    if spans:
        spans[-1].tail = text[end:]
    return before, spans
