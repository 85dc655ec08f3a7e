"""The order of words in an index: numbers and signs first, then by the alphabet.

Words are compared word by word (ISO 999:1996, 8.2): a shorter word comes before a longer one
that begins with it, whatever follows. Only where two are the same to the letter do marks,
then capitals, tell which is first. It is the same on every machine: no locale enters it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_PIECE = re.compile(r"\d+|\s+|.", re.DOTALL)
_BETWEEN_WORDS = frozenset("-\u2010\u2011\u2012\u2013\u2014/")
_MOST_DIGITS = 18
_SPACE, _NUMBER, _LETTER, _ELSEWHERE = range(4)

Weight = tuple[int, int, int]
SortKey = tuple[tuple[Weight, ...], tuple[str, ...], str, str]


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("makeready.book").joinpath("alphabets.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The letters of a language in their order, and then those of other scripts."""

    weights: dict[str, Weight]
    letters: dict[str, str]

    def key(self, text: str) -> SortKey:
        """Return what a text is sorted by: its letters, their marks, and the text as it is."""
        weights: list[Weight] = []
        marks: list[str] = []
        for piece in _PIECE.findall(unicodedata.normalize("NFC", text).strip()):
            if piece.isdecimal():
                weights.append((_NUMBER, 0, int(piece[:_MOST_DIGITS])))
            elif piece.isspace() or piece in _BETWEEN_WORDS:
                weights += [(_SPACE, 0, 0)] if weights else []
            else:
                for base, mark in self._letters_of(piece):
                    weights.append(self.weights.get(base) or (_ELSEWHERE, 0, ord(base)))
                    marks.append(mark)
        return tuple(weights), tuple(marks), text.swapcase(), text

    def initial(self, text: str) -> str:
        """Return the capital a text is sorted under; empty for a number or a sign."""
        for piece in _PIECE.findall(unicodedata.normalize("NFC", text)):
            if piece.isdecimal():
                return ""
            if letters := self._letters_of(piece):
                return letters[0][0].upper()
        return ""

    def _letters_of(self, piece: str) -> list[tuple[str, str]]:
        """Return each letter of a character with its marks; nothing for a sign."""
        found = []
        for letter in self.letters.get(piece.lower(), piece.casefold()):
            if letter in self.weights:
                found.append((letter, ""))
                continue
            base, *marks = list(unicodedata.normalize("NFD", letter))
            if base.isalpha():
                found.append((base, "".join(marks) or ("" if base == piece.lower() else piece)))
        return found


@cache
def alphabet_of(language: str) -> Alphabet:
    """Return the alphabet that a BCP 47 language is sorted by."""
    tables = _tables()
    own = tables["languages"].get(language.split("-", maxsplit=1)[0].lower(), "")
    weights: dict[str, Weight] = {}
    for rank, letters in enumerate((own, *tables["scripts"].values())):
        # A script that the language has an order for is not sorted in two ways.
        if rank and own and letters[0] == own[0]:
            continue
        for place, letter in enumerate(letters):
            weights.setdefault(letter, (_LETTER, rank, place))
    return Alphabet(weights, tables["letters"])
