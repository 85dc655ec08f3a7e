"""Keys that are pressed together, which stay on one line."""

from __future__ import annotations

from lxml import etree

from makeready.book.model import Element

_JOINTS = frozenset("+-\u2010\u2011\u2013")
KEYS = "keys"
"""The class of several keys with joints between them, within which no line ends."""


def group_keys(tree: Element) -> None:
    """Wrap keys with joints between them, ``<kbd>Ctrl</kbd>-<kbd>C</kbd>``, in one element."""
    for first in list(tree.iter("kbd")):
        parent = first.getparent()
        if parent is None or parent.get("class") == KEYS:
            continue
        keys = [first]
        while (keys[-1].tail or "") in _JOINTS and (following := keys[-1].getnext()) is not None:
            if following.tag != "kbd":
                break
            keys.append(following)
        if len(keys) > 1:
            group = etree.Element("span", {"class": KEYS})
            parent.insert(parent.index(first), group)
            group.tail, keys[-1].tail = keys[-1].tail, None
            group.extend(keys)
