"""What the engine says, told as findings."""

from __future__ import annotations

from collections.abc import Iterable

from makeready.engine.css_locations import place_of
from makeready.engine.resources import BASE_URL
from makeready.findings import Findings, SourceLocation


def report_messages(messages: Iterable[str], location: SourceLocation, findings: Findings) -> None:
    """Make findings of what the engine said, but of missing glyphs that are found already.

    A proofreader names those, with their line. What is said of a stylesheet of the book is placed
    there, and not at ``location``.
    """
    told = any(finding.id == "LAY-003" for finding in findings)
    for message in messages:
        if not (told and message.startswith(".notdef glyph")):
            path, line, said = place_of(message)
            place = SourceLocation(path, line) if path else location
            findings.add("LAY-001", place, message=said.replace(BASE_URL, "").rstrip("."))
