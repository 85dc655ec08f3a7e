"""Fenced blocks that MkDocs finds at any indent, brought to where Markdown reads them."""

from __future__ import annotations

import re

from makeready.importing.outline import outline_of

_INDENT = 4
_START = re.compile(r"[ ]*(`{3,}|~{3,})[^`]*$")
_MOST_ROUNDS = 4


def with_fences_at_edge(text: str) -> str:
    """Return a text in which fenced blocks that an indent makes plain code are less indented.

    MkDocs with SuperFences takes a fence for one however far it is indented.
    """
    for _ in range(_MOST_ROUNDS):
        lines = text.split("\n")
        outline = outline_of(text)
        fenced = {fence.line - 1 for fence in outline.fences}
        for start, end in outline.code:
            block = [line.rstrip() for line in lines[start:end]]
            opening = _START.fullmatch(block[0])
            if opening is None or start in fenced:
                continue
            closing = next(
                (n for n, line in enumerate(block[1:], 1) if line.strip() == opening[1]), 0
            )
            for index in range(start, start + closing + 1) if closing else ():
                blanks = len(lines[index]) - len(lines[index].lstrip(" "))
                lines[index] = lines[index][min(blanks, _INDENT) :]
        changed = "\n".join(lines)
        if changed == text:
            break
        text = changed
    return text
