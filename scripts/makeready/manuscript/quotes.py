"""Conversion of straight quotation marks to typographic ones, apostrophes and primes.

Whether a mark opens or closes depends on the characters around it, beyond other quotation marks:
an opening one follows nothing, white space or punctuation that opens, and a word follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from makeready.book.east_asian_letters import LETTERS
from makeready.book.punctuation_rules import punctuation_rules
from makeready.manuscript.editable_text import NON_TEXT, Edit, EditableText
from makeready.manuscript.single_quotes import SingleMark, is_elision, pair_marks

_APOSTROPHE = "’"
_MARK = re.compile("[\"'“”„«»]")
_FEET = re.compile(
    r"\d(')(?=\s?\d{1,2}(?:[.,]\d+|[½¼¾])?\")"
    r"|(?<=\d)'\s?\d{1,2}(?:[.,]\d+|[½¼¾])?(\")"
    r"|\d(['\"])(?=\s(?:x|×|by|tall|high|wide|long|deep|thick)\b)"
    r"|°\s?\d{1,2}(')|°\s?\d{1,2}['′]\s?\d{1,2}(?:[.,]\d+)?(\")"
)
_PRIMES = {"'": "′", '"': "″"}
_AND = re.compile(r"(?<!\w)(')n(')(?!\w)", re.IGNORECASE)
_HEBREW_PAIR = re.compile("(?<=[\u05d0-\u05ea])[\"'](?=[\u05d0-\u05ea])")
_HEBREW = {"'": "׳", '"': "״"}
QUOTATION_MARKS = "\"'“”„«»‘’‚‹›"
"""All marks, straight and typographic; some open in one language and close in another."""

_LONGEST_WORD, _LONGEST_RUN = 24, 8
"""The most letters and marks on one side that are looked at, so that no text takes long."""

_QUOTE_RUN = re.compile(f"[{QUOTATION_MARKS}]{{1,{_LONGEST_RUN}}}")
_WORD = re.compile(rf"\w{{1,{_LONGEST_WORD}}}")
_WORD_BEFORE = re.compile(r"\w+$")
_BEFORE_OPENING = "([{—–/¡¿…\u00a0\u202f"
_AFTER_CLOSING = ")]}.,;:!?—–/…"
_DASHES = "—–…"
_EAST_ASIAN = re.compile(f"[{LETTERS}]")


@dataclass(frozen=True, slots=True)
class _Context:
    """The characters before and after a mark, beyond other marks; empty at an end of the text.

    ``start`` and ``end`` are where those marks begin and end.
    """

    text: str
    start: int
    end: int

    @property
    def before(self) -> str:
        return self.text[self.start - 1 : self.start] if self.start else ""

    @property
    def after(self) -> str:
        return self.text[self.end : self.end + 1]

    @property
    def may_begin(self) -> bool:
        """Whether a quotation may begin after the character before the mark."""
        return not self.before or self.before.isspace() or self.before in _BEFORE_OPENING

    @property
    def may_end(self) -> bool:
        """Whether a quotation may end before the character after the mark."""
        return not self.after or self.after.isspace() or self.after in _AFTER_CLOSING

    @property
    def is_in_word(self) -> bool:
        return _is_letter(self.before) and _is_letter(self.after)

    def opens(self, *, is_open: bool) -> bool:
        """Return whether a straight mark opens; ``is_open`` is whether there is one to close."""
        if not self.after or self.after.isspace():
            return bool(self.after) and self.may_begin and not is_open
        if self.may_begin:
            # Between a dash and other punctuation, a mark closes: “Wait—”.
            return not (self.before in _DASHES and not _is_letter(self.after) and is_open)
        # A space is missing (He said:"No."), or there is none: l'"ami", non-"word", 说"好".
        after_apostrophe = self.text[self.start] in "'’"
        is_word_before = _is_letter(self.before) and not after_apostrophe
        is_east_asian = _EAST_ASIAN.match(self.before) or _EAST_ASIAN.match(self.after)
        may_begin = not is_word_before or is_east_asian is not None
        is_after_colon = self.before == ":"
        return (not is_open or is_after_colon) and _is_letter(self.after) and may_begin


@dataclass(slots=True)
class _Quotation:
    """A double quotation, from its opening mark; the end is unknown until it is closed."""

    start: int
    mark: str
    end: int | None = None


@dataclass(slots=True)
class _QuoteState:
    """The double quotations of a text, those that are open, and the replacements so far."""

    quotations: list[_Quotation] = field(default_factory=list)
    open: list[_Quotation] = field(default_factory=list)
    replacements: dict[int, str] = field(default_factory=dict)

    def begin(self, position: int, mark: str) -> None:
        self.open.append(_Quotation(position, mark))
        self.quotations.append(self.open[-1])

    def close(self, position: int) -> int:
        """Close the innermost quotation; return its level, 0 if none is open."""
        if not self.open:
            return 0
        self.open.pop().end = position
        return len(self.open)


def quote_edits(
    block_text: EditableText, *, is_continued: bool = False
) -> tuple[list[Edit], int | None]:
    """Return the edits for a text, and the position of a double quotation that is not closed.

    ``is_continued`` is whether the next text begins with a mark, and so may continue a quotation
    of this one.
    """
    text = block_text.text
    state = _QuoteState()
    if '"' in text or "'" in text:
        _replace_other_signs(text, state)
    for match in _MARK.finditer(text):
        if match[0] != "'" and match.start() not in state.replacements:
            _double(block_text, match.start(), state)
    if "'" in text:
        _singles(block_text, state, is_continued=is_continued)
    edits = [(at, at + 1, words) for at, words in sorted(state.replacements.items())]
    return edits, state.open[-1].start if state.open else None


def _replace_other_signs(text: str, state: _QuoteState) -> None:
    """Replace primes, the apostrophes of ``'n'``, and the marks of Hebrew abbreviations."""
    for match in _FEET.finditer(text):
        for group in range(1, 6):
            if match[group]:
                state.replacements[match.start(group)] = _PRIMES[match[group]]
    for match in _AND.finditer(text):
        state.replacements |= dict.fromkeys((match.start(1), match.start(2)), _APOSTROPHE)
    for match in _HEBREW_PAIR.finditer(text):
        state.replacements[match.start()] = _HEBREW[match[0]]


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == NON_TEXT


def _context(text: str, position: int) -> _Context:
    """Return the context of a mark, beyond all marks that are directly next to it."""
    start = position
    while start and text[start - 1] in QUOTATION_MARKS and position - start < _LONGEST_RUN:
        start -= 1
    run = _QUOTE_RUN.match(text, position)
    return _Context(text, start, run.end() if run else position + 1)


def _double(block_text: EditableText, position: int, state: _QuoteState) -> None:
    text = block_text.text
    mark, context = text[position], _context(text, position)
    if mark != '"':
        _track_typographic(mark, position, context, state)
        return
    language = _language_at(block_text, position)
    pairs = _quotes_at(block_text, position)
    if context.opens(is_open=bool(state.open)):
        level = len(state.open)
        state.begin(position, mark)
        side = 0
    elif not state.open and text[position - 1 : position].isdigit():
        state.replacements[position] = "″"
        return
    else:
        level = state.close(position)
        side = 1
    # Within an English quotation, double marks are those of another speech.
    is_inner = language != "en" and level % 2
    if pairs:
        state.replacements[position] = pairs[2 + side if is_inner else side]


def _track_typographic(mark: str, position: int, context: _Context, state: _QuoteState) -> None:
    """Track a mark that the author typed: by its context, and by its shape where that is unclear.

    In German, “ and « close what „ and » opened; in French a space is on both sides of « and ».
    """
    if context.may_begin != context.may_end:
        opens = context.may_begin
    else:
        opener = state.open[-1].mark if state.open else ""
        opens = mark == "„" or (mark == "“" and opener != "„") or (mark == "«" and opener != "»")
    if opens:
        state.begin(position, mark)
    else:
        state.close(position)


def _quotes_at(block_text: EditableText, position: int) -> tuple[str, ...]:
    rules = punctuation_rules(block_text.language_at(position))
    return rules.quotes if rules is not None else ()


def _language_at(block_text: EditableText, position: int) -> str:
    return block_text.language_at(position).split("-", maxsplit=1)[0]


def _singles(
    block_text: EditableText,
    state: _QuoteState,
    *,
    is_continued: bool,
) -> None:
    """Replace the single marks, those within each double quotation, and outside all, together."""
    text = block_text.text
    for marks in _marks_by_quotation(text, state):
        language = _language_at(block_text, marks[0].position)
        pairs = pair_marks(marks, language)
        sides = {index: side for pair in pairs for side, index in enumerate(pair)}
        first = marks[0]
        if is_continued and 0 not in sides and not text[: first.position].strip():
            is_quotation = first.opens and first.after[:1].isupper()
            sides |= {0: 0} if is_quotation and not is_elision(first, language) else {}
        for index, mark in enumerate(marks):
            inner, side = _quotes_at(block_text, mark.position)[2:], sides.get(index)
            if side is None or inner:
                unpaired = "′" if mark.is_feet else _APOSTROPHE
                state.replacements[mark.position] = unpaired if side is None else inner[side]


def _marks_by_quotation(text: str, state: _QuoteState) -> Iterator[list[SingleMark]]:
    """Yield the marks directly inside each double quotation, and those outside all.

    Apostrophes within words are replaced.
    """
    groups: dict[int, list[SingleMark]] = {}
    begun = iter([*state.quotations, _Quotation(len(text), "")])
    following = next(begun)
    around: list[_Quotation] = []
    for match in re.finditer("'", text):
        position = match.start()
        if position in state.replacements:
            continue
        while following.start < position:
            around.append(following)
            following = next(begun)
        while around and around[-1].end is not None and around[-1].end < position:
            around.pop()
        context = _context(text, position)
        if context.is_in_word:
            state.replacements[position] = _APOSTROPHE
        else:
            scope = around[-1].start if around else -1
            groups.setdefault(scope, []).append(_single_mark(position, context))
    yield from groups.values()


def _single_mark(position: int, context: _Context) -> SingleMark:
    text = context.text
    word_before = _WORD_BEFORE.search(text, max(0, context.start - _LONGEST_WORD), context.start)
    word_after = _WORD.match(text, position + 1)
    end = word_after.end() if word_after else position + 2
    is_dash_before = bool(context.before) and context.before in _DASHES
    before = text[max(0, position - _LONGEST_WORD) : position].rstrip()
    return SingleMark(
        position,
        opens=_is_letter(context.after) if is_dash_before else context.opens(is_open=False),
        before=word_before[0] if word_before else context.before,
        after=word_after[0] if word_after else text[position + 1 : position + 2],
        is_alone=text[end : end + 1].isspace(),
        at_start=not before or not _is_letter(before[-1]),
    )
