"""Findings about letters and their fonts: one a script, or one a family, for the whole book."""

from __future__ import annotations

from makeready.findings import Finding, Findings

_MISSING_GLYPHS, _LAST_RESORT, _SMALL_CAPITALS = "LAY-003", "LAY-040", "LAY-041"
_FOR_SCRIPT = " For "
"""What a hint has that says how to get a family for a script."""


def keep_first_of_scripts(findings: Findings) -> None:
    """Drop all but the first of the findings that one family would put right.

    They are about the letters of a script, which no font of the book has or only one of last
    resort, and about the small capitals of a family.
    """
    known: set[tuple[str, str]] = set()
    for finding in findings:
        about = _what_it_is_about(finding)
        if about and (finding.id, about) in known:
            findings.drop(finding)
        known.add((finding.id, about))


def _what_it_is_about(finding: Finding) -> str:
    """Return what several findings have in common, nothing for one that stands for itself."""
    if finding.id == _MISSING_GLYPHS and _FOR_SCRIPT in finding.hint:
        return finding.hint
    if finding.id == _LAST_RESORT:
        return finding.hint
    if finding.id == _SMALL_CAPITALS:
        return finding.message.partition(":")[0]
    return ""
