r"""Marks of LaTeX around what stands on its side, on lines of their own.

``\begin{landscape}``, ``\begin{sidewaystable}``, ``\begin{sidewaysfigure}`` and their ends, also in
a fence of that format, ``\blandscape`` and ``\elandscape`` of bookdown; and the comments of Word's
Markdown, ``<!---BLOCK_LANDSCAPE_START--->``. What is between them is a block of the class
``turned``.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from makeready.manuscript.blocks import end_of_container
from makeready.manuscript.parse_run import line_text

_ENVIRONMENT = r"(?:landscape|sidewaystable|sidewaysfigure)\*?"
_BEGIN = re.compile(
    rf"(?:\\begin\{{{_ENVIRONMENT}\}}(?:\[[a-zA-Z!]{{0,6}}\])?|\\blandscape"
    r"|<!-{2,3}[ ]?BLOCK_LANDSCAPE_START[ ]?-{2,3}>)[ \t]*"
)
_END = re.compile(
    rf"(?:\\end\{{{_ENVIRONMENT}\}}|\\elandscape|<!-{{2,3}}[ ]?BLOCK_LANDSCAPE_STOP[ ]?-{{2,3}}>)"
    r"[ \t]*"
)
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*\{=(?:la)?tex\}[ \t]*")
_LINES_OF_FENCE = 3
_WITHOUT_END = "lines without the end of a landscape"


def landscape(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the blocks between two marks."""
    text = line_text(state, start)
    if text[:1] not in {"\\", "<", "`", "~"} or state.is_code_block(start):
        return False
    first = _after_mark(state, start, end, _BEGIN)
    if first is None:
        return False
    last = _end_mark(state, first, end)
    if last is None:
        return False
    if silent:
        return True
    token = state.push("div_open", "div", 1)
    token.map, token.attrs = [start, last], {"class": "turned"}
    parent, maximum = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    state.md.block.tokenize(state, first, last)
    state.parentType, state.lineMax = parent, maximum
    state.push("div_close", "div", -1)
    state.line = _after_mark(state, last, end, _END) or last + 1
    return True


def _end_mark(state: StateBlock, first: int, end: int) -> int | None:
    """Return the line of the next mark that ends what stands on its side."""
    searched, searched_to = state.env.get(_WITHOUT_END, (0, 0))
    if searched <= first < searched_to:
        return None
    stop = end_of_container(state, first, end)
    for line in range(first, stop):
        text = line_text(state, line)
        if text[:1] in {"\\", "<", "`", "~"} and _after_mark(state, line, end, _END) is not None:
            return line
    # Without an end, the rest is not searched for one again.
    state.env[_WITHOUT_END] = (first, stop)
    return None


def _after_mark(state: StateBlock, line: int, end: int, pattern: re.Pattern[str]) -> int | None:
    """Return the line after a mark; None if there is none."""
    text = line_text(state, line)
    if pattern.fullmatch(text):
        return line + 1
    fence = _FENCE.fullmatch(text)
    if fence is None or line + _LINES_OF_FENCE > end:
        return None
    is_closed = line_text(state, line + 2).rstrip() == fence[1]
    return (
        line + _LINES_OF_FENCE
        if is_closed and pattern.fullmatch(line_text(state, line + 1))
        else None
    )
