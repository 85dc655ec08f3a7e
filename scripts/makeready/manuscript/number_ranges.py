"""Ranges of numbers (12–15, 8:28–30, 1.5–2.5), the minus sign, and digits in groups of three."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from makeready.book.east_asian_letters import LETTERS
from makeready.book.punctuation_rules import PunctuationRules, punctuation_rules
from makeready.manuscript.editable_text import Edit, EditableText

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
MINUS = "−"
EN_DASH = "–"

_PHONE = (3, 4)
_SHORT_RANGE = 2
_NOON = 12
_LOOK_BACK = 24
_BEFORE = rf"(?<![^\W{LETTERS}]|[\-–/.:,#+])(?<!\d[ \u00a0])"
_AFTER = rf"(?![^\W{LETTERS}]|[\-–/:+])(?![.,]\d)(?![ \u00a0]\d)"
_WHOLE = re.compile(rf"{_BEFORE}(?P<from>\d{{1,4}})-(?P<to>\d{{1,4}}){_AFTER}")
_FRACTION = r"\d{1,4}(?:[.,]\d{3})*(?:[.,]\d{1,3})?"
_FRACTIONS = re.compile(rf"{_BEFORE}(?P<from>{_FRACTION})-(?P<to>{_FRACTION}){_AFTER}")
_WITH_COLON = re.compile(
    rf"{_BEFORE}\d{{1,3}}:\d{{1,3}}[a-f]?(-)(?!0\d)\d{{1,3}}[a-f]?(?::\d{{1,3}}[a-f]?)?{_AFTER}"
)
_ORDINALS = re.compile(r"(?<![\w.,:/-])\d{1,2}\.(-)(?=\d{1,2}\.[ \u00a0])")
_NOT_A_RANGE = re.compile(
    r"(?:\b(?:ISBN|ISSN|ISO|IEC|IEEE|ANSI|DIN|EN|BS|RFC|PEP|CVE|DOI)|[Tt]el\.?|[Pp]hone|[Ff]ax)[^.;]{0,12}$"
)
_PAIR = r"\d{1,4}-\d{1,4}"
_PAIRS = rf"{_PAIR}(?:(?:,[ ]?(?:\w{{1,4}}[ ])?|[ ]\w{{1,4}}[ ]){_PAIR})*"
_FIRST_NUMBER = re.compile(r"(?<!-)(?<!\d)\d+(?=-)")
_TIMES = re.compile(r"(?<=\d)[ \u00a0](x)[ \u00a0](?=\d)")
_NEGATIVE = re.compile(
    r"(?:(?<![^\s(\[“«„‘=×])(?<!\d[ \u00a0])(?<!\)[ \u00a0]))(-)(?=\d+(?:[.,]\d+)*(?![\d\-]))"
)
SUBTRACTION = re.compile(r"(?<=\d)( - )(?=\d+(?:[.,]\d+)?[ \u00a0]?=)")
_GROUPS = re.compile(
    r"(?<![\w+.,/:#–-])(?<!\d[ \u00a0\u202f])\d{1,3}(?:[ \u00a0]\d{3})+(?!\d|[ \u00a0\u202f]\d|-)"
)
_GROUP_SPACE = re.compile("[ \u00a0]")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What stands before or after a pair of numbers, in a language.

    After ``compound_numbers`` a pair is one number; after ``scores`` or ``page_words``, and before
    ``clock_words``, it is a range though the second is not the larger.
    """

    compound_numbers: re.Pattern[str]
    scores: re.Pattern[str]
    page_words: re.Pattern[str]
    clock_words: re.Pattern[str]


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or "(?!)"


def _with_plurals(words: Iterable[str]) -> str:
    """Return a pattern of words and of their plurals in s, which a group ``plural`` captures."""
    plain = _alternatives(word for word in words if not word.endswith("."))
    dotted = _alternatives(word.removesuffix(".") for word in words if word.endswith("."))
    return rf"(?:{plain})(?P<plural>s)?|(?:{dotted})(?P<plural_of_dotted>s)?\."


@cache
def _patterns(tag: str) -> _Patterns:
    rules = punctuation_rules(tag) or PunctuationRules()
    scores = _alternatives(rules.score_after)
    return _Patterns(
        re.compile(
            rf"(?<![\w§])(?:{_with_plurals(rules.compound_number_after)})[ \u00a0]?({_PAIRS})",
            re.IGNORECASE,
        ),
        re.compile(rf"(?<!\w)(?:{scores})(?:[ \u00a0]\w{{1,4}})?[ \u00a0]$", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{_alternatives(rules.before_number)})[ \u00a0][\d\-–, \u00a0]*$"),
        re.compile(rf"[ \u00a0](?:{_alternatives(rules.clock_before)})(?!\w)"),
    )


def number_edits(block_text: EditableText) -> list[Edit]:
    """Return the edits of numbers: their ranges, signs and groups."""
    text = block_text.text
    edits: list[Edit] = []
    if "-" in text:
        edits.extend((at, at + 1, EN_DASH) for at in _range_hyphens(block_text))
        edits.extend((m.start(1), m.end(1), MINUS) for m in _NEGATIVE.finditer(text))
    if " x " in text:
        edits.extend((m.start(1), m.end(1), "×") for m in _TIMES.finditer(text))
    for match in _GROUPS.finditer(text):
        for space in _GROUP_SPACE.finditer(text, *match.span()):
            edits.append((space.start(), space.end(), NARROW_NO_BREAK))
    return edits


def _range_hyphens(block_text: EditableText) -> Iterator[int]:
    text = block_text.text
    language = block_text.language_at(0)
    compound = _compound_numbers(text, language)
    for match in _WHOLE.finditer(text):
        if match.start() not in compound and _is_range_here(match, language):
            yield match.end("from")
    for match in _FRACTIONS.finditer(text):
        if match.start() not in compound and _is_range_of_fractions(match):
            yield match.end("from")
    for pattern in (_WITH_COLON, _ORDINALS):
        yield from (match.start(1) for match in pattern.finditer(text))


def _is_range_here(match: re.Match[str], language: str) -> bool:
    text, start = match.string, match.start()
    first, last = match["from"], match["to"]
    before = text[max(0, start - _LOOK_BACK) : start]
    if _NOT_A_RANGE.search(before):
        return False
    if _is_range(first, last):
        return True
    patterns = _patterns(language)
    if patterns.scores.search(before):
        return True
    if len(last) == 1 and len(first) > _SHORT_RANGE and patterns.page_words.search(before):
        return first[-1] < last
    is_clock = max(int(first), int(last)) <= _NOON
    return is_clock and patterns.clock_words.match(text, match.end()) is not None


def _is_range_of_fractions(match: re.Match[str]) -> bool:
    """Return whether two numbers are a range, one of which has a point, a comma or thousands.

    With a point both must have one: 1.2-3 is the number of a version.
    """
    first, last = match["from"], match["to"]
    if first.isdigit() and last.isdigit():
        return False
    if _NOT_A_RANGE.search(match.string, max(0, match.start() - _LOOK_BACK), match.start()):
        return False
    if "," not in first + last and (first.isdigit() or last.isdigit()):
        return False
    return _value(first) < _value(last)


def _value(number: str) -> float:
    parts = re.split("[.,]", number)
    if all(len(part) == 3 for part in parts[1:]):  # noqa: PLR2004 - thousands
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1])


def _compound_numbers(text: str, language: str) -> set[int]:
    """Return where numbers such as that of "Figure 4-5" begin, which are no ranges.

    After a plural, one pair is a range ("Figures 4-7"), and several of the same first number are
    not ("Figures 4-5 and 4-6").
    """
    positions: set[int] = set()
    for match in _patterns(language).compound_numbers.finditer(text):
        start, end = match.span(match.re.groups)
        numbers = list(_FIRST_NUMBER.finditer(text, start, end))
        is_alike = [number[0] == numbers[0][0] for number in numbers]
        count = [*is_alike, False].index(False)
        if count > 1 or not (match["plural"] or match["plural_of_dotted"]):
            positions.update(number.start() for number in numbers[:count])
    return positions


def _is_range(first: str, last: str) -> bool:
    """Return whether two numbers are a range, the second possibly without leading digits."""
    if (len(first), len(last)) == _PHONE:
        return False
    if len(last) < len(first):
        return len(last) >= min(_SHORT_RANGE, len(first) - 1) and first[-len(last) :] < last
    return int(first) < int(last)
