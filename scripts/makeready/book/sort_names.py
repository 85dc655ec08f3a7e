"""The form that catalogues sort a person's name by, where the name leaves no doubt about it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from makeready.book.east_asian_letters import LETTERS

_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+|[^\W\d_]")
# Hangul, kana and Chinese characters: the family name comes first, with or without a space.
_EAST_ASIAN = re.compile(f"[{LETTERS}]")
_FULL_NAMES = 2


@cache
def _words(key: str) -> frozenset[str]:
    text = files("makeready.book").joinpath("sort_names.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)[key])


def file_as_of(name: str, language: str) -> str:
    """Return the sort form of a name in a book in ``language``; empty if it is not certain.

    Certain is a single word, and "Last, First" for a first name, initials and a family name. It is
    not for a particle, two family names, a title, an organisation or several persons.
    """
    words = name.split()
    if len(words) == 1:
        return name
    suffix = ""
    if words[-1].lower().rstrip(".") in _words("suffixes"):
        suffix = f", {words.pop()}"
        words[-1] = words[-1].removesuffix(",")
    if not _is_first_and_family_name(words, language):
        return ""
    return f"{words[-1]}, {' '.join(words[:-1])}{suffix}"


def _is_first_and_family_name(words: list[str], language: str) -> bool:
    names = [word for word in words if not _INITIALS.fullmatch(word)]
    has_family_name = len(words) >= _FULL_NAMES and words[-1] in names
    return (
        has_family_name
        and len(names) <= _FULL_NAMES
        and all(map(_is_plain_name, names))
        and len({name.isupper() for name in names}) == 1
        and language.split("-", maxsplit=1)[0].lower() not in _words("family_name_first")
    )


def _is_plain_name(word: str) -> bool:
    return (
        _NAME.fullmatch(word) is not None
        and not word[0].islower()
        and not _EAST_ASIAN.search(word)
        and word.lower() not in _words("particles") | _words("titles") | _words("corporate")
    )
