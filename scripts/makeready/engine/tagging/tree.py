"""The structure tree of a document, made of its elements in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from makeready.engine.tagging.node import Node
from makeready.engine.tagging.roles import (
    CELLS,
    GROUPS,
    HEADINGS,
    TABLE_PARTS,
    alternative,
    classes,
    decoration,
    has_blocks,
    is_block,
    is_code_line,
    is_footnote,
    is_inline,
    is_piece,
    list_numbering,
    structure_type,
    tag_of,
)
from makeready.engine.tagging.tables import set_cells
from makeready.pdf.extract import OTHER_SECTION_URL

_TAKE_NOTES = GROUPS | CELLS | {"LBody"}
_TAKE_BLOCKS = GROUPS | CELLS | {"LBody", "Note", "Caption", "TOCI"}
_ITEMS = {"L": "LI", "TOC": "TOCI"}


class StructureTree:
    """The structure tree of a document, whose nodes are made when they are first asked for.

    The node of an element is the one that its text goes to: of a list item that is its body.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self.top = Node("Document", wraps_text=True)
        self._parents = {
            child: parent for root in roots for parent in root.iter() for child in parent
        }
        self._nodes: dict[Any, Node] = {}
        self._levels: list[int] = []
        self._entries: list[tuple[int, Node]] = []
        self._formula: Node | None = None
        self._numbers = count(1)

    def parent_of(self, element: Any) -> Any:
        """Return the element around an element; None around the root."""
        return self._parents.get(element)

    def link_of(self, element: Any) -> Any:
        """Return the link that an element is in, or is; None if it is in none.

        A link in another one is none: the title of a chapter may have one, in the contents too.
        """
        link = None
        while element is not None:
            if tag_of(element) == "a" and element.get("href"):
                link = element
            element = self._parents.get(element)
        return link

    def block_of(self, element: Any) -> Any:
        """Return the nearest block that an element is in, or is."""
        while element is not None and not is_block(element):
            element = self._parents.get(element)
        return element

    def node(self, element: Any) -> Node:
        """Return the node of an element: its own, or that of the nearest one that has one."""
        found = self._nodes.get(element)
        if found is not None:
            return found
        outer = self._parents.get(element)
        if outer is None:
            self._levels.clear()
            self._nodes[element] = self.top
            return self.top
        parent = self.node(outer)
        # A table makes the nodes of its cells when it is made.
        found = self._nodes.get(element)
        if found is None:
            found = self._nodes[element] = self._made(element, parent)
            if found.role == "Table" and found is not parent:
                self._make_cells(element, found)
        return found

    def text_node(self, element: Any) -> Node:
        """Return the node that the text of an element goes to."""
        node = self.node(element)
        if node.role == "Ruby":
            last = node.last
            return last if last is not None and last.role == "RB" else node.add("RB")
        return node.paragraph(self.block_of(element)) if node.wraps_text else node

    def _made(self, element: Any, parent: Node) -> Node:
        """Make the node of an element, or return the one around it."""
        if is_piece(element) and self._formula is not None:
            return self._formula
        kind = self._kind(element, parent)
        language = element.get("lang") or ""
        if kind == "P" and parent.role not in _TAKE_BLOCKS:
            kind = ""
        if not kind and language and parent is not self.top:
            kind = "Div" if is_block(element) and parent.role in _TAKE_BLOCKS else "Span"
        if not kind:
            return parent
        node = self._placed(kind, element, parent)
        if language:
            node.texts["Lang"] = language
        self._describe(node, element)
        return node

    def _kind(self, element: Any, parent: Node) -> str:
        """Return the type of an element in its place; empty if it has no node."""
        tag = tag_of(element)
        if tag in HEADINGS:
            return f"H{self._level(int(tag[1]))}"
        if parent.role in _ITEMS:
            return _ITEMS[parent.role]
        kind = structure_type(element)
        if kind == "Link" and self.link_of(element) is not element:
            return ""
        if kind == "Lbl" and parent.around("BibEntry") is None and parent.around("Note") is None:
            return ""
        if not kind and is_block(element) and parent.wraps_text and not has_blocks(element):
            return "P" if tag != "dd" else ""
        return kind

    def _placed(self, kind: str, element: Any, parent: Node) -> Node:
        """Add a node for an element, and what has to be around it."""
        if kind == "Note":
            return self._note(element, parent)
        if kind == "TOCI":
            return self._entry(element, parent)
        if kind == "LI":
            return self._item(element, parent)
        if kind == "Lbl":
            return (parent.around("BibEntry") or parent.around("Note") or parent).label()
        if is_code_line(element):
            return parent.add("P").add("Code")
        is_alone = parent.role == "TOCI" or tag_of(self._parents[element]) == "figure"
        if is_inline(kind) and parent.wraps_text and not is_alone:
            parent = parent.paragraph(self.block_of(element))
        if kind == "Link" and _leads_inside(element):
            parent = parent.add("Reference")
        return parent.add(kind)

    def _describe(self, node: Node, element: Any) -> None:
        """Set the entries and the attributes that describe an element further than its role."""
        role = node.role
        if role in {"Figure", "Formula"}:
            node.texts["Alt"] = alternative(element)
            if role == "Formula":
                self._formula = node
        elif role == "L":
            node.set_attribute("List", "ListNumbering", f"/{list_numbering(element)}")
        elif role == "Span" and tag_of(element) == "abbr":
            node.texts["E"] = element.get("title") or ""
        elif role == "Span" and decoration(element):
            node.set_attribute("Layout", "TextDecorationType", f"/{decoration(element)}")
        elif role in CELLS:
            node.wraps_text = has_blocks(element)

    def _make_cells(self, table: Any, node: Node) -> None:
        """Make the nodes of a table's cells, of empty ones too."""
        cells: dict[Node, Any] = {}
        for part in table.iter():
            if part.tag in TABLE_PARTS:
                cells[self.node(part)] = part
        set_cells(node, cells, self._numbers)

    def _level(self, level: int) -> int:
        """Return the level of a heading where none is left out."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return len(self._levels)

    def _item(self, element: Any, parent: Node) -> Node:
        """Add an item to a list, and return its body; a definition goes on in that of its term."""
        last = parent.last
        if tag_of(element) == "dd" and last is not None and last.last is not None:
            return last.last
        body = parent.add("LI").add("LBody")
        outer = self._parents[element]
        body.wraps_text = tag_of(outer) == "dl" or has_blocks(element)
        if tag_of(element) == "dt":
            return body.add("P")
        return body.add("BibEntry") if "references" in classes(outer) else body

    def _note(self, element: Any, parent: Node) -> Node:
        """Add a note: a footnote after the block that calls it, and after other notes there."""
        after: Node | None = None
        if is_footnote(element):
            while parent.role not in _TAKE_NOTES and parent.parent is not None:
                after, parent = parent, parent.parent
            index = parent.kids.index(after) + 1 if after is not None else len(parent.kids)
            while index < len(parent.kids) and _is_note(parent.kids[index]):
                after = parent.kids[index]
                index += 1
        node = parent.add("Note", after=after)
        node.texts["ID"] = f"note-{next(self._numbers)}"
        return node

    def _entry(self, element: Any, contents: Node) -> Node:
        """Add an entry to the contents, in the entry that it belongs to if there is one."""
        rank = _entry_rank(element)
        if not contents.kids:
            self._entries.clear()
        while self._entries and self._entries[-1][0] >= rank:
            self._entries.pop()
        if self._entries:
            above = self._entries[-1][1]
            last = above.last
            contents = last if last is not None and last.role == "TOC" else above.add("TOC")
        node = contents.add("TOCI")
        node.wraps_text = True
        self._entries.append((rank, node))
        return node


def _leads_inside(link: Any) -> bool:
    return str(link.get("href")).startswith(("#", OTHER_SECTION_URL))


def _is_note(kid: Any) -> bool:
    return isinstance(kid, Node) and kid.role == "Note"


def _entry_rank(element: Any) -> int:
    """Return the level of an entry of the contents, by its class."""
    levels = [name.removeprefix("level-") for name in classes(element) if "level-" in name]
    return int(levels[0]) if levels and levels[0].isdigit() else 1
