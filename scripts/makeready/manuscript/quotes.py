"""Conversion of straight quotation marks to typographic ones, apostrophes and primes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from makeready.manuscript.editable_text import Edit, EditableText

_APOSTROPHE = "’"
_MARK = re.compile("[\"'“”„«»‘’‚]")
_FEET = re.compile(
    r"\d(')(?=\s?\d{1,2}(?:[.,]\d+|[½¼¾])?\")"
    r"|(?<=\d)'\s?\d{1,2}(?:[.,]\d+|[½¼¾])?(\")"
    r"|\d(['\"])(?=\s(?:x|×|by|tall|high|wide|long|deep|thick)\b)"
    r"|°\s?\d{1,2}(')|°\s?\d{1,2}['′]\s?\d{1,2}(?:[.,]\d+)?(\")"
)
_PRIMES = {"'": "′", '"': "″"}
# Apostrophes for letters left out at the start of a word, with what follows them.
_ELISION = re.compile(
    r"'(?:\d\ds?|tis|twas|twere|twill|twould|twixt|tisn|em|cause|til|till|bout|round|neath|gainst"
    r"|cept|scuse|fraid|kay|tude|nother|nuff|zat|un|im|ere|s)\b|'n'|'n(?= )",
    re.IGNORECASE,
)
_OPENERS = {"“": "d", "„": "d", "«": "d", "‘": "s", "‚": "s"}
_BEFORE_OPENING = "([{—–/¡¿…“„«‘‚\u00a0\u202f"


@dataclass(slots=True)
class _QuoteState:
    """The open quotations in a text, and the replacements so far; ``d`` double, ``s`` single."""

    open: list[tuple[str, int]] = field(default_factory=list)
    replacements: dict[int, str] = field(default_factory=dict)

    def close(self, kind: str) -> int | None:
        """Close the innermost quotation of a kind; return its level, or None if none is open."""
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == kind:
                del self.open[index:]
                return index
        return None

    def is_open(self, kind: str) -> bool:
        return any(quotation[0] == kind for quotation in self.open)


def quote_edits(
    block_text: EditableText, quotation_marks: dict[str, list[str]]
) -> tuple[list[Edit], int | None]:
    """Return the edits for a text, and the position of a double quotation that is not closed.

    ``quotation_marks`` has each language's outer and inner pair.
    """
    text = block_text.text
    state = _QuoteState()
    for match in _FEET.finditer(text) if '"' in text or "'" in text else ():
        for group in range(1, 6):
            if match[group]:
                state.replacements[match.start(group)] = _PRIMES[match[group]]
    for match in _MARK.finditer(text):
        position, mark = match.start(), match[0]
        if position in state.replacements:
            continue
        if mark in "\"'":
            language = block_text.language_at(position).split("-")[0]
            pairs = quotation_marks.get(language, quotation_marks["en"])
            convert = _double if mark == '"' else _single
            convert(text, position, state, pairs, english=language == "en")
        elif mark in _OPENERS and not _closes_german(mark, state):
            state.open.append((_OPENERS[mark], position))
        elif mark in "”»“":
            state.close("d")
        elif not _is_word(text, position + 1):
            state.close("s")
    edits = [(at, at + 1, words) for at, words in sorted(state.replacements.items())]
    unclosed = [at for kind, at in state.open if kind == "d"]
    return edits, unclosed[-1] if unclosed else None


def _closes_german(mark: str, state: _QuoteState) -> bool:
    """Return whether “ closes a quotation that „ opened."""
    return mark == "“" and state.is_open("d")


def _is_word(text: str, position: int) -> bool:
    return 0 <= position < len(text) and (text[position].isalnum() or text[position] == "\ufffc")


def _before(text: str, position: int, state: _QuoteState) -> str:
    """Return the character before a position, or its replacement."""
    if position == 0:
        return ""
    replacement = state.replacements.get(position - 1)
    return replacement or text[position - 1]


def _may_open(text: str, position: int, state: _QuoteState, kind: str) -> bool:
    before = _before(text, position, state)
    after = text[position + 1 : position + 2]
    if not after or after.isspace():
        return False
    if not before or before.isspace() or before in _BEFORE_OPENING:
        # Between a dash and other punctuation, a mark closes: “Wait—”.
        return not (before in "—–…" and before and not after.isalnum() and state.is_open(kind))
    return before == "-" and after.isalnum() and not state.is_open(kind)


def _double(
    text: str, position: int, state: _QuoteState, pairs: list[str], *, english: bool
) -> None:
    if _may_open(text, position, state, "d"):
        level = 0 if english else len(state.open) % 2
        state.open.append(("d", position))
        state.replacements[position] = pairs[2 * level]
        return
    before = _before(text, position, state)
    if before.isdigit() and not state.is_open("d"):
        state.replacements[position] = "″"
        return
    closed = state.close("d")
    level = 0 if english or closed is None else closed % 2
    state.replacements[position] = pairs[2 * level + 1]


def _single(
    text: str, position: int, state: _QuoteState, pairs: list[str], *, english: bool
) -> None:
    before = _before(text, position, state)
    after_word = bool(before) and (before.isalnum() or before == "\ufffc")
    elision = _ELISION.match(text, position)
    if after_word and _is_word(text, position + 1):
        state.replacements[position] = _APOSTROPHE
    elif elision and english and not after_word:
        state.replacements[position] = _APOSTROPHE
        if elision[0].lower() == "'n'":
            state.replacements[position + 2] = _APOSTROPHE
    elif _may_open(text, position, state, "s"):
        state.open.append(("s", position))
        state.replacements[position] = pairs[2]
    elif state.is_open("s"):
        state.close("s")
        state.replacements[position] = pairs[3]
    else:
        state.replacements[position] = _APOSTROPHE
