"""Where the keys of a TOML file stand: tomllib keeps no lines."""

from __future__ import annotations

import re
from collections import Counter

Path = tuple[str | int, ...]

_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=(.*)$")
_ONE_PART = re.compile(_PART)
# What can open or close inside a value: strings, comments, brackets.
_INSIDE = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{}]')


class TomlLines:
    """The lines of one TOML text, from 1; ask after a well-formed text only."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._found: dict[Path, int] = {}
        self._scan()

    def _scan(self) -> None:
        table: Path = ()
        counts: Counter[Path] = Counter()
        closing = ""
        depth = 0
        for number, line in enumerate(self._lines, start=1):
            rest = line
            if not closing and not depth:
                if header := _TABLE.match(line):
                    table = _within_arrays(_parts(header[2]), counts)
                    if header[1] == "[[":
                        counts[table] += 1
                        table = (*table, counts[table] - 1)
                    self._found.setdefault(table, number)
                    continue
                key = _KEY.match(line)
                if key is None:
                    continue
                self._found.setdefault((*table, *_parts(key[1])), number)
                rest = key[2]
            closing, depth = _after(rest, closing, depth)

    def line_of(self, path: Path, value: str | None = None, occurrence: int = 1) -> int:
        """Return the line of the key at ``path``, or of the nearest table that holds it.

        With ``value``, the line at or after the key that has that string, for the first
        time or the ``occurrence``-th.
        """
        while path and path not in self._found:
            path = path[:-1]
        line = self._found.get(path, 1)
        if value is not None:
            for number in range(line, len(self._lines) + 1):
                text = self._lines[number - 1]
                occurrence -= text.count(f'"{value}"') + text.count(f"'{value}'")
                if occurrence <= 0:
                    return number
        return line

    def text_line_of(self, path: Path) -> int:
        """Return the line that the text of a key begins on: the next one, after three quotes."""
        line = self.line_of(path)
        opens = self._lines[line - 1].rstrip().endswith(('"""', "'''"))
        return line + 1 if opens and path in self._found else line


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _ONE_PART.findall(dotted))


def _within_arrays(table: Path, counts: Counter[Path]) -> Path:
    """Place ``[a.b]`` and ``[[a.b]]`` in the latest element of the array of tables ``[[a]]``."""
    path: Path = ()
    for part in table:
        if path in counts:
            path = (*path, counts[path] - 1)
        path = (*path, part)
    return path


def _after(text: str, closing: str, depth: int) -> tuple[str, int]:
    """Return what is still open at the end of a line: a long string's quotes, brackets."""
    position = 0
    while True:
        if closing:
            end = text.find(closing, position)
            if end < 0:
                return closing, depth
            closing, position = "", end + 3
        match = _INSIDE.search(text, position)
        if match is None:
            return "", depth
        mark, position = match[0], match.end()
        if mark in ('"""', "'''"):
            closing = mark
        elif mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
