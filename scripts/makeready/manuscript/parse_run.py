"""What the rules of the Markdown parser share while one text is read: where it is, what is wrong.

A position is an offset in the text. A leaf's text, such as a paragraph's, lacks the marks of the
quotations and lists around it, so each of its lines is found in the source by itself.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from makeready.book.model import CodeStyle, Dialogue
from makeready.manuscript.includes import IncludedFiles
from makeready.manuscript.speech import HyphenRun, has_speech, hyphen_run, may_be_speech

Pieces = list[tuple[int, int]]
"""The offsets in a leaf's text at which its lines begin, each with that in the source."""

BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]

_CELL = re.compile(r"(?:\\\||[^|\n])*+")
_CONTAINERS = frozenset(
    {
        "blockquote",
        "book_block",
        "callout_fence",
        "definition_list",
        "fenced_div",
        "indented_callout",
        "landscape",
        "leanpub_box",
        "lettered_list",
        "list",
        "listing_component",
        "note",
        "tagged_callout",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of the parser: the rule, the line in the file, and the values of the message."""

    rule: str
    line: int
    values: dict[str, Any]


class LeafPosition:
    """Finds the offsets in a leaf's text in the source."""

    def __init__(self, pieces: Pieces) -> None:
        self._offsets = [offset for offset, _ in pieces]
        self._sources = [source for _, source in pieces]

    def of(self, offset: int) -> int:
        """Return the offset in the source of one in the leaf's text."""
        number = bisect.bisect_right(self._offsets, offset) - 1
        return self._sources[number] + offset - self._offsets[number]


class Addresses(dict[str, dict[str, Any]]):
    """The addresses ``[name]: https://…`` of links by name, and the names that links use."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """Return an address, and note that it is used."""
        self.used.add(name)
        return super().get(name, default)


@dataclass
class ParseRun:
    """The reading of one text; ``origins`` has the line in the file of each of its lines.

    ``labels`` are those of the book's language. A book with sources of works
    ``reads_citations``; of a file without a book that is not known (None).
    """

    source: str
    origins: Sequence[int]
    language: str
    abbreviations: dict[str, str]
    code: CodeStyle = field(default_factory=CodeStyle)
    includes: IncludedFiles | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    reads_citations: bool | None = False
    dialogue: Dialogue = Dialogue.AUTO
    inline_notes: int = 0
    has_lost_headings: bool = False
    problems: list[Problem] = field(default_factory=list)
    leaf: LeafPosition = field(default_factory=lambda: LeafPosition([(0, 0)]))
    _starts: list[int] = field(default_factory=list)
    _hyphen_run: HyphenRun = field(default_factory=lambda: HyphenRun(range(0), is_speech=False))

    def __post_init__(self) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.source))]

    def line(self, offset: int) -> int:
        """Return the line in the file of an offset."""
        index = bisect.bisect_right(self._starts, offset) - 1
        return self.origins[min(index, len(self.origins) - 1)]

    def column(self, offset: int) -> int:
        """Return the column of an offset, from 1."""
        return offset - self._starts[bisect.bisect_right(self._starts, offset) - 1] + 1

    @cached_property
    def _source_lines(self) -> list[str]:
        return self.source.split("\n")

    @cached_property
    def _has_speech(self) -> bool:
        return has_speech(self.source, self.language)

    def is_speech(self, line: int) -> bool:
        """Return whether a line that begins with a hyphen is speech and not an item of a list."""
        if self.dialogue is Dialogue.LISTS:
            return False
        is_known = self.dialogue is Dialogue.HYPHENS
        if not is_known and not self._has_speech:
            return False
        if not may_be_speech(self._source_lines[line], self.language):
            return False
        if is_known:
            return True
        if line not in self._hyphen_run.lines:
            self._hyphen_run = hyphen_run(self._source_lines, line, self.language)
        return self._hyphen_run.is_speech

    def report(self, rule: str, offset: int, **values: Any) -> None:
        """Add a finding at an offset."""
        self.problems.append(Problem(rule, self.line(offset), values))


def run_of(state: StateBlock | StateInline) -> ParseRun:
    """Return the run that a rule is called in."""
    run = state.env["run"]
    assert isinstance(run, ParseRun)
    return run


def line_start(state: StateBlock, line: int) -> int:
    """Return the offset of the first character of a line that is not space."""
    return state.bMarks[line] + state.tShift[line]


def line_text(state: StateBlock, line: int) -> str:
    """Return a line without its indent."""
    return state.src[line_start(state, line) : state.eMarks[line]]


def with_positions(rule: BlockRule, name: str) -> BlockRule:
    """Return a block rule whose tokens know their positions, in ``meta``.

    ``at`` is the offset of a block; ``pieces`` are those of a leaf's lines.
    """

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        count = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        if silent:
            return True
        new = _own_tokens(state, count) if name in _CONTAINERS else state.tokens[count:]
        if name == "table":
            _set_cell_positions(state, new)
        for token in new:
            if token.map and "at" not in token.meta:
                token.meta["at"] = line_start(state, token.map[0])
                if token.type == "inline" and "pieces" not in token.meta:
                    find = _heading_pieces if name == "heading" else leaf_pieces
                    token.meta["pieces"] = find(state, token)
                elif token.type == "html_block":
                    token.meta["pieces"] = leaf_pieces(state, token)
        return True

    return run


def _own_tokens(state: StateBlock, count: int) -> list[Token]:
    """Return a container's own tokens: the outermost, and its items."""
    if count == len(state.tokens):
        return []
    level = state.tokens[count].level
    items = (t for t in state.tokens[count + 1 :] if t.level <= level + 1 and t.nesting == 1)
    return [state.tokens[count], *items]


def leaf_pieces(state: StateBlock, token: Token) -> Pieces:
    """Find each line of a leaf's text in the source, where it is the end of a line."""
    assert token.map is not None
    first, pieces, offset = token.map[0], Pieces(), 0
    lines = token.content.split("\n")
    for number, text in enumerate(lines, start=first):
        if number >= len(state.eMarks):
            break
        end = state.eMarks[number]
        if token.type == "inline" and number == first + len(lines) - 1:
            end = len(state.src[state.bMarks[number] : end].rstrip()) + state.bMarks[number]
        pieces.append((offset, max(end - len(text), 0)))
        offset += len(text) + 1
    return pieces


def _heading_pieces(state: StateBlock, token: Token) -> Pieces:
    assert token.map is not None
    start = line_start(state, token.map[0])
    while state.src[start : start + 1] == "#":
        start += 1
    return [(0, state.src.find(token.content, start))]


def _set_cell_positions(state: StateBlock, tokens: Sequence[Token]) -> None:
    """Find the cells of a table; the backslash before ``|`` is no longer in their text."""
    line = position = -1
    cell_open = None
    for token in tokens:
        if token.type in {"th_open", "td_open"}:
            cell_open = token
        if token.type != "inline" or not token.map or cell_open is None:
            continue
        if token.map[0] != line:
            line = token.map[0]
            position = line_start(state, line)
            position += state.src[position : position + 1] == "|"
        cell = _CELL.match(state.src, position, state.eMarks[line])
        assert cell is not None
        start = position + len(cell[0]) - len(cell[0].lstrip())
        pieces = [(0, start)]
        for number, bar in enumerate(re.finditer(r"\\\|", cell[0])):
            at = position + bar.start()
            pieces.append((at - start - number, at + 1))
        token.meta["pieces"] = pieces
        cell_open.meta["at"] = start
        position = min(cell.end() + 1, state.eMarks[line])
