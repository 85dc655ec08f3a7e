"""Indented code that is evidently prose: a paragraph whose first line the author indented."""

from __future__ import annotations

import re

_LEAST_WORDS = 6
_LEAST_LETTERS = 0.92
"""The part of prose, at least, that is letters, marks of punctuation and single spaces."""

_CODE_SIGNS = re.compile(r"[{}\[\]<>=_|\\$#@^~`*+/]|\w\(|;$|[a-z][A-Z]|://|\S {2,}\S", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?=\n)")
_START = re.compile(r"(?:[^\w\s]{1,2}\s?)?[^\W\d_]")
_END = re.compile(r"[.!?…:,—–][\"'”’»“‘)]{0,2}$")


def count_prose(text: str) -> int:
    """Return the number of paragraphs of indented code; 0 if not all of them are prose."""
    paragraphs = [part for part in _BLANK_LINES.split(text) if part.strip()]
    return len(paragraphs) if all(map(is_prose, paragraphs)) else 0


def is_prose(text: str) -> bool:
    """Return whether indented code is a paragraph: words in a sentence, and no sign of code."""
    words = text.split()
    if len(words) < _LEAST_WORDS or _CODE_SIGNS.search(text.strip()):
        return False
    stripped = text.strip()
    start = _START.match(stripped)
    if start is None or start[0][-1] != start[0][-1].upper() or not _END.search(stripped):
        return False
    letters = sum(character.isalpha() or character.isspace() for character in stripped)
    marks = sum(character in ".,;:!?…—–-'\"’‘“”«»()" for character in stripped)
    return (letters + marks) / len(stripped) >= _LEAST_LETTERS and marks < letters / 4
