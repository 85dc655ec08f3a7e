"""Where words may be divided: a book's exceptions, or the patterns of the language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Protocol

import pyphen

from makeready.book.hyphenation import (
    Exceptions,
    Limits,
    exceptions_of,
    hyphenation_limits,
    primary_language,
    vowels_of_syllables,
)

_LETTERS = re.compile(r"[^\W\d_]+")
_CACHED_WORDS = 16384
_INITIAL_LIMITS = (5, 2, 2)
"""The limits of a style that says nothing of them."""

_SHORTEST_CAPITALS = 2


class _Patterns(Protocol):
    def positions(self, word: str) -> list[int]: ...


class _Syllables:
    """Division before each consonant that a vowel follows, if a vowel is on both sides."""

    def __init__(self, vowels: str) -> None:
        self._vowels = frozenset(vowels)

    def positions(self, word: str) -> list[int]:
        is_vowel = [letter in self._vowels for letter in word.lower()]
        return [
            index
            for index in range(1, len(word) - 1)
            if not is_vowel[index] and is_vowel[index + 1] and any(is_vowel[:index])
        ]


class _BookExceptions:
    """The exceptions of the document that is set: by language, the positions of each word."""

    def __init__(self) -> None:
        self._text = ""
        self._words: dict[str, dict[str, tuple[int, ...]]] = {}
        self._filled: list[tuple[Any, str]] = []

    def use(self, text: str) -> None:
        """Take the exceptions of a document in the place of those of the one before it."""
        if text == self._text:
            return
        self._text = text
        for cache, word in self._filled:
            cache.pop(word, None)
        self._filled = []
        exceptions: Exceptions = exceptions_of(text)
        self._words = {
            language: dict(map(_divided, words)) for language, words in exceptions.items()
        }
        for language, known in self._words.items():
            self._fill(language, known)
        hyphen_positions.cache_clear()

    def _fill(self, language: str, known: dict[str, tuple[int, ...]]) -> None:
        """Give them to the engine's dictionary too, for the lines that it breaks itself."""
        name = pyphen.language_fallback(language)
        if name is None:
            return
        cache = pyphen.Pyphen(lang=name).hd.cache
        for word, positions in known.items():
            cache[word] = [pyphen.DataInt(position) for position in positions]
            self._filled.append((cache, word))

    def of(self, word: str, language: str) -> tuple[int, ...] | None:
        """Return where a word is divided, None if it is no exception."""
        known = self._words.get(primary_language(language))
        return known.get(word.lower()) if known else None


def _divided(word: str) -> tuple[str, tuple[int, ...]]:
    # The small form of a letter may be two: that of İ.
    parts = word.split("-")
    lengths = [len(part) for part in parts]
    return "".join(parts).lower(), tuple(sum(lengths[:count]) for count in range(1, len(parts)))


book_exceptions = _BookExceptions()


@lru_cache(_CACHED_WORDS)
def hyphen_positions(text: str, language: str | None, limits: Limits) -> tuple[int, ...]:
    """Return where the words in a text without spaces are divided with a hyphen.

    Where letters would change at the hyphen, as in Hungarian, and in words of capitals, there is
    none. Limits that the style does not set are those of the language.
    """
    if language is None:
        return ()
    if limits == _INITIAL_LIMITS:
        limits = hyphenation_limits(language)
    least, left, right = limits
    return tuple(
        match.start() + position
        for match in _LETTERS.finditer(text)
        if len(match[0]) >= least and not _is_capitals(match[0])
        for position in _positions(match[0], language)
        if left <= position <= len(match[0]) - right
    )


def _is_capitals(word: str) -> bool:
    return len(word) >= _SHORTEST_CAPITALS and word.isupper()


def _positions(word: str, language: str) -> tuple[int, ...]:
    own = book_exceptions.of(word, language)
    if own is not None:
        return own
    patterns = _patterns(language)
    if patterns is None:
        return ()
    return tuple(
        int(position)
        for position in patterns.positions(word)
        if getattr(position, "data", None) is None
    )


@lru_cache
def _patterns(language: str) -> _Patterns | None:
    name = pyphen.language_fallback(language)
    name = name or pyphen.language_fallback(primary_language(language))
    if name is not None:
        return pyphen.Pyphen(lang=name, left=1, right=1)  # type: ignore[no-any-return]
    vowels = vowels_of_syllables(language)
    return _Syllables(vowels) if vowels else None
