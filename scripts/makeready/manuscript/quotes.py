"""Straight quotation marks, apostrophes and primes turned into what they mean."""

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
# What follows an apostrophe that stands for letters left out at a word's head.
_ELISION = re.compile(
    r"'(?:\d\ds?|tis|twas|twere|twill|twould|twixt|tisn|em|cause|til|till|bout|round|neath|gainst"
    r"|cept|scuse|fraid|kay|tude|nother|nuff|zat|un|im|ere|s)\b|'n'|'n(?= )",
    re.IGNORECASE,
)
_OPENERS = {"“": "d", "„": "d", "«": "d", "‘": "s", "‚": "s"}
_BEFORE_OPENING = "([{—–/¡¿…“„«‘‚\u00a0\u202f"


@dataclass(slots=True)
class _Reading:
    """How far a run's quotations have been read."""

    open: list[tuple[str, int]] = field(default_factory=list)
    chosen: dict[int, str] = field(default_factory=dict)

    def close(self, kind: str) -> int | None:
        """Close the nearest open quotation of a kind; return its level, None without one."""
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == kind:
                del self.open[index:]
                return index
        return None

    def holds(self, kind: str) -> bool:
        return any(held[0] == kind for held in self.open)


def quote_edits(run: EditableText, marks: dict[str, list[str]]) -> tuple[list[Edit], int | None]:
    """Return the edits for a run, and where a double quotation opens that nothing closes.

    ``marks`` has each language's outer and inner pair.
    """
    text = run.text
    reading = _Reading()
    for match in _FEET.finditer(text) if '"' in text or "'" in text else ():
        for group in range(1, 6):
            if match[group]:
                reading.chosen[match.start(group)] = _PRIMES[match[group]]
    for match in _MARK.finditer(text):
        position, mark = match.start(), match[0]
        if position in reading.chosen:
            continue
        if mark in "\"'":
            language = run.language_at(position).split("-")[0]
            pairs = marks.get(language, marks["en"])
            read = _double if mark == '"' else _single
            read(text, position, reading, pairs, english=language == "en")
        elif mark in _OPENERS and not _closes_german(mark, reading):
            reading.open.append((_OPENERS[mark], position))
        elif mark in "”»“":
            reading.close("d")
        elif not _is_word(text, position + 1):
            reading.close("s")
    edits = [(at, at + 1, words) for at, words in sorted(reading.chosen.items())]
    unclosed = [at for kind, at in reading.open if kind == "d"]
    return edits, unclosed[-1] if unclosed else None


def _closes_german(mark: str, reading: _Reading) -> bool:
    """Say whether “ closes what „ opened."""
    return mark == "“" and reading.holds("d")


def _is_word(text: str, position: int) -> bool:
    return 0 <= position < len(text) and (text[position].isalnum() or text[position] == "\ufffc")


def _before(text: str, position: int, reading: _Reading) -> str:
    """Return the character before, as it was read if it is a mark itself."""
    if position == 0:
        return ""
    chosen = reading.chosen.get(position - 1)
    return chosen or text[position - 1]


def _may_open(text: str, position: int, reading: _Reading, kind: str) -> bool:
    before = _before(text, position, reading)
    after = text[position + 1 : position + 2]
    if not after or after.isspace():
        return False
    if not before or before.isspace() or before in _BEFORE_OPENING:
        # A mark between a dash and a stop closes: “Wait—”.
        return not (before in "—–…" and before and not after.isalnum() and reading.holds(kind))
    return before == "-" and after.isalnum() and not reading.holds(kind)


def _double(
    text: str, position: int, reading: _Reading, pairs: list[str], *, english: bool
) -> None:
    if _may_open(text, position, reading, "d"):
        level = 0 if english else len(reading.open) % 2
        reading.open.append(("d", position))
        reading.chosen[position] = pairs[2 * level]
        return
    before = _before(text, position, reading)
    if before.isdigit() and not reading.holds("d"):
        reading.chosen[position] = "″"
        return
    closed = reading.close("d")
    level = 0 if english or closed is None else closed % 2
    reading.chosen[position] = pairs[2 * level + 1]


def _single(
    text: str, position: int, reading: _Reading, pairs: list[str], *, english: bool
) -> None:
    before = _before(text, position, reading)
    after_word = bool(before) and (before.isalnum() or before == "\ufffc")
    elision = _ELISION.match(text, position)
    if after_word and _is_word(text, position + 1):
        reading.chosen[position] = _APOSTROPHE
    elif elision and english and not after_word:
        reading.chosen[position] = _APOSTROPHE
        if elision[0].lower() == "'n'":
            reading.chosen[position + 2] = _APOSTROPHE
    elif _may_open(text, position, reading, "s"):
        reading.open.append(("s", position))
        reading.chosen[position] = pairs[2]
    elif reading.holds("s"):
        reading.close("s")
        reading.chosen[position] = pairs[3]
    else:
        reading.chosen[position] = _APOSTROPHE
