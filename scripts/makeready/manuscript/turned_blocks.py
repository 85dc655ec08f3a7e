"""Blocks that stand on their side: tables, figures and ``div`` with the class ``turned``."""

from __future__ import annotations

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import source_line

TURNED = "turned"
_NAMES = {
    "table": frozenset({TURNED, "landscape", "sideways"}),
    "div": frozenset({TURNED, "landscape", "sideways"}),
    # Of a picture "landscape" says how wide it is.
    "figure": frozenset({TURNED, "sideways"}),
}
_AROUND = frozenset({"div", "section", "article", "main"})
_CALLOUT = "callout"


def mark_turned(tree: Element, path: str, findings: Findings) -> None:
    """Give blocks on their side the class ``turned``; report those that cannot be turned.

    A page is turned with all that is on it, so a turned block is at the top level.
    """
    for block in tree.iter(*_NAMES):
        names = classes(block)
        found = _NAMES[str(block.tag)] & set(names)
        if not found:
            continue
        kept = [name for name in names if name not in found]
        if is_on_side(block.getparent()):
            pass
        elif can_be_turned(block):
            kept.append(TURNED)
        else:
            findings.add("MAN-053", SourceLocation(path, source_line(block)))
        if kept:
            block.set("class", " ".join(kept))
        else:
            del block.attrib["class"]


def can_be_turned(block: Element) -> bool:
    """Return whether a block is inside nothing that is on a page with other text."""
    return all(
        ancestor.tag in _AROUND and _CALLOUT not in classes(ancestor)
        for ancestor in block.iterancestors()
    )


def is_on_side(block: Element | None) -> bool:
    """Return whether a block, or one around it, is turned."""
    if block is None:
        return False
    return any(TURNED in classes(one) for one in (block, *block.iterancestors()))


def add_class(element: Element, name: str) -> None:
    """Add a class to those of an element."""
    element.set("class", " ".join([*classes(element), name]))
