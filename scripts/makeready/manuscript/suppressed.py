"""Suppression of findings that follow from another one.

One mistake is one finding: a reference to an id that was removed with a refused image, or that
may be in a section that cannot be read, is not reported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from makeready.book.model import Element
from makeready.findings import Finding, Findings

# After these, text may be left out.
_UNREAD_RULES = frozenset({"MAN-013", "MAN-026", "MAN-033"})
# These may have their other half in that text, wherever they are.
_PAIRED_RULES = frozenset({"MAN-021", "REF-002", "REF-003", "REF-011"})
_UNCLOSED_ELEMENT = "MAN-035"
# An unclosed element that begins as these say ends where no author meant it to.
_RULES_OF_ELEMENTS = frozenset({"MAN-008", "MAN-009"})
_TITLE_RULES = frozenset({"MAN-007", "MAN-008", "MAN-009", "MAN-046"})


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
    """Add a file's findings, without those that follow from another one.

    Return whether text of the file may have been left out.
    """
    has_unread_text = any(item.id in _UNREAD_RULES for item in section)
    unclosed = min((_line(i) for i in section if i.id == _UNCLOSED_ELEMENT), default=sys.maxsize)
    for item in section:
        is_pair = has_unread_text and item.id in _PAIRED_RULES
        is_element = item.id in _RULES_OF_ELEMENTS and _line(item) == unclosed
        if not (is_pair or is_element):
            findings.append(item)
    return has_unread_text


def without_title_faults(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a section whose first file is missing, but those of its title."""
    return tuple(item for item in findings if item.id not in _TITLE_RULES)


def _line(finding: Finding) -> int:
    return (finding.location.line or 1) if finding.location else 1
