"""Straight single marks: quotation marks where two of them enclose words, or else apostrophes.

A mark before a word may open a quotation or stand for a letter left out (``'ello``), and one after
a word may close it or do the same (``dogs'``, ``hab'``). The marks of a text are decided together:
of all ways to pair them, the one that makes the fewest unlikely apostrophes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# The cost of an opening mark that is an apostrophe: an elision that is known to begin so, any
# word in lower case, one in upper case, and the same where a sentence or speech begins.
_KNOWN_START, _LOWER, _UPPER, _LOWER_AT_START, _UPPER_AT_START = 0.0, 0.5, 0.7, 1.0, 2.0
# The cost of a closing mark that is one: an elision that is known to end so or the mark of a
# plural or a name after an s, any other word, and punctuation, where no letter is left out.
_KNOWN_END, _WORD_END, _PUNCTUATION = 0.3, 1.1, 3.0
_KNOWN_START_AS_QUOTATION = 1.0
_SIBILANTS = frozenset("sxzßςσ")
_LONGEST_LENGTH = 3
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")


@dataclass(frozen=True, slots=True)
class SingleMark:
    """A straight single mark that is not inside a word.

    ``before`` is the word or the character before it, beyond other quotation marks, ``after`` the
    word or the character after it; ``is_alone`` is whether white space follows that word, and
    ``at_start`` whether speech may begin at the mark: after punctuation, or after nothing.
    """

    position: int
    opens: bool
    before: str
    after: str
    is_alone: bool
    at_start: bool

    @property
    def is_feet(self) -> bool:
        """Whether it may stand for feet or minutes: after a number of up to three digits."""
        return not self.opens and self.before.isdecimal() and len(self.before) <= _LONGEST_LENGTH


@cache
def _elisions(language: str, form: str) -> frozenset[str]:
    text = files("makeready.manuscript").joinpath("elisions.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text).get(language, {}).get(form, ()))


def is_elision(mark: SingleMark, language: str) -> bool:
    """Return whether the word after an opening mark is known to lack a letter."""
    word = mark.after.lower()
    is_year = word[:2].isdecimal() and word[2:] in {"", "s", "er"}
    is_lone_consonant = word in _CONSONANTS and mark.is_alone
    return is_year or is_lone_consonant or word in _elisions(language, "starts")


def pair_marks(marks: Sequence[SingleMark], language: str) -> list[tuple[int, int]]:
    """Return the indices of the marks that open and close quotations; the others are apostrophes.

    Quotations in single marks are not nested in others of the same kind.
    """
    # The cheapest reading of the marks so far, with no quotation open and with one open, each as
    # its cost and its pairs; the pair of an open quotation lacks its end.
    closed: _Reading | None = _Reading(0.0)
    opened: _Reading | None = None
    for index, mark in enumerate(marks):
        apostrophe = _apostrophe_cost(mark, language)
        next_closed = closed and closed.plus(apostrophe)
        next_opened = opened and opened.plus(apostrophe)
        if mark.opens and closed:
            known = is_elision(mark, language)
            reading = closed.opening(index, _KNOWN_START_AS_QUOTATION if known else 0.0)
            # Of two that are equally likely, the shorter quotation.
            next_opened = _cheaper(reading, next_opened)
        elif not mark.opens and opened:
            next_closed = _cheaper(opened.closing(index), next_closed)
        closed, opened = next_closed, next_opened
    assert closed is not None
    return closed.pairs()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the marks so far: a chain, so that each step is cheap."""

    cost: float
    start: int | None = None
    end: int | None = None
    previous: _Reading | None = None

    def plus(self, cost: float) -> _Reading:
        return _Reading(self.cost + cost, self.start, self.end, self.previous)

    def opening(self, index: int, cost: float) -> _Reading:
        return _Reading(self.cost + cost, index, None, self)

    def closing(self, index: int) -> _Reading:
        return _Reading(self.cost, self.start, index, self.previous)

    def pairs(self) -> list[tuple[int, int]]:
        found = []
        reading: _Reading | None = self
        while reading is not None:
            if reading.start is not None and reading.end is not None:
                found.append((reading.start, reading.end))
            reading = reading.previous
        return found[::-1]


def _cheaper(one: _Reading, other: _Reading | None) -> _Reading:
    return one if other is None or one.cost <= other.cost else other


def _apostrophe_cost(mark: SingleMark, language: str) -> float:
    if not mark.opens:
        word = mark.before.lower()
        if mark.is_feet or word[-1:] in _SIBILANTS or _is_elided_at_end(word, language):
            return _KNOWN_END
        return _WORD_END if word.isalnum() else _PUNCTUATION
    if is_elision(mark, language):
        return _KNOWN_START
    is_upper = mark.after[:1].isupper()
    if mark.at_start:
        return _UPPER_AT_START if is_upper else _LOWER_AT_START
    return _UPPER if is_upper else _LOWER


def _is_elided_at_end(word: str, language: str) -> bool:
    endings = tuple(_elisions(language, "endings"))
    return word in _elisions(language, "ends") or (bool(endings) and word.endswith(endings))
