"""A structure element (ISO 32000-1, 14.7.2), as long as it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from makeready.engine.tagging.roles import GROUPS


@dataclass(eq=False)
class Node:
    """A structure element.

    Its kids are other nodes, and the content that `makeready.engine.tagging.content` has classes
    for. ``texts`` are entries with text, such as ``Alt``; ``attributes`` are by their owner, and
    ``headers`` are the header cells of a cell. A node that ``wraps_text`` has blocks, and its own
    text in paragraphs; ``own_text_of`` is the block whose text such a paragraph has.
    """

    role: str
    parent: Node | None = None
    kids: list[Any] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: list[Node] = field(default_factory=list)
    wraps_text: bool = False
    own_text_of: Any = None

    def add(self, role: str, *, after: Node | None = None) -> Node:
        """Add a node at the end, or after one of the kids, and return it."""
        node = Node(role, self, wraps_text=role in GROUPS)
        self.kids.insert(len(self.kids) if after is None else self.kids.index(after) + 1, node)
        return node

    def label(self) -> Node:
        """Return the label, a node before all others, made if there is none."""
        first = self.kids[0] if self.kids else None
        if isinstance(first, Node) and first.role == "Lbl":
            return first
        label = Node("Lbl", self)
        self.kids.insert(0, label)
        return label

    def paragraph(self, block: Any) -> Node:
        """Return the paragraph that the own text of a block goes on in."""
        last = self.last
        if last is None or block is None or last.own_text_of is not block:
            last = self.add("P")
            last.own_text_of = block
        return last

    def around(self, role: str) -> Node | None:
        """Return the nearest node around this one that has a role, or this one itself."""
        node: Node | None = self
        while node is not None and node.role != role:
            node = node.parent
        return node

    def set_attribute(self, owner: str, name: str, value: Any) -> None:
        """Set an attribute (14.7.5), such as ``Scope`` of ``Table``."""
        self.attributes.setdefault(owner, {})[name] = value

    @property
    def nodes(self) -> list[Node]:
        """The kids that are nodes."""
        return [kid for kid in self.kids if isinstance(kid, Node)]

    @property
    def last(self) -> Node | None:
        """The last kid, if it is a node."""
        kid = self.kids[-1] if self.kids else None
        return kid if isinstance(kid, Node) else None
