"""The marks of editors in a text: queries and, as CriticMarkup has them, suggested changes.

``{>> a query <<}``, ``{++ words to insert ++}``, ``{-- words to delete --}``,
``{~~ old ~> new ~~}`` and ``{== marked words ==}``, which a query after them is about; and comments
of HTML that begin with ``query:``, ``todo`` or ``fixme``. What is printed is the text before all
suggestions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.rules_inline import StateInline

from makeready.book.queries import Query, QueryKind, QueryPlace
from makeready.manuscript.parse_run import ParseRun

QUERY, RANGE_START, RANGE_END = "query", "marked_start", "marked_end"
"""The tokens of a mark without words of the text, and before and after those it is about."""

_OPENING = re.compile(r"\{(\+\+|--|~~|==)")
_CLOSING = {"++": "++}", "--": "--}", "~~": "~~}", "==": "==}"}
_KINDS = {
    "++": QueryKind.INSERTION,
    "--": QueryKind.DELETION,
    "~~": QueryKind.REPLACEMENT,
    "==": QueryKind.HIGHLIGHT,
}
_ARROW = "~>"
_COMMENT = re.compile(r"<!--\s*(?:(query)\s*:|(todo|fixme)\b\s*:?)\s*(.*?)\s*-->", re.I | re.DOTALL)
_IN_PLAIN_TEXT = re.compile(
    r"\{>>(?:(?!\{>>).)*?<<\}|\{\+\+.+?\+\+\}|\{--.+?--\}|\{~~.+?~~\}|\{==.+?==\}", re.DOTALL
)
_CONTEXT = 40
_RULES = {QueryKind.QUERY: "MAN-019"}
_SUGGESTED = "MAN-095"


def suggestion(state: StateInline, silent: bool) -> bool:
    """Read a suggested change, or marked words; what is not closed in its paragraph is text."""
    opening = _OPENING.match(state.src, state.pos, state.posMax)
    if opening is None:
        return False
    start = opening.end()
    end = state.src.find(_CLOSING[opening[1]], start, state.posMax)
    old_end = state.src.find(_ARROW, start, end) if opening[1] == "~~" and end >= 0 else end
    if end < 0 or old_end < 0 or not state.src[start:end].strip():
        return False
    if silent:
        state.pos = end + 3
        return True
    kind = _KINDS[opening[1]]
    if kind is QueryKind.INSERTION:
        token = state.push(QUERY, "", 0)
        token.content, token.meta["kind"] = " ".join(state.src[start:end].split()), kind
        state.pos = end + 3
        return True
    token = state.push(RANGE_START, "", 0)
    token.meta |= {"kind": kind, "at": state.pos}
    if kind is QueryKind.REPLACEMENT:
        token.meta["words"] = " ".join(state.src[old_end + 2 : end].split())
    maximum, state.pos, state.posMax = state.posMax, start, old_end
    state.md.inline.tokenize(state)
    state.pos, state.posMax = end + 3, maximum
    state.push(RANGE_END, "", 0).meta["at"] = end
    return True


def query_in_comment(comment: str) -> str | None:
    """Return the words of a comment of HTML that is a query; None for any other."""
    found = _COMMENT.match(comment)
    if found is None:
        return None
    label = (found[2] or "").upper()
    words = " ".join(found[3].split())
    return ": ".join(filter(None, (label, words))) or None


def without_marks(text: str) -> tuple[str, list[tuple[int, QueryKind, str, str]]]:
    """Return a text that is no Markdown as it is before suggestions, and the marks in it.

    A mark is its offset, its kind, what it says, and the words that it is about.
    """
    found: list[tuple[int, QueryKind, str, str]] = []

    def kept(match: re.Match[str]) -> str:
        kind = _KINDS.get(match[0][1:3], QueryKind.QUERY)
        words = match[0][3:-3]
        old, arrow, new = words.partition(_ARROW)
        if kind is QueryKind.REPLACEMENT and not arrow:
            return match[0]
        is_new = kind in (QueryKind.QUERY, QueryKind.INSERTION)
        marked = "" if is_new else old if kind is QueryKind.REPLACEMENT else words
        said = words if is_new else new if kind is QueryKind.REPLACEMENT else ""
        found.append((match.start(), kind, " ".join(said.split()), " ".join(marked.split())))
        return marked

    return _IN_PLAIN_TEXT.sub(kept, text), found


@dataclass(slots=True)
class _Mark:
    """A mark while its block is read; positions are numbers of letters and digits of the block."""

    offset: int
    kind: QueryKind
    text: str
    start: int
    end: int
    words: str = ""
    first_piece: int = 0
    is_open: bool = False


@dataclass(slots=True)
class _Block:
    """A block's text while it is read, and the marks in it."""

    offset: int
    pieces: list[str] = field(default_factory=list)
    marks: list[_Mark] = field(default_factory=list)

    _counted: int = 0
    _letters: int = 0

    @property
    def letters(self) -> int:
        """How many letters and digits it has so far, counted where a mark asks for it."""
        self._letters += sum(len(letters_of(piece)) for piece in self.pieces[self._counted :])
        self._counted = len(self.pieces)
        return self._letters


class QueryMarks:
    """The marks of one text, gathered while its blocks are read."""

    def __init__(self, run: ParseRun) -> None:
        self._run = run
        self._blocks: list[_Block] = []
        self._found: list[tuple[int, Query]] = []

    def start_block(self, offset: int) -> None:
        """Begin a block at an offset, maybe inside another one, such as a note in its text."""
        self._blocks.append(_Block(offset))

    def end_block(self) -> None:
        """End the innermost block."""
        block = self._blocks.pop()
        if not block.marks:
            return
        text = letters_of("".join(block.pieces))
        line = self._run.line(block.offset)
        for mark in block.marks:
            before = text[max(0, mark.start - _CONTEXT) : mark.start]
            after = text[mark.start : mark.start + _CONTEXT]
            self._add(mark, QueryPlace(line, mark.start, mark.end, before, after))

    def text(self, text: str) -> None:
        """Count text of the innermost block."""
        if self._blocks:
            self._blocks[-1].pieces.append(text)

    def mark(
        self, offset: int, words: str, kind: QueryKind = QueryKind.QUERY, pending: int = 0
    ) -> None:
        """Add a query or an insertion; outside a block it has no place but its line.

        ``pending`` letters are before it that are not counted yet.
        """
        if not self._blocks:
            self._add(_Mark(offset, kind, words, 0, 0), None)
            return
        block = self._blocks[-1]
        position = block.letters + pending
        last = block.marks[-1] if block.marks else None
        is_about_last = (
            last is not None
            and kind is QueryKind.QUERY
            and last.kind is QueryKind.HIGHLIGHT
            and not last.is_open
            and last.end == position
        )
        if is_about_last and last is not None:
            last.kind, last.text = QueryKind.QUERY, words
        else:
            block.marks.append(_Mark(offset, kind, words, position, position))

    def plain_text(self, text: str, offset: int) -> str:
        """Return a text that is no Markdown without the marks in it, which are added."""
        text, found = without_marks(text)
        for at, kind, words, marked in found:
            self._add(_Mark(offset + at, kind, words, 0, 0, marked), None)
        return text

    def start_range(self, offset: int, kind: QueryKind, words: str) -> None:
        """Begin the words that a mark is about."""
        if self._blocks:
            block = self._blocks[-1]
            number = len(block.pieces)
            at = block.letters
            block.marks.append(_Mark(offset, kind, words, at, at, first_piece=number, is_open=True))

    def end_range(self) -> None:
        """End the words that the innermost open mark is about."""
        block = self._blocks[-1] if self._blocks else None
        for mark in reversed(block.marks if block is not None else []):
            if block is not None and mark.is_open:
                mark.is_open, mark.end = False, block.letters
                mark.words = " ".join("".join(block.pieces[mark.first_piece :]).split())
                return

    def queries(self) -> list[Query]:
        """Return all marks in the order of the text, and report them."""
        queries = []
        for offset, query in sorted(self._found, key=lambda one: one[0]):
            queries.append(query)
            rule = _RULES.get(query.kind, _SUGGESTED)
            self._run.report(rule, offset, text=query.words)
        return queries

    def _add(self, mark: _Mark, place: QueryPlace | None) -> None:
        line = self._run.line(mark.offset)
        self._found.append((mark.offset, Query(mark.text, line, mark.kind, mark.words, place)))


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, which no typography changes."""
    return "".join(filter(str.isalnum, text))
