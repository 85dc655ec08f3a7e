"""Lines of speech that begin with a hyphen, which Markdown would read as items of a list.

Where the dash of speech is typed as a hyphen (``- Où est-elle ? - demanda-t-il.``), each such line
is a paragraph. The hyphens that typographers would set as dashes are found here too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from makeready.book.punctuation_rules import punctuation_rules

_HYPHEN_LINE = re.compile(r"-[ \t]+\S")
_SPEAKER = (
    r"[,.!?…»”\"'][ \u00a0](?:-{1,3}|[–—])[ \u00a0]?[^\W\d_]"
    r"|(?<=\w)[ ][-–—][^\W\d_]"
    r"|[,!?…»][ \u00a0\u202f]?\w+-(?:t-)?(?:il|elle|ils|elles|je|on)\b"
)
"""What stands after the words that are spoken, and before those about the speaker.

That is a dash after punctuation or a space, or a verb before its pronoun, as French has it.
"""

_ENDS_SENTENCE = re.compile(r"[.!?…,:;][»”\"')\]*_]*(?:\[\^[^\]]{1,200}\]){0,9}$")
_BEGINS_SENTENCE = re.compile(r"-[ \t]++[«“„\"'*_¿¡(…. ]*+[^\W\d_]")
_OPENING = re.compile(r"(-{1,3}|[–—])([ \u00a0]*)(?=[^\s\-–—])")
_CLOSED_UP = re.compile(r"(?<=\s)-(?=[^\W\d_])|(?<=[\w.,!?…»”])-(?=[\s.,;:!?]|$)")
_SPACED = re.compile(r"(?<=\S) -{1,3} (?=\S)")
_DEEPER = re.compile(r"[ \t]{2,}(?:[-*+]|\d{1,9}[.)])[ \t]")

DIALOGUE = "dialogue"
"""The class of a paragraph that begins with the dash of speech."""

_VERSE_OPENING = re.compile(r"(?<=\n)-([ ]?)(?=[^\W\d_]|[¿¡«“\"…])")


class HyphenRun(NamedTuple):
    """Lines that would be one list, and whether they are speech."""

    lines: range
    is_speech: bool


def may_be_speech(line: str, language: str) -> bool:
    """Return whether a line begins with a hyphen, in a language whose speech has a dash."""
    return has_dialogue_dash(language) and _HYPHEN_LINE.match(line) is not None


def hyphen_run(lines: Sequence[str], start: int, language: str) -> HyphenRun:
    """Return the run of the line ``start``, which begins with a hyphen.

    The file has other lines that certainly are speech.
    """
    first = start
    while first and (not lines[first - 1].strip() or _HYPHEN_LINE.match(lines[first - 1])):
        first -= 1
    items, end = _items_from(lines, first)
    speaker = _speaker(language)
    return HyphenRun(
        range(first, end),
        any(speaker.search(item) for item in items) or all(_is_sentence(item) for item in items),
    )


def has_speech(source: str, language: str) -> bool:
    """Return whether a line of a text certainly is speech that begins with a hyphen."""
    if not has_dialogue_dash(language) or "\n- " not in f"\n{source}":
        return False
    lines = source.split("\n")
    speaker = _speaker(language)
    return any(_HYPHEN_LINE.match(line) and speaker.search(line, 2) for line in lines)


@cache
def has_dialogue_dash(language: str) -> bool:
    """Return whether speech begins with a dash in a language."""
    rules = punctuation_rules(language)
    return rules is not None and bool(rules.dialogue)


@cache
def _speaker(language: str) -> re.Pattern[str]:
    rules = punctuation_rules(language)
    said = "|".join(map(re.escape, rules.said)) if rules is not None and rules.said else "(?!)"
    return re.compile(rf"{_SPEAKER}|(?:[,!?…»]|[ \u00a0][-–—])[ \u00a0\u202f](?:{said})\b")


def _items_from(lines: Sequence[str], first: int) -> tuple[list[str], int]:
    """Return the items of a list, each with its lines joined, and the line after the last one."""
    items: list[list[str]] = []
    is_after_blank = True
    end = first
    while end < len(lines):
        line = lines[end]
        if _HYPHEN_LINE.match(line):
            items.append([line.strip()])
        elif items and line.strip():
            if _DEEPER.match(line):
                items[-1].append("-")
            elif line[:1].isspace() or not is_after_blank:
                items[-1].append(line.strip())
            else:
                break
        is_after_blank = not line.strip()
        end += 1
    return [" ".join(item) for item in items], end


def _is_sentence(item: str) -> bool:
    begins = _BEGINS_SENTENCE.match(item)
    return (
        begins is not None
        and not item[begins.end() - 1].islower()
        and _ENDS_SENTENCE.search(item) is not None
    )


def opens_speech(text: str, language: str) -> bool:
    """Return whether a paragraph begins with a dash, in a language whose speech does."""
    return has_dialogue_dash(language) and _opening(text) is not None


def dialogue_edits(text: str, language: str) -> list[tuple[int, int, str]]:
    """Return the edits of a paragraph that begins with the dash of speech, typed in any form."""
    rules = punctuation_rules(language)
    opening = _opening(text)
    if rules is None or not rules.dialogue or opening is None:
        return []
    dash = rules.dialogue if opening[1][0] == "-" else opening[1]
    space = opening[2] and rules.dialogue_space
    edits = [(0, opening.end(), dash + space)] if (dash + space) != opening[0] else []
    inner = f" {dash}{' ' if rules.dialogue_space else ''}"
    edits.extend(
        (match.start(), match.end(), inner) for match in _SPACED.finditer(text, opening.end())
    )
    if opening[1] == "-":
        edits.extend(
            (match.start(), match.end(), dash) for match in _CLOSED_UP.finditer(text, opening.end())
        )
    return sorted(edits)


def verse_edits(text: str, language: str) -> list[tuple[int, int, str]]:
    """Return the edits of lines of verse after the first that begin with the dash of speech."""
    rules = punctuation_rules(language)
    if rules is None or not rules.dialogue:
        return []
    return [
        (match.start(), match.end(), rules.dialogue + (match[1] and rules.dialogue_space))
        for match in _VERSE_OPENING.finditer(text)
    ]


def _opening(text: str) -> re.Match[str] | None:
    """Return the match of a dash or hyphen before words that are spoken, or None."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    next_letter = text[opening.end()]
    is_word = next_letter.isalpha() or next_letter in '¿¡«“"…'
    return opening if opening[2] or is_word else None
