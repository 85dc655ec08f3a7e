"""Suppression of findings that follow from another one.

One mistake is one finding: a reference to an id that was removed with a refused image, or that
may be in a section that cannot be read, is not reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from makeready.book.model import Element
from makeready.findings import Findings

# After these, the rest of the section is not parsed as the author meant it.
_BREAKING_RULES = frozenset({"MAN-013", "MAN-026", "MAN-033", "MAN-035"})
# These may have their other half in that rest, wherever they are.
_PAIRED_RULES = frozenset({"MAN-021", "REF-002", "REF-003", "REF-011"})


@dataclass(slots=True)
class MissingTargets:
    """Ids and images that were removed; ``has_unread_text``: there is text that was not read."""

    ids: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)
    has_unread_text: bool = False

    def add(self, element: Element) -> None:
        """Add the ids of an element and its descendants."""
        self.ids.update(str(e.get("id")) for e in element.iter() if e.get("id"))

    def may_contain(self, anchor: str) -> bool:
        """Return whether a missing id may be in what was removed or not read."""
        return self.has_unread_text or anchor in self.ids


def drop_consequences(section: Findings, findings: Findings) -> bool:
    """Add a section's findings, without those that follow from one that breaks its text.

    Return whether there is a breaking one.
    """
    broken = [
        item.location.line or 1 for item in section if item.id in _BREAKING_RULES and item.location
    ]
    for item in section:
        line = item.location.line or 1 if item.location else 1
        if not broken or line < min(broken):
            if not broken or item.id not in _PAIRED_RULES:
                findings.append(item)
        elif line == min(broken) and item.id in _BREAKING_RULES:
            findings.append(item)
    return bool(broken)
