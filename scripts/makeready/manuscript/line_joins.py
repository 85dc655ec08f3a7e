"""The lines of a paragraph in a file, joined: with a space, but not within Chinese and Japanese.

As CSS Text 3, 4.1.3, says, a line end between two wide letters is none; and there is no space
beside a wide mark of punctuation, which has room of its own.
"""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

from makeready.book.east_asian_letters import HANGUL
from makeready.book.model import Element

_LINE_END = re.compile(r"(?<! )[ ]*\n[ ]*")
_HANGUL = re.compile(f"[{HANGUL}\uffa0-\uffdc]")


def join_lines(element: Element) -> None:
    """Join the lines of an element's own text."""
    if element.text and "\n" in element.text:
        element.text = _joined(element.text, "", _first_letter(element, 0))
    for index, child in enumerate(element):
        if child.tail and "\n" in child.tail:
            before = "".join(map(str, child.itertext()))[-1:]
            child.tail = _joined(child.tail, before, _first_letter(element, index + 1))


def _first_letter(element: Element, index: int) -> str:
    """Return the first letter of a child of an element."""
    return "".join(map(str, element[index].itertext()))[:1] if index < len(element) else ""


def _joined(text: str, before: str, after: str) -> str:
    def space(match: re.Match[str]) -> str:
        left = text[match.start() - 1] if match.start() else before
        right = text[match.end()] if match.end() < len(text) else after
        return "" if _is_none(left, right) else " "

    return _LINE_END.sub(space, text)


def _is_none(left: str, right: str) -> bool:
    """Return whether a line end between two letters is no space."""
    if not left or not right:
        return False
    wide = [_is_wide(left), _is_wide(right)]
    return all(wide) or any(
        is_wide and category(letter).startswith("P")
        for letter, is_wide in zip((left, right), wide, strict=True)
    )


def _is_wide(letter: str) -> bool:
    return east_asian_width(letter) in "WFH" and not _HANGUL.match(letter)
