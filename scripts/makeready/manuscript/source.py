"""The source of a section: its file read, and split into numbered lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.findings import Findings, SourceLocation

MAX_BYTES = 4_000_000
MAX_DEPTH = 60
TAB_WIDTH = 4
# Parsing takes time in proportion to the number of markup characters in a paragraph times its
# length: 20,000 times "<a " took most of a minute. Brackets take the most: each is searched for
# its end.
MAX_BRACKETS = 1_500
MAX_BRACKET_WORK = 10_000_000
MAX_MARKS = 8_000
MAX_WORK = 400_000_000
MAX_UNCLOSED = 500
MAX_TAGS = 8_000
MAX_GAP = 500
_FEW_MARKS = 50
_FEW_UNCLOSED = 10
_MARKS = ("[", "*", "_", "`", "{", "![", "&", "~", "^", "<")
_BRACKETS = ("[", "![")
_MAX_SPACES_BEFORE = TAB_WIDTH * MAX_DEPTH
# C0 and C1 controls other than tab and newline, and noncharacters. U+0085 and the Unicode line
# separators are kept: XML allows them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_UNCLOSED = re.compile(r"<[a-zA-Z/!?][^<>]*(?=<|$)")
_ITEM = re.compile(r"[ ]*(?:(?:[-*+]|\d{1,3}\.)[ ]+\S|\[\^[^\]\s]+\]:)")
"""The beginning of a list item or of a note, each of which is parsed by itself."""
_TABLE_RULE = re.compile(r"[ >]*\|?[ :-]*-[ :|-]*$")
_CONTAINERS = re.compile(r"(?:[ ]*(?:>|(?:[-*+]|\d{1,3}\.)(?= )))*[ ]*")
_CONTAINER = re.compile(r"[>*+.-]")
_WIDE_GAP = re.compile(rf"[^ ] {{{MAX_GAP},}}")


@dataclass(slots=True)
class Lines:
    """Lines of text, and for each its line number in the source, from 1."""

    text: list[str] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)

    def add(self, text: str, origin: int) -> None:
        """Append one line."""
        self.text.append(text)
        self.origin.append(origin)

    def __len__(self) -> int:
        return len(self.text)


def read_source(root: Path, name: str, findings: Findings) -> bytes | None:
    """Return the content of a file of the book; None, with a finding, if it cannot be read."""
    location = SourceLocation(name)
    try:
        return read_book_file(root, name, MAX_BYTES)
    except FileRefusedError as error:
        if error.is_outside:
            findings.add("MAN-025", location, path=name)
        elif error.size is not None:
            findings.add("MAN-012", location, size=error.size, limit=MAX_BYTES)
        else:
            findings.add("MAN-030", location, problem=error.problem)
        return None


def split_lines(raw: bytes, name: str, findings: Findings) -> Lines | None:
    """Return the lines of a file's content; None, with a finding, if it is not UTF-8.

    A byte-order mark and CRLF line ends are accepted; tabs become spaces, and control characters
    are removed and reported.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.add("MAN-010", SourceLocation(name, line))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = Lines()
    for number, words in enumerate(text.split("\n"), start=1):
        clean = words
        if control := _CONTROL.search(words):
            code = f"{ord(control[0]):04X}"
            findings.add("MAN-011", SourceLocation(name, number), code=code)
            clean = _CONTROL.sub("", words)
        clean = clean.expandtabs(TAB_WIDTH)
        lines.add(clean if clean.strip(" ") else "", number)
    return lines


def within_bounds(lines: Lines, name: str, findings: Findings) -> bool:
    """Return whether the lines can be parsed in reasonable time; report why not."""
    for text, origin in zip(lines.text, lines.origin, strict=True):
        location = SourceLocation(name, origin)
        opening = _CONTAINERS.match(text)
        before = opening[0] if opening else ""
        depth = len(_CONTAINER.findall(before))
        if depth > MAX_DEPTH or len(before) - depth > _MAX_SPACES_BEFORE:
            findings.add("MAN-013", location, limit=MAX_DEPTH)
            return False
        if len(text) > MAX_GAP and _WIDE_GAP.search(text):
            findings.add("MAN-014", location, count=MAX_GAP, mark="space", limit=MAX_GAP - 1)
            return False
    excess = _unclosed_tags(lines) or _marks_in_paragraph(lines)
    if excess is None:
        return True
    line, mark, count, limit = excess
    findings.add("MAN-014", SourceLocation(name, line), count=count, mark=mark, limit=limit)
    return False


def _unclosed_tags(lines: Lines) -> tuple[int, str, int, int] | None:
    """Return where there are too many unclosed tags: each is searched to the end of the section."""
    length = sum(map(len, lines.text))
    limit = min(MAX_UNCLOSED, max(_FEW_UNCLOSED, MAX_BRACKET_WORK // max(length, 1)))
    count = 0
    for text, origin in zip(lines.text, lines.origin, strict=True):
        count += len(_UNCLOSED.findall(text)) if "<" in text else 0
        if count > limit:
            return origin, "<", count, limit
    return None


def _marks_in_paragraph(lines: Lines) -> tuple[int, str, int, int] | None:
    """Return the first paragraph with too many markup characters for its length."""
    section_text = "\n".join(lines.text)
    # A character that is rare in the section is rare in every paragraph.
    marks = [mark for mark in _MARKS if section_text.count(mark) > _FEW_MARKS]
    if not marks:
        return None
    counts = dict.fromkeys(marks, 0)
    length = first = 0
    for index, (text, origin) in enumerate(zip(lines.text, lines.origin, strict=True)):
        if not text or _ITEM.match(text) or _is_row(lines.text, index):
            counts, length = dict.fromkeys(marks, 0), 0
        first = origin if length == 0 else first
        length += len(text)
        for mark in marks:
            counts[mark] += text.count(mark)
            if counts[mark] <= _FEW_MARKS:
                continue
            limit = _limit_of(mark, length)
            if counts[mark] > limit:
                return first, mark, counts[mark], limit
    return None


def _limit_of(mark: str, length: int) -> int:
    """Return how many of a mark a paragraph of a length may have."""
    if mark == "<":
        return MAX_TAGS
    is_bracket = mark in _BRACKETS
    most, work = (MAX_BRACKETS, MAX_BRACKET_WORK) if is_bracket else (MAX_MARKS, MAX_WORK)
    return min(most, max(_FEW_MARKS, work // max(length, 1)))


def _is_row(text: list[str], index: int) -> bool:
    """Return whether a line is a row of a table."""
    if "|" not in text[index]:
        return False
    return (index > 0 and ("|" in text[index - 1])) or bool(
        index + 1 < len(text) and _TABLE_RULE.match(text[index + 1])
    )
