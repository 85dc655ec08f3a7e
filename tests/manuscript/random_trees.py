"""Random trees of the HTML that a book may contain, right and wrong, the same for the same seed."""

from __future__ import annotations

import random

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.allowed_html import BLOCKS, INLINES

_NAMES = sorted(BLOCKS | INLINES)
_COMMON = ("a", "b", "dd", "div", "dt", "em", "li", "p")
_EMPTY = ("br", "col", "hr", "wbr")
_PARTS = {
    "colgroup": ("col",),
    "details": ("p", "summary"),
    "dl": ("dd", "div", "dt"),
    "figure": ("figcaption", "img", "p"),
    "ol": ("li",),
    "ruby": ("b", "rp", "rt"),
    "table": ("caption", "colgroup", "tbody", "tfoot", "thead", "tr"),
    "tbody": ("tr",),
    "tfoot": ("tr",),
    "thead": ("tr",),
    "tr": ("td", "th"),
    "ul": ("li",),
}
_ATTRIBUTES = {
    "a": ("href", "https://example.org/"),
    "bdo": ("dir", "rtl"),
    "data": ("value", "3"),
    "time": ("datetime", "2026-11-01"),
}


def random_trees(seed: int, count: int) -> list[Element]:
    """Return trees that each have one element in a ``div``; each text is a word of its own."""
    generator = _Trees(random.Random(seed))
    return [generator.tree() for _ in range(count)]


class _Trees:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = 0

    def tree(self) -> Element:
        root = etree.Element("div")
        self._words = 0
        root.append(self._element(self._chance.choice(_NAMES), self._chance.choice((1, 2, 3))))
        self._number(root)
        return root

    def _happens(self, probability: float) -> bool:
        return self._chance.random() < probability

    def _element(self, name: str, depth: int) -> Element:
        element = etree.Element(name)
        if name == "img":
            element.set("alt", "")
        elif name not in _EMPTY:
            if name in _ATTRIBUTES and self._happens(0.7):
                element.set(*_ATTRIBUTES[name])
            self._fill(element, depth)
        return element

    def _fill(self, element: Element, depth: int) -> None:
        parts = _PARTS.get(str(element.tag), ())
        has_text = not parts or self._happens(0.2)
        if has_text and self._happens(0.5):
            element.text = "x"
        for _ in range(self._chance.choice((0, 1, 1, 2, 3)) if depth else 0):
            if parts and self._happens(0.85):
                name = self._chance.choice(parts)
            else:
                name = self._chance.choice(_COMMON if self._happens(0.4) else _NAMES)
            child = self._element(name, depth - 1)
            if has_text and self._happens(0.3):
                child.tail = "x"
            element.append(child)

    def _number(self, element: Element) -> None:
        """Put words in alphabetical order in place of the texts."""
        if element.text:
            element.text = self._word()
        for child in element:
            self._number(child)
            if child.tail:
                child.tail = self._word()

    def _word(self) -> str:
        self._words += 1
        return f"w{self._words:03d}"
