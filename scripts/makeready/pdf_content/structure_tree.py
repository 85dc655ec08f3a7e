"""The structure tree of a tagged PDF: its elements, their roles and what is in them.

ISO 32000-1, 14.7 and 14.8. A tree of any depth is read once and in linear time, and an element
that is reached a second time is left out there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf

from makeready.pdf_content.resources import entry, name_text

GROUPS = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "TOC", "TOCI", "Index"}
    | {"NonStruct", "Private", "DocumentFragment", "Aside"}
)
"""The types that only group others (ISO 32000-1, table 333), and those of PDF 2.0."""
_BLOCKS = frozenset(
    {"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Caption"}
    | {"Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"}
)
_INLINE = frozenset(
    {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB"}
    | {"RT", "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form"}
)
_NOT_OF_PDF_1_7 = frozenset(
    {"DocumentFragment", "Aside", "Em", "Strong", "Sub", "Title", "FENote", "Artifact"}
)
STANDARD_ROLES = (GROUPS | _BLOCKS | _INLINE) - _NOT_OF_PDF_1_7
"""The standard structure types of PDF 1.7."""
_NAMESPACE_2 = "http://iso.org/pdf2/ssn"
_MOST_DIGITS = 3
_MOST_MAPPINGS = 100

ObjectId = tuple[int, int]
NO_OBJECT: ObjectId = (0, 0)


class MarkedContent(NamedTuple):
    """A part of a page, or of a form on it: the number of its mark, and what that counts in."""

    holder: ObjectId
    mcid: int
    page: ObjectId


class ObjectReference(NamedTuple):
    """An annotation or another object that is in an element."""

    target: Any
    page: ObjectId


@dataclass(eq=False, slots=True)
class Element:
    """A structure element; ``role`` is the standard type, empty where ``tag`` has none."""

    tag: str
    role: str
    parent: Element | None = None
    kids: list[Element | MarkedContent | ObjectReference] = field(default_factory=list)
    object_id: ObjectId = NO_OBJECT
    page: ObjectId = NO_OBJECT
    alt: str | None = None
    actual_text: str | None = None
    expansion: str | None = None
    language: str | None = None
    id: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    has_kids_entry: bool = False

    @property
    def elements(self) -> list[Element]:
        """The elements in it."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    @property
    def level(self) -> int:
        """The level of a numbered heading; 0 for anything else."""
        return _level(self.role)

    def ancestors(self) -> Iterator[Element]:
        """Yield the elements around it, the nearest first."""
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent


@dataclass(slots=True)
class StructureTree:
    """The tree: the elements at its top, and the tags whose mapping to a standard type fails.

    ``reached_twice`` counts the elements that are in two others, or in themselves.
    """

    tops: list[Element] = field(default_factory=list)
    unmapped: dict[str, str] = field(default_factory=dict)
    reached_twice: int = 0

    def elements(self) -> Iterator[Element]:
        """Yield all elements, each before those in it, in the order of reading."""
        stack = self.tops[::-1]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.elements))


def read_structure_tree(pdf: pikepdf.Pdf) -> StructureTree | None:
    """Read the structure tree of a PDF; None if it has none."""
    root = entry(pdf.Root, "/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        return None
    return _Reader(root).read()


class _Reader:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._role_map = _names(entry(root, "/RoleMap"))
        self._class_map = entry(root, "/ClassMap")
        self._tree = StructureTree()
        self._roles: dict[str, str] = {}
        self._visited: set[ObjectId] = set()

    def read(self) -> StructureTree:
        for tag in self._role_map:
            if tag in STANDARD_ROLES:
                self._tree.unmapped[tag] = "is a standard type, which has no other meaning"
        tops = reversed(_items(entry(self._root, "/K")))
        stack: list[tuple[Any, Element | None]] = [(item, None) for item in tops]
        while stack:
            item, parent = stack.pop()
            element = self._kid(item, parent)
            if element is not None:
                stack.extend((kid, element) for kid in reversed(_items(item.get("/K"))))
        return self._tree

    def _kid(self, item: Any, parent: Element | None) -> Element | None:
        """Add a kid to its parent; return it if it is an element."""
        if isinstance(item, int) and not isinstance(item, bool):
            if parent is not None:
                parent.kids.append(MarkedContent(parent.page, item, parent.page))
            return None
        if not isinstance(item, pikepdf.Dictionary):
            return None
        kind = entry(item, "/Type")
        if parent is not None and (kind == "/MCR" or ("/MCID" in item and "/S" not in item)):
            page = _page_of(item, parent)
            holder = _object_id(item.get("/Stm")) if "/Stm" in item else page
            mcid = item.get("/MCID")
            if isinstance(mcid, int):
                parent.kids.append(MarkedContent(holder, mcid, page))
            return None
        if parent is not None and (kind == "/OBJR" or ("/Obj" in item and "/S" not in item)):
            page = _page_of(item, parent)
            parent.kids.append(ObjectReference(item.get("/Obj"), page))
            return None
        return self._element(item, parent) if isinstance(item.get("/S"), pikepdf.Name) else None

    def _element(self, item: Any, parent: Element | None) -> Element | None:
        object_id = _object_id(item)
        if object_id != NO_OBJECT:
            if object_id in self._visited:
                self._tree.reached_twice += 1
                return None
            self._visited.add(object_id)
        tag = name_text(item.S).removeprefix("/")
        element = Element(
            tag,
            self._role(tag, entry(item, "/NS")),
            parent,
            object_id=object_id,
            page=_page_of(item, parent),
            has_kids_entry="/K" in item,
        )
        for key, name in _TEXTS.items():
            if key in item:
                setattr(element, name, text_of(item.get(key)))
        if "/A" in item or "/C" in item:
            element.attributes = self._attributes(item)
        (self._tree.tops if parent is None else parent.kids).append(element)
        return element

    def _attributes(self, item: Any) -> dict[str, Any]:
        attributes: dict[str, Any] = {}
        classes = [entry(self._class_map, name) for name in _items(item.get("/C"))]
        for owned in [*(o for one in classes for o in _items(one)), *_items(item.get("/A"))]:
            if isinstance(owned, pikepdf.Dictionary | pikepdf.Stream):
                attributes.update(
                    (key.removeprefix("/"), value) for key, value in owned.items() if key != "/O"
                )
        return attributes

    def _role(self, tag: str, namespace: Any) -> str:
        """Return the standard type of a tag; remember one that has none."""
        if namespace is not None and text_of(entry(namespace, "/NS")) == _NAMESPACE_2:
            return tag if tag in STANDARD_ROLES or tag in _NOT_OF_PDF_1_7 or _level(tag) else ""
        if namespace is not None and "MathML" in (text_of(entry(namespace, "/NS")) or ""):
            return "Formula" if tag == "math" else "Span"
        if tag not in self._roles:
            self._roles[tag] = self._mapped(tag)
        return self._roles[tag]

    def _mapped(self, tag: str) -> str:
        seen, role = {tag}, tag
        while role not in STANDARD_ROLES:
            role = self._role_map.get(role, "")
            if role in seen:
                self._tree.unmapped[tag] = "is mapped to itself"
                return ""
            if not role or len(seen) > _MOST_MAPPINGS:
                self._tree.unmapped[tag] = "is mapped to no standard type"
                return ""
            seen.add(role)
        return role


_TEXTS = {
    "/Alt": "alt",
    "/ActualText": "actual_text",
    "/E": "expansion",
    "/Lang": "language",
    "/ID": "id",
}


def _level(tag: str) -> int:
    digits = tag[1:] if tag[:1] == "H" else ""
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else 0


def text_of(value: Any) -> str | None:
    """Return a text string, None for anything else."""
    if not isinstance(value, pikepdf.String):
        return None
    try:
        return str(value)
    except UnicodeDecodeError:
        return bytes(value).decode("latin-1")


def _names(dictionary: Any) -> dict[str, str]:
    if not isinstance(dictionary, pikepdf.Dictionary):
        return {}
    return {
        key.removeprefix("/"): name_text(value).removeprefix("/")
        for key, value in dictionary.items()
        if isinstance(value, pikepdf.Name)
    }


def _items(value: Any) -> list[Any]:
    """Return what an entry holds: the items of an array, or its one value."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _object_id(item: Any) -> ObjectId:
    if not isinstance(item, pikepdf.Object):
        return NO_OBJECT
    number, generation = item.objgen
    return number, generation


def _page_of(item: Any, parent: Element | None) -> ObjectId:
    """Return the page that an item names, or that of the element around it."""
    if "/Pg" in item:
        return _object_id(item.get("/Pg"))
    return NO_OBJECT if parent is None else parent.page


def parent_tree(pdf: pikepdf.Pdf) -> dict[int, Any]:
    """Return the entries of the parent tree by their numbers (ISO 32000-1, 14.7.4.4)."""
    entries: dict[int, Any] = {}
    visited: set[ObjectId] = set()
    stack = [entry(pdf.Root, "/StructTreeRoot", "/ParentTree")]
    while stack:
        node = stack.pop()
        node_id = _object_id(node)
        if not isinstance(node, pikepdf.Dictionary) or node_id in visited:
            continue
        if node_id != NO_OBJECT:
            visited.add(node_id)
        numbers = _items(node.get("/Nums"))
        for key, value in zip(numbers[::2], numbers[1::2], strict=False):
            if isinstance(key, int):
                entries[key] = value
        stack.extend(_items(node.get("/Kids")))
    return entries
