"""Code chunks as knitr finds them: by their lines alone, in lists and quotations too."""

from __future__ import annotations

import re

SUFFIXES = (".rmd", ".qmd")
"""What the names of texts with such chunks end in, in lower case."""
_START = re.compile(r"(?P<before>[ \t>]+)(?P<fence>`{3,})[ ]*\{(?!\.)[^\n]*\}[ \t]*$")
_MOST_LINES = 5_000


def with_chunks_in_place(text: str) -> str:
    """Return a text in which the lines of an indented chunk have all the indent of its first.

    knitr finds the end of a chunk wherever it is indented, and takes the indent of the first line
    for that of all; a line of code without it would end a list or quotation.
    """
    if "```" not in text:
        return text
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        start = _START.match(lines[index])
        if start is not None:
            end = _end(lines, index, start["fence"])
            for inner in range(index + 1, end + 1):
                line, before = lines[inner], start["before"]
                if not line.startswith(before) and (line.strip() or ">" in before):
                    kept = line.lstrip(" \t>") if inner == end else line
                    lines[inner] = f"{before}{kept}".rstrip()
            index = end
        index += 1
    return "\n".join(lines)


def _end(lines: list[str], start: int, fence: str) -> int:
    """Return the index of the line that ends a chunk; that of its first if nothing ends it."""
    end = re.compile(rf"[ \t>]*{fence}`*[ \t]*")
    last = min(len(lines), start + _MOST_LINES)
    return next((i for i in range(start + 1, last) if end.fullmatch(lines[i])), start)
