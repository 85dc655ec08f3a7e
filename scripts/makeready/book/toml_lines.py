"""The lines of the keys in a TOML file, which ``tomllib`` does not report."""

from __future__ import annotations

import re
from collections import Counter

TomlPath = tuple[str | int, ...]

_KEY_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_KEY_PART}(?:\s*\.\s*{_KEY_PART})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=(.*)$")
_KEY_PARTS = re.compile(_KEY_PART)
# Strings and comments, which are skipped, and brackets and long strings, which span lines.
_DELIMITER = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{}]')


class TomlLines:
    """The lines of the keys in a well-formed TOML text, from 1."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._line_by_path: dict[TomlPath, int] = {}
        self._scan()

    def _scan(self) -> None:
        table: TomlPath = ()
        counts: Counter[TomlPath] = Counter()
        closing = ""
        depth = 0
        for number, line in enumerate(self._lines, start=1):
            rest = line
            if not closing and not depth:
                if header := _TABLE.match(line):
                    table = _within_arrays(_split_key(header[2]), counts)
                    if header[1] == "[[":
                        counts[table] += 1
                        table = (*table, counts[table] - 1)
                    self._line_by_path.setdefault(table, number)
                    continue
                key = _KEY.match(line)
                if key is None:
                    continue
                self._line_by_path.setdefault((*table, *_split_key(key[1])), number)
                rest = key[2]
            closing, depth = _open_at_end(rest, closing, depth)

    def line_of(self, path: TomlPath, value: str | None = None, occurrence: int = 1) -> int:
        """Return the line of the key at ``path``, or of the nearest table around it.

        With ``value``, return the line of that string in the key's value, or of its
        ``occurrence``-th occurrence there.
        """
        while path and path not in self._line_by_path:
            path = path[:-1]
        line = self._line_by_path.get(path, 1)
        if value is not None:
            for number in range(line, len(self._lines) + 1):
                text = self._lines[number - 1]
                occurrence -= text.count(f'"{value}"') + text.count(f"'{value}'")
                if occurrence <= 0:
                    return number
        return line

    def without(self, key: str) -> str:
        """Return the text without a top-level key or table, in whatever form it is written."""
        is_kept_from = {line: path[0] != key for path, line in self._line_by_path.items()}
        kept, is_kept = [], True
        for number, line in enumerate(self._lines, start=1):
            is_kept = is_kept_from.get(number, is_kept)
            if is_kept:
                kept.append(line)
        return "\n".join(kept)

    def text_line_of(self, path: TomlPath) -> int:
        """Return the line where a key's text begins: the next one if three quotes end the line."""
        line = self.line_of(path)
        opens = self._lines[line - 1].rstrip().endswith(('"""', "'''"))
        return line + 1 if opens and path in self._line_by_path else line


def _split_key(dotted: str) -> TomlPath:
    return tuple(part.strip("\"'") for part in _KEY_PARTS.findall(dotted))


def _within_arrays(table: TomlPath, counts: Counter[TomlPath]) -> TomlPath:
    """Return the path of ``[a.b]`` or ``[[a.b]]`` within the last element of ``[[a]]``."""
    path: TomlPath = ()
    for part in table:
        if path in counts:
            path = (*path, counts[path] - 1)
        path = (*path, part)
    return path


def _open_at_end(text: str, closing: str, depth: int) -> tuple[str, int]:
    """Return what is open at the end of a line: a long string's quotes, the depth of brackets."""
    position = 0
    while True:
        if closing:
            end = text.find(closing, position)
            if end < 0:
                return closing, depth
            closing, position = "", end + 3
        match = _DELIMITER.search(text, position)
        if match is None:
            return "", depth
        mark, position = match[0], match.end()
        if mark in ('"""', "'''"):
            closing = mark
        elif mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
