"""The source of a section: its file read, and split into numbered lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.findings import Findings, SourceLocation

MAX_BYTES = 4_000_000
MAX_DEPTH = 60
TAB_WIDTH = 4
# C0 and C1 controls other than tab and newline, and noncharacters. U+0085 and the Unicode line
# separators are kept: XML allows them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")


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


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a section: its path relative to the book's folder, and its content."""

    path: str
    raw: bytes


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


def read_stream(stream: BinaryIO, name: str, findings: Findings) -> bytes | None:
    """Return the content of a stream, such as the standard input; None if it is too large."""
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        findings.add("MAN-012", SourceLocation(name), size=f"over {MAX_BYTES}", limit=MAX_BYTES)
        return None
    return raw


def split_lines(raw: bytes, name: str, findings: Findings) -> Lines | None:
    """Return the lines of a file's content; None, with a finding, if it is not UTF-8.

    A byte-order mark and CRLF line ends are accepted; control characters are removed and
    reported.
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
        lines.add(clean, number)
    return lines
