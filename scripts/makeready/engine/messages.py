"""What the engine says, as findings at the line of the stylesheet or manuscript it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from makeready.engine.resources import BASE_URL
from makeready.findings import Findings, SourceLocation
from makeready.templates.environment import OWN_RULES


def report_messages(messages: Iterable[str], location: SourceLocation, findings: Findings) -> None:
    """Make findings of what the engine said, but of missing glyphs that are found already.

    A proofreader names those, with their line. What is said of a stylesheet of the book is placed
    there, and not at ``location``.
    """
    told = any(finding.id == "LAY-003" for finding in findings)
    for message in messages:
        if not (told and message.startswith(".notdef glyph")):
            path, line, said = parse_location(message)
            place = SourceLocation(path, line) if path else location
            findings.add("LAY-001", place, message=said.replace(BASE_URL, "").rstrip("."))


_LINE = re.compile(r"\bat (\d+):\d+")
_QUOTED = re.compile(r"'(.+?)'", re.DOTALL)
_OF_A_SELECTOR = "Invalid or unsupported selector"
_PLACED = re.compile(r"(?P<path>[^\s:]+\.css)(?::(?P<line>\d+))?: (?P<message>.*)", re.DOTALL)


def with_location(message: str, sheet: str) -> str:
    """Begin a message about a stylesheet with the place in the book's own file it is about.

    ``sheet`` is what the engine read: the house's rules, and then the book's under their name.
    A message about the house's own rules stays as it is.
    """
    if (own := OWN_RULES.search(sheet)) is None:
        return message
    head = sheet.count("\n", 0, own.end())
    if match := _LINE.search(message):
        line = int(match[1]) - head
        said = message.replace(match[0], "").replace(" ,", ",").replace(" :", ":")
        return f"{own['path']}:{line}: {' '.join(said.split())}" if line > 0 else message
    if not message.startswith(_OF_A_SELECTOR):
        return message
    quoted = _QUOTED.search(message)
    at = sheet.find(quoted[1].strip(), own.end()) if quoted else -1
    line = sheet.count("\n", 0, at) + 1 - head
    return f"{own['path']}:{line}: {message}" if at > 0 else f"{own['path']}: {message}"


def parse_location(message: str) -> tuple[str, int | None, str]:
    """Return the file and line a message begins with, if it does, and what it says."""
    if (match := _PLACED.fullmatch(message)) is None:
        return "", None, message
    return match["path"], int(match["line"]) if match["line"] else None, match["message"]
