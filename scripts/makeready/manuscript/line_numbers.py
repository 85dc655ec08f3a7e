"""Line numbers of the source, for the elements of a parsed tree.

Python-Markdown does not keep line numbers. But every line of text in a leaf of its tree is part
of one source line, and the leaves are in the order of the source. So before inline markup is
parsed, the leaves are matched with the source lines in order. Each line end inside a leaf is then
marked with the number of the next line, encoded in C0 separators, which the inline patterns
treat as white space and which are removed from any source.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from xml.etree import ElementTree

from markdown.util import HTML_PLACEHOLDER_RE

from makeready.manuscript.allowed_html import BLOCK
from makeready.manuscript.source import Lines

LINE = "data-line"
_DIGITS = "\x1c\x1d\x1e\x1f"
_WIDTH = 11
MARKER = re.compile(f"([{_DIGITS}]{{{_WIDTH}}})")
_LINE_END = re.compile(r"(?<! )[ ]*\n")
_RULE = re.compile(r"[ >]*(?:[-*+] +)?(?:\*[ ]*){3,}$|[ >]*(?:-[ ]*){3,}$|[ >]*(?:_[ ]*){3,}$")
_SEPARATOR = re.compile(r"[ >|:-]+$")
_DEFINED = re.compile(r"[ ]{0,3}(?:\[[^\]]+\]:|\*\[[^\]]+\]:)")


def encode_line(line: int) -> str:
    """Return a line number as a string of white space."""
    digits = []
    for _ in range(_WIDTH):
        digits.append(_DIGITS[line & 3])
        line >>= 2
    return "".join(digits)


def decode_line(mark: str) -> int:
    """Return the line number that ``encode_line`` encoded."""
    return sum(_DIGITS.index(digit) << (2 * power) for power, digit in enumerate(mark))


def origins_after_raw_html(before: Lines, after: list[str], stash: Sequence[object]) -> list[int]:
    """Return the source line of each line after the parser replaced blocks of raw HTML."""
    last = len(before) - 1
    if after[: len(before)] == before.text:
        return [before.origin[min(index, last)] for index in range(len(after))]
    origins: list[int] = []
    cursor = -1
    after_block = False
    for text in after:
        wanted, height = text.strip(), 1
        placeholder = HTML_PLACEHOLDER_RE.fullmatch(wanted)
        if placeholder:
            raw = str(stash[int(placeholder[1])]).strip("\n").split("\n")
            wanted, height = raw[0].strip(), len(raw)
        if wanted:
            # Text after a closing tag on the same line has become a line of its own.
            start = max(cursor, 0) if after_block else cursor + 1
            found = next((i for i in range(start, last + 1) if wanted in before.text[i]), start)
            origins.append(before.origin[min(found, last)])
            cursor = min(found + height - 1, last)
            after_block = bool(placeholder)
        else:
            origins.append(before.origin[max(cursor, 0)])
    return origins


class LineTracker:
    """Assigns source lines to the elements of a parsed tree, in document order."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._cursor = -1

    def assign_lines(self, root: ElementTree.Element) -> None:
        """Set ``data-line`` on every element of ``root``, and mark the line ends in their text."""
        for child in root:
            self._assign_line(child, in_row=False)

    def _assign_line(self, element: ElementTree.Element, *, in_row: bool) -> None:
        line: int | None = None
        if block := element.get(BLOCK):
            line = self._find_match(re.compile(rf".*/{{3,}}[ ]*{block}\b", re.IGNORECASE))
        elif element.tag == "hr":
            line = self._find_match(_RULE)
        elif element.tag == "tbody":
            self._skip_separator()
        if element.tag == "pre":
            line = self._find_code(element)
        else:
            if element.text and element.text.strip():
                line, element.text = self._mark_text(element.text, same_line=in_row)
            first_cell = True
            for child in element:
                is_cell = child.tag in {"td", "th"}
                before = self._cursor
                self._assign_line(child, in_row=is_cell and not first_cell)
                if is_cell and self._cursor != before:
                    first_cell = False
                if child.tail and child.tail.strip():
                    _, child.tail = self._mark_text(child.tail, same_line=False)
        if line is None:
            line = next((int(c.get(LINE, "0")) for c in element if c.get(LINE)), None)
        element.set(LINE, str(line or self._current_line()))

    def _current_line(self) -> int:
        if not self._lines.origin:
            return 1
        return self._lines.origin[min(max(self._cursor, 0), len(self._lines) - 1)]

    def _mark_text(self, text: str, *, same_line: bool) -> tuple[int, str]:
        first = self._find_text(text.strip("\n").split("\n")[0], self._cursor + (not same_line))
        rest = text.strip("\n").split("\n")[1:]
        numbers = iter([self._find_text(line, self._cursor + 1) for line in rest])
        lead = len(text) - len(text.lstrip("\n"))

        def mark(match: re.Match[str]) -> str:
            number = next(numbers, None)
            return match[0] if number is None else encode_line(number) + match[0]

        return first, text[:lead] + _LINE_END.sub(mark, text[lead:])

    def _find_code(self, element: ElementTree.Element) -> int:
        code = element[0].text if len(element) else element.text
        first: int | None = None
        for text in html.unescape(code or "").split("\n"):
            if text.strip():
                line = self._find_text(text, self._cursor + 1)
                first = first or line
        return first or self._current_line()

    def _find_text(self, text: str, start: int) -> int:
        """Advance to the next line that contains ``text``, and return its number."""
        wanted = text.strip()
        if wanted:
            for index in range(max(start, 0), len(self._lines)):
                line = self._lines.text[index]
                if wanted in line and not (_DEFINED.match(line) and wanted != line.strip()):
                    self._cursor = index
                    break
        return self._current_line()

    def _find_match(self, pattern: re.Pattern[str]) -> int:
        for index in range(self._cursor + 1, len(self._lines)):
            if pattern.match(self._lines.text[index]):
                self._cursor = index
                break
        return self._current_line()

    def _skip_separator(self) -> None:
        for index in range(self._cursor + 1, min(self._cursor + 2, len(self._lines))):
            if _SEPARATOR.match(self._lines.text[index]):
                self._cursor = index
