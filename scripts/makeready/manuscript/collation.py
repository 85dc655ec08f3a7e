"""The sort order of an index: numbers and symbols first, then by the alphabet.

Texts are compared word by word (ISO 999:1996, 8.2): a word comes before a longer one that begins
with it, whatever follows. Diacritics, then capitals, count only between texts whose letters are
the same. The order does not depend on the machine's locale.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_TOKEN = re.compile(r"\d+|\s+|.", re.DOTALL)
_WORD_SEPARATORS = frozenset("-\u2010\u2011\u2012\u2013\u2014/")
_MOST_DIGITS = 18
_SPACE, _NUMBER, _LETTER, _OTHER_SCRIPT = range(4)

SortWeight = tuple[int, int, int]
SortKey = tuple[tuple[SortWeight, ...], tuple[str, ...], str, str]


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("makeready.book").joinpath("alphabets.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The sort order of letters: those of a language first, then those of other scripts."""

    sort_weights: dict[str, SortWeight]
    letters: dict[str, str]

    def key(self, text: str) -> SortKey:
        """Return the sort key of a text: its letters, their diacritics, and the text itself."""
        sort_weights: list[SortWeight] = []
        marks: list[str] = []
        for token in _TOKEN.findall(unicodedata.normalize("NFC", text).strip()):
            if token.isdecimal():
                sort_weights.append((_NUMBER, 0, int(token[:_MOST_DIGITS])))
            elif token.isspace() or token in _WORD_SEPARATORS:
                sort_weights += [(_SPACE, 0, 0)] if sort_weights else []
            else:
                for base, mark in self._letters_of(token):
                    sort_weights.append(
                        self.sort_weights.get(base) or (_OTHER_SCRIPT, 0, ord(base))
                    )
                    marks.append(mark)
        return tuple(sort_weights), tuple(marks), text.swapcase(), text

    def initial_letter(self, text: str) -> str:
        """Return the capital letter a text is sorted under; empty for a number or symbol."""
        for token in _TOKEN.findall(unicodedata.normalize("NFC", text)):
            if token.isdecimal():
                return ""
            if letters := self._letters_of(token):
                return letters[0][0].upper()
        return ""

    def _letters_of(self, token: str) -> list[tuple[str, str]]:
        """Return each letter of a character with its diacritics; nothing for a symbol."""
        found = []
        for letter in self.letters.get(token.lower(), token.casefold()):
            if letter in self.sort_weights:
                found.append((letter, ""))
                continue
            base, *marks = list(unicodedata.normalize("NFD", letter))
            if base.isalpha():
                found.append((base, "".join(marks) or ("" if base == token.lower() else token)))
        return found


@cache
def alphabet_of(language: str) -> Alphabet:
    """Return the alphabet of a BCP 47 language."""
    tables = _tables()
    own_letters = tables["languages"].get(language.split("-", maxsplit=1)[0].lower(), "")
    sort_weights: dict[str, SortWeight] = {}
    for rank, letters in enumerate((own_letters, *tables["scripts"].values())):
        # The script of the language's own alphabet is not added again.
        if rank and own_letters and letters[0] == own_letters[0]:
            continue
        for position, letter in enumerate(letters):
            sort_weights.setdefault(letter, (_LETTER, rank, position))
    return Alphabet(sort_weights, tables["letters"])
