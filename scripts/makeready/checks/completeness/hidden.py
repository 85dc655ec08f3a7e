"""What the stylesheets of a book hide."""

from __future__ import annotations

import re
from collections.abc import Iterator

import cssselect2
import tinycss2
from lxml import etree

from makeready.book.model import Element

_FORMULA = "{http://www.w3.org/1998/Math/MathML}math"
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_HIDING = {("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")}
_MOST_SELECTORS = 200


class HidingRules:
    """The rules of a book's own stylesheet that hide elements under every condition."""

    def __init__(self, css: str) -> None:
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        self._selectors = [
            selector.strip()
            for rule in rules
            if rule.type == "qualified-rule" and _hides(rule.content)
            for selector in tinycss2.serialize(rule.prelude).split(",")
        ][:_MOST_SELECTORS]
        self.classes = frozenset(_CLASS.findall(" ".join(self._selectors)))

    def hidden_in(self, document: Element) -> set[Element]:
        """Return the elements of a document that the rules or the ``hidden`` attribute hide."""
        hidden = {element for element in document.iter(etree.Element) if "hidden" in element.attrib}
        if self._selectors:
            root = cssselect2.ElementWrapper.from_xml_root(document)
            for selector in dict.fromkeys(self._selectors):
                try:
                    hidden.update(match.etree_element for match in root.query_all(selector))
                except cssselect2.SelectorError:
                    # Reading systems ignore an invalid selector.
                    continue
        return hidden


def shown_texts(element: Element, hidden: set[Element]) -> Iterator[str]:
    """Yield the texts in an element that is not hidden, without those of hidden elements.

    A formula has none, since it is no text of the manuscript's tree.
    """
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child not in hidden and child.tag != _FORMULA:
            yield from shown_texts(child, hidden)
        yield child.tail or ""


def _hides(content: object) -> bool:
    declarations = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return any(
        declaration.type == "declaration"
        and any(
            token.type == "ident" and (declaration.lower_name, token.lower_value) in _HIDING
            for token in declaration.value
        )
        for declaration in declarations
    )
