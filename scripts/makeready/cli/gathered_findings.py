"""Findings that are the same but for their place, gathered for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from makeready.findings import Finding, SourceLocation

_FEW_PLACES = 3
"""So many are listed one by one; of more, the first and their number are."""


@dataclass(frozen=True, slots=True)
class GatheredFinding:
    """The first of some equal findings, and in ``places`` how many there are, if they are many."""

    finding: Finding
    places: str = ""


def gathered(findings: Iterable[Finding]) -> Iterator[GatheredFinding]:
    """Yield findings, those with one text in many places as one for each file.

    Where the files are many too, they are one for all files.
    """
    by_text: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        by_text.setdefault(_text_of(finding), []).append(finding)
    for equal in by_text.values():
        yield from _gathered_equal(equal)


def _gathered_equal(equal: list[Finding]) -> Iterator[GatheredFinding]:
    if len(equal) <= _FEW_PLACES:
        yield from map(GatheredFinding, equal)
        return
    by_file: dict[str, list[Finding]] = {}
    for finding in equal:
        by_file.setdefault(finding.location.path if finding.location else "", []).append(finding)
    if len(by_file) > _FEW_PLACES:
        first = equal[0]
        places = f"×{len(equal)} in {len(by_file)} files; first {_place(first.location)}"
        yield GatheredFinding(first, places)
        return
    for in_file in by_file.values():
        first = min(in_file, key=_line)
        places = f"×{len(in_file)}; first {_place(first.location)}" if len(in_file) > 1 else ""
        yield GatheredFinding(first, places)


def _text_of(finding: Finding) -> tuple[str, ...]:
    return finding.id, str(finding.severity), finding.message, finding.hint, *finding.editions


def _line(finding: Finding) -> int:
    return (finding.location.line or 0) if finding.location else 0


def _place(location: SourceLocation | None) -> str:
    if location is None or location.line is None:
        return "here"
    return f"at line {location.line}"
