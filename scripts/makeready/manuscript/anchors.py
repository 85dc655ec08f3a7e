"""Anchors without content, ``<a id="x"></a>``: names of the heading or block they belong to."""

from __future__ import annotations

from makeready.book.model import Element
from makeready.manuscript.allowed_html import BLOCKS, HEADINGS
from makeready.manuscript.cross_references import LABEL_OF_PREVIOUS
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import remove_element

NAMES = "data-names"
"""The attribute with the further names of an element, while the book is being read."""

_PLAIN_ATTRIBUTES = {"id", LINE}


def merge_anchors(tree: Element) -> None:
    """Make the anchors in a heading, and those alone before a block, names of it.

    Otherwise an anchor before a heading would be on the page before it, or be an empty line.
    """
    _merge_labels(tree)
    for heading in tree.iter(*HEADINGS):
        for anchor in [element for element in heading.iter("a", "span") if _is_anchor(element)]:
            _add_name(heading, str(anchor.get("id")))
            remove_element(anchor)
    for element in list(tree.iter("p", "div", "a", "span")):
        following = element.getnext()
        if following is None or following.tag not in BLOCKS or (element.tail or "").strip():
            continue
        anchors = _lone_anchors(element)
        for anchor in anchors:
            _add_name(following, str(anchor.get("id")))
        if anchors:
            remove_element(element)


def _merge_labels(tree: Element) -> None:
    """Make a label alone in a paragraph a name of the block before it, and any other an anchor."""
    for label in list(tree.iter("span")):
        if label.get("class") != LABEL_OF_PREVIOUS:
            continue
        del label.attrib["class"]
        parent = label.getparent()
        if parent is None or parent.tag != "p" or _lone_anchors(parent) != [label]:
            continue
        previous = parent.getprevious()
        if previous is not None and previous.tag in BLOCKS:
            _add_name(previous, str(label.get("id")))
            remove_element(parent)


def names_of(element: Element) -> list[str]:
    """Return the id of an element and its further names, which are removed from it."""
    own = element.get("id")
    further = str(element.attrib.pop(NAMES, "")).split()
    return list(dict.fromkeys([own, *further] if own else further))


def _is_anchor(element: Element) -> bool:
    return (
        bool(element.get("id"))
        and set(map(str, element.attrib)) <= _PLAIN_ATTRIBUTES
        and len(element) == 0
        and not (element.text or "").strip()
    )


def _lone_anchors(element: Element) -> list[Element]:
    """Return the anchors of an element that contains nothing else; it may be one itself."""
    if _is_anchor(element):
        return [element]
    texts = [element.text, *(child.tail for child in element)]
    is_bare = set(map(str, element.attrib)) <= {LINE} and not any((t or "").strip() for t in texts)
    children = list(element)
    if is_bare and all(child.tag in {"a", "span"} and _is_anchor(child) for child in children):
        return children
    return []


def _add_name(element: Element, name: str) -> None:
    element.set(NAMES, " ".join([*(element.get(NAMES) or "").split(), name]))
