"""What a fault took with it, so that what depends on it is not reported as well.

One fault gives one finding: a reference to a place that went with a refused image, or with
a section that cannot be read, is no fault of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from makeready.book.model import Element
from makeready.findings import Findings

# After these nothing of the section is read as it was meant.
_BREAKS = frozenset({"MAN-013", "MAN-026", "MAN-033", "MAN-035"})
# And these may have their other half there, wherever they stand.
_PAIRED = frozenset({"MAN-021", "REF-002", "REF-003", "REF-011"})
_ID = re.compile(r"[{|][^}|]*#([^\s}|]+)|\bid=[\"']?([^\s\"'}>]+)")


@dataclass(slots=True)
class MissingTargets:
    """The places that faults took away; ``has_unread_text``: text of which nothing is known."""

    ids: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)
    has_unread_text: bool = False

    def add(self, element: Element) -> None:
        """Note the ids of an element and of all that it holds."""
        self.ids.update(str(e.get("id")) for e in element.iter() if e.get("id"))

    def add_from_source(self, lines: Iterable[str]) -> None:
        """Note the ids that lines of source give."""
        for line in lines:
            for match in _ID.finditer(line) if "#" in line or "id=" in line else ():
                self.ids.add(match[1] or match[2])

    def may_contain(self, anchor: str) -> bool:
        """Say whether a place that is not in the book may be among what was lost."""
        return self.has_unread_text or anchor in self.ids


def keep_causes(section: Findings, findings: Findings) -> bool:
    """Add a section's findings, without those that follow from a break in its text.

    Return whether there is such a break.
    """
    broken = [item.location.line or 1 for item in section if item.id in _BREAKS and item.location]
    for item in section:
        line = item.location.line or 1 if item.location else 1
        if not broken or line < min(broken):
            if not broken or item.id not in _PAIRED:
                findings.append(item)
        elif line == min(broken) and item.id in _BREAKS:
            findings.append(item)
    return bool(broken)
