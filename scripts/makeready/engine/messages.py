"""The engine's log messages as findings, located in the stylesheet or manuscript they concern."""

from __future__ import annotations

import re
from collections.abc import Iterable

from makeready.engine.resources import BASE_URL
from makeready.findings import Findings, SourceLocation
from makeready.templates.environment import BOOK_RULES


def report_messages(messages: Iterable[str], location: SourceLocation, findings: Findings) -> None:
    """Add a finding for each message of the engine.

    A message that begins with a stylesheet of the book is located there, any other one at
    ``location``. Missing glyphs are left out where the proofreader has reported them already,
    with their lines.
    """
    glyphs_reported = any(finding.id == "LAY-003" for finding in findings)
    for message in messages:
        if not (glyphs_reported and message.startswith(".notdef glyph")):
            path, line, text = parse_location(message)
            at = SourceLocation(path, line) if path else location
            findings.add("LAY-001", at, message=text.replace(BASE_URL, "").rstrip("."))


_LINE = re.compile(r"\bat (\d+):\d+")
_QUOTED = re.compile(r"'(.+?)'", re.DOTALL)
_SELECTOR_MESSAGE = "Invalid or unsupported selector"
_LOCATED = re.compile(r"(?P<path>[^\s:]+\.css)(?::(?P<line>\d+))?: (?P<message>.*)", re.DOTALL)


def with_location(message: str, stylesheet: str) -> str:
    """Put the path and line in the book's own stylesheet before a message about a stylesheet.

    ``stylesheet`` is the text the engine read: the built-in rules, followed by the book's under
    their name. A message about the built-in rules is returned as it is.
    """
    # The engine gives the line but not the file, and for selectors neither (WeasyPrint #1850,
    # open). Once it names the file, stylesheets can be passed one by one and this can go.
    blocks = list(BOOK_RULES.finditer(stylesheet))
    if not blocks:
        return message
    if match := _LINE.search(message):
        written = int(match[1])
        found = [(own, stylesheet.count("\n", 0, own.end())) for own in blocks]
        within = [(own, written - before) for own, before in found if written > before]
        if not within:
            return message
        own, line = within[-1]
        text = message.replace(match[0], "").replace(" ,", ",").replace(" :", ":")
        return f"{own['path']}:{line}: {' '.join(text.split())}"
    if not message.startswith(_SELECTOR_MESSAGE):
        return message
    quoted = _QUOTED.search(message)
    at = stylesheet.find(quoted[1].strip(), blocks[0].end()) if quoted else -1
    own = next((block for block in reversed(blocks) if 0 <= block.end() <= at), blocks[-1])
    line = stylesheet.count("\n", 0, at) + 1 - stylesheet.count("\n", 0, own.end())
    return f"{own['path']}:{line}: {message}" if at > 0 else f"{own['path']}: {message}"


def parse_location(message: str) -> tuple[str, int | None, str]:
    """Split what `with_location` returns into path, line and text; the path is empty if none."""
    if (match := _LOCATED.fullmatch(message)) is None:
        return "", None, message
    return match["path"], int(match["line"]) if match["line"] else None, match["message"]
