"""Lists with letters and Roman numerals, ``a)``, ``(i)``, ``A.``, as Pandoc's fancy lists.

A list begins with the first letter or numeral, and a second item must follow: one line ``a) …``
alone is text. A capital letter with a full stop, which may be an initial, has two spaces after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock

from makeready.book.roman import roman
from makeready.manuscript.parse_run import line_start, line_text

_MARKER = re.compile(r"(\(?)([A-Za-z]|[ivxlc]{2,8}|[IVXLC]{2,8}|\d{1,3})([.)])([ \t]+)(?=\S)")
_FARTHEST = 60
"""The lines within which the second item must begin."""

_CODE_INDENT = 4
_LETTERS = 26
_LARGEST_ROMAN = 99
"""Larger ones have letters that are no marks of items."""


@dataclass(frozen=True, slots=True)
class _Marker:
    """The mark of an item: what stands around it, the mark, and the width with its spaces."""

    brackets: str
    name: str
    width: int


def lettered_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a list; one in a paragraph's lines ends the paragraph."""
    if silent and _continues_open_list(state, start):
        return True
    first = _marker_at(state, start)
    if first is None:
        return False
    style = next((s for s in _styles(first) if _has_second(state, start, end, first, s)), None)
    if style is None:
        return False
    if silent:
        return True
    token = state.push("ordered_list_open", "ol", 1)
    token.map = lines = [start, start]
    token.attrs = {"type": style} if style != "1" else {}
    if first.brackets != ".":
        token.attrs["class"] = "bracket" if first.brackets == ")" else "brackets"
    count, line, number = len(state.tokens), start, 1
    is_tight = True
    marker: _Marker | None = first
    while marker is not None:
        number += 1
        _open_lists(state).append((state.blkIndent, first.brackets, _name(number, style)))
        following, item_is_tight = _read_item(state, line, end, marker)
        _open_lists(state).pop()
        is_tight = is_tight and item_is_tight
        if following >= end or state.sCount[following] < state.blkIndent:
            line = following
            break
        marker = _marker_at(state, following)
        if marker is not None and (
            marker.brackets != first.brackets or marker.name != _name(number, style)
        ):
            marker = None
        if marker is not None and state.isEmpty(following - 1):
            is_tight = False
        line = following
    state.push("ordered_list_close", "ol", -1)
    lines[1] = state.line = line
    if is_tight:
        level = token.level + 2
        for inner in state.tokens[count:]:
            if inner.level == level and inner.type in {"paragraph_open", "paragraph_close"}:
                inner.hidden = True
    return True


def _open_lists(state: StateBlock) -> list[tuple[int, str, str | None]]:
    """Return the lists being read: their indents, brackets and the marks of their next items."""
    lists: list[tuple[int, str, str | None]] = state.env.setdefault("lettered_lists", [])
    return lists


def _continues_open_list(state: StateBlock, line: int) -> bool:
    """Return whether a line begins the next item of a list, whose last item it is read in."""
    lists = _open_lists(state)
    found = _MARKER.match(line_text(state, line)) if lists else None
    return found is not None and any(
        0 <= state.sCount[line] - indent < _CODE_INDENT
        and (found[1] + found[3], found[2]) == (brackets, name)
        for indent, brackets, name in lists
    )


def _read_item(state: StateBlock, line: int, end: int, marker: _Marker) -> tuple[int, bool]:
    """Read an item; return the line after it, and whether no blank line divides its blocks."""
    state.push("list_item_open", "li", 1).map = lines = [line, line]
    saved = (state.bMarks[line], state.tShift[line], state.sCount[line])
    indent, tight, parent = state.blkIndent, state.tight, state.parentType
    state.blkIndent = state.sCount[line] + min(marker.width, _CODE_INDENT)
    state.bMarks[line], state.tShift[line] = line_start(state, line) + marker.width, 0
    state.sCount[line] = state.blkIndent
    state.tight, state.parentType = True, "list"
    state.md.block.tokenize(state, line, end)
    is_tight = state.tight
    following = state.line
    state.bMarks[line], state.tShift[line], state.sCount[line] = saved
    state.blkIndent, state.tight, state.parentType = indent, tight, parent
    state.push("list_item_close", "li", -1)
    lines[1] = following
    return following, is_tight


def _marker_at(state: StateBlock, line: int) -> _Marker | None:
    if not 0 <= state.sCount[line] - state.blkIndent < _CODE_INDENT:
        return None
    found = _MARKER.match(line_text(state, line))
    if found is None or (found[1] and found[3] != ")"):
        return None
    is_number = found[2].isdigit()
    is_initial = found[2].isupper() and found[3] == "." and len(found[4]) == 1
    if (is_number and not found[1]) or is_initial:
        return None
    width = len(found[0]) if len(found[4]) <= _CODE_INDENT else found.start(4) + 1
    return _Marker(found[1] + found[3], found[2], width)


def _styles(first: _Marker) -> str:
    """Return the styles of a list whose first item has a mark; none if it is not a first one."""
    return {"a": "a", "A": "A", "i": "i", "I": "I", "1": "1"}.get(first.name, "")


def _name(number: int, style: str) -> str | None:
    if style == "1":
        return str(number)
    if style in "aA":
        name = chr(ord("a") + number - 1) if number <= _LETTERS else ""
        return (name.upper() if style == "A" else name) or None
    if number > _LARGEST_ROMAN:
        return None
    return roman(number).upper() if style == "I" else roman(number)


def _has_second(state: StateBlock, start: int, end: int, first: _Marker, style: str) -> bool:
    """Return whether the second item follows at the indent of the first."""
    second = _name(2, style)
    # The lines that an earlier search has seen are not looked at again.
    seen: dict[tuple[str, str, int], int] = state.env.setdefault("lines_without_second", {})
    key = (first.brackets, style, state.blkIndent)
    first_unseen = max(start + 1, seen.get(key, 0))
    seen[key] = max(first_unseen, min(end, start + _FARTHEST) - 1)
    for line in range(first_unseen, min(end, start + _FARTHEST)):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < state.blkIndent:
            return False
        marker = _marker_at(state, line)
        if marker is not None and marker.brackets == first.brackets and marker.name == second:
            del seen[key]
            return True
        if state.isEmpty(line - 1) and state.sCount[line] < state.blkIndent + 2:
            seen[key] = line
            return False
    return False
