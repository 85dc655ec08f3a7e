"""Listings: the code of a fence in lines, with its title, its highlighting and its marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from makeready.book.model import CodeStyle
from makeready.manuscript.code_fences import CodeFence, read_fence
from makeready.manuscript.highlighting import CodeLine, Highlighter
from makeready.manuscript.includes import IncludedFiles
from makeready.manuscript.source import TAB_WIDTH

CODE_LINE = "code-line"
"""The class of a line of code, a block that ends in a line feed."""

LINE_NUMBER = "data-line-number"
"""The attribute of a line of code with its number."""

_HIDDEN = re.compile(r"[ \t]*#(?: |$)")
"""A line of Rust that mdBook runs and does not show."""

_MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing: what its fence says, and its lines, each with its attributes.

    ``is_too_much`` means that it was given up to highlight it.
    """

    fence: CodeFence
    lines: list[tuple[dict[str, str], CodeLine]]
    is_too_much: bool = False


@dataclass(slots=True)
class Listings:
    """A reader of the listings of one section."""

    style: CodeStyle
    includes: IncludedFiles | None = None
    _highlighter: Highlighter = field(default_factory=Highlighter)

    def read(self, info: str, text: str, before: str = "", line: int | None = None) -> Listing:
        """Return a listing from its fence's info, its code, and the attributes before it.

        ``line`` is that of the fence; code without a fence includes no files.
        """
        lines = text.split("\n")
        fence = read_fence(info, lines, before)
        code = "\n".join(lines[fence.option_lines :])
        if self.includes is not None and line is not None and not fence.is_as_typed:
            code = (
                self.includes.file_of_code(fence.file, fence.options, line)
                if fence.file
                else self.includes.code(code, line + 1 + fence.option_lines)
            )
        if fence.language == "rust":
            code = "\n".join(text for text in code.split("\n") if not _HIDDEN.match(text))
        code = "\n".join(text.expandtabs(TAB_WIDTH) for text in code.split("\n"))
        language = fence.language if self.style.highlights else ""
        first = fence.first_number
        if first is None:
            first = 1 if self.style.numbers_lines and info else 0
        coded, is_too_much = self._highlighter.lines(code, language)
        return Listing(fence, _numbered(coded, first, fence), is_too_much)


def _numbered(
    lines: list[CodeLine], first: int, fence: CodeFence
) -> list[tuple[dict[str, str], CodeLine]]:
    result = []
    for number, pieces in enumerate(lines):
        is_marked = number + 1 in fence.marked
        attributes = {"class": f"{CODE_LINE} {_MARKED}" if is_marked else CODE_LINE}
        if first:
            attributes[LINE_NUMBER] = str(first + number)
        is_last = number == len(lines) - 1
        result.append((attributes, pieces if is_last else [*pieces, ("", "\n")]))
    return result
