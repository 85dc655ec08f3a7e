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

from makeready.book.hyphenation import primary_language
from makeready.book.language_tags import file_names

_DOTLESS = frozenset({"tr", "az"})
"""Languages in which I is the capital of ı, and İ that of i."""

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
    tokens: re.Pattern[str]
    is_dotless: bool = False

    def key(self, text: str) -> SortKey:
        """Return the sort key of a text: its letters, their diacritics, and the text itself."""
        sort_weights: list[SortWeight] = []
        marks: list[str] = []
        for token in self._tokens_of(text.strip()):
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
        for token in self._tokens_of(text):
            if token.isdecimal():
                return ""
            if letters := self._letters_of(token):
                return self._capital(letters[0][0])
        return ""

    def _tokens_of(self, text: str) -> list[str]:
        text = unicodedata.normalize("NFC", text)
        if self.is_dotless:
            text = text.replace("I", "ı").replace("İ", "i")
        return self.tokens.findall(text)

    def _capital(self, letter: str) -> str:
        """Return a letter as a heading has it; of two signs, the first is a capital."""
        if self.is_dotless and letter == "i":
            return "İ"
        return letter[0].upper() + letter[1:]

    def _letters_of(self, token: str) -> list[tuple[str, str]]:
        """Return each letter of a character with its diacritics; nothing for a symbol."""
        own = unicodedata.normalize("NFC", token.lower())
        if own in self.sort_weights:
            return [(own, "")]
        found = []
        for letter in self.letters.get(token.lower(), token.casefold()):
            if letter in self.sort_weights:
                found.append((letter, ""))
                continue
            base, *marks = list(unicodedata.normalize("NFD", letter))
            # A letter of the alphabet with a tone: ầ is â with a grave.
            for mark in marks:
                composed = unicodedata.normalize("NFC", base + mark)
                if composed in self.sort_weights:
                    base, marks = composed, [other for other in marks if other != mark]
                    break
            if base.isalpha():
                found.append((base, "".join(marks) or ("" if base == token.lower() else token)))
        return found


@cache
def alphabet_of(language: str) -> Alphabet:
    """Return the alphabet of a BCP 47 language."""
    tables = _tables()
    known = tables["languages"]
    own = next((known[name] for name in file_names(language) if name in known), "")
    own_letters = own.split() if " " in own else list(own)
    sort_weights: dict[str, SortWeight] = {}
    for rank, letters in enumerate((own_letters, *tables["scripts"].values())):
        # The script of the language's own alphabet is not added again.
        if rank and own_letters and letters[0] == own_letters[0]:
            continue
        for position, letter in enumerate(letters):
            sort_weights.setdefault(letter, (_LETTER, rank, position))
    several = sorted((re.escape(letter) for letter in own_letters if len(letter) > 1), key=len)
    tokens = re.compile("|".join([*several[::-1], r"\d+|\s+|."]), re.DOTALL | re.IGNORECASE)
    return Alphabet(
        sort_weights, tables["letters"], tokens, is_dotless=primary_language(language) in _DOTLESS
    )
