"""The content of an element as a list of texts and elements, to be rearranged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from lxml import etree

from makeready.book.content_model import is_block
from makeready.book.model import Element
from makeready.manuscript.line_numbers import LINE

Item = str | Element
_K = TypeVar("_K")
# An element that contains what its parent may contain.
TRANSPARENT = frozenset({"a", "del", "ins"})
CELLS = frozenset({"td", "th"})
ROW_GROUPS = frozenset({"tbody", "tfoot", "thead"})
TABLE_PARTS = frozenset({"caption", "col", "colgroup", "tr"}) | ROW_GROUPS | CELLS
# The elements that can only be in one other, which each needs.
PARENTS = {"li": "ul", "dt": "dl", "dd": "dl", **dict.fromkeys(TABLE_PARTS, "table")}
PARTS = frozenset({*PARENTS, "figcaption", "rp", "rt", "summary"})


def take_items(element: Element) -> list[Item]:
    """Remove and return the content of an element: its texts and children."""
    items: list[Item] = [element.text] if element.text else []
    element.text = None
    for child in list(element):
        tail, child.tail = child.tail, None
        items.append(child)
        if tail:
            items.append(tail)
        element.remove(child)
    return items


def with_items(element: Element, items: Iterable[Item]) -> Element:
    """Return an element with other content."""
    set_items(element, items)
    return element


def set_items(element: Element, items: Iterable[Item]) -> None:
    """Replace the content of an element."""
    items = list(items)
    take_items(element)
    append_items(element, items)


def append_items(element: Element, items: Iterable[Item]) -> None:
    """Add content after that of an element."""
    for item in items:
        if not isinstance(item, str):
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item


def new_element(tag: str, items: Iterable[Item], like: Element | None = None) -> Element:
    """Return an empty element with the source line of its content, or of another element."""
    first = next((item for item in items if not isinstance(item, str)), like)
    line = first.get(LINE) if first is not None else None
    return etree.Element(tag, {LINE: line} if line else {})


def clone(element: Element, items: Iterable[Item], *, with_id: bool) -> Element:
    """Return an element with other content; an id is used once."""
    copy = etree.Element(element.tag, attributes_of(element))
    if not with_id:
        copy.attrib.pop("id", "")
    return with_items(copy, items)


def attributes_of(element: Element) -> dict[str, str]:
    """Return the attributes of an element."""
    return {str(key): str(value) for key, value in element.attrib.items()}


def tag_of(item: Item) -> str:
    """Return the name of an element; the empty string of a text."""
    return "" if isinstance(item, str) else str(item.tag)


def is_space(item: Item) -> bool:
    """Return whether an item is white space only."""
    return isinstance(item, str) and (not item or item.isspace())


def is_block_item(item: Item) -> bool:
    """Return whether an item is a block, or a link or the like around blocks."""
    if isinstance(item, str):
        return False
    if item.tag in TRANSPARENT:
        return any(map(is_block_item, item))
    return is_block(str(item.tag))


def elements_of(items: Iterable[Item], *tags: str) -> list[Element]:
    """Return the elements with one of the names."""
    return [item for item in items if not isinstance(item, str) and item.tag in tags]


def contains(items: Iterable[Item], tags: frozenset[str]) -> bool:
    """Return whether an element with one of the names is among the items or inside them."""
    elements = (item for item in items if not isinstance(item, str))
    return any(inner.tag in tags for element in elements for inner in element.iter())


def runs(items: Sequence[Item], kind: Callable[[Item], _K]) -> list[tuple[_K, list[Item]]]:
    """Return the runs of items of one kind; white space belongs to the run before it."""
    runs: list[tuple[_K, list[Item]]] = []
    lead: list[Item] = []
    for item in items:
        if is_space(item):
            (runs[-1][1] if runs else lead).append(item)
        elif runs and runs[-1][0] == kind(item):
            runs[-1][1].append(item)
        else:
            runs.append((kind(item), [*lead, item] if not runs else [item]))
    return runs
