"""Ordinal numbers at the start of a line, which Markdown would read as items of a list."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_NUMBER = re.compile(r"(\d{1,9})(?=\.[ \t]+\S)")


@cache
def _table() -> dict[str, list[str]]:
    text = files("makeready.manuscript").joinpath("ordinals.toml").read_text("utf-8")
    return tomllib.loads(text)


def ordinal_words(language: str) -> tuple[str, ...]:
    """Return the words that stand after an ordinal number with a full stop in a language."""
    return tuple(_table().get(language.split("-", maxsplit=1)[0].lower(), ()))


@cache
def _ordinal(language: str) -> re.Pattern[str] | None:
    """Return the pattern of an ordinal number and a word after it; None if there are no words."""
    words = ordinal_words(language)
    if not words:
        return None
    return re.compile(rf"\d{{1,9}}\.[ ]+(?:{'|'.join(map(re.escape, words))})(?!\w)")


def is_ordinal(text: str, before: str, after: str, language: str) -> bool:
    """Return whether a line begins with an ordinal number; the others are those around it.

    ``3. května`` is a date. Between ``2.`` and ``4.`` on the lines around it, it is an item.
    """
    pattern = _ordinal(language)
    if pattern is None or not pattern.match(text):
        return False
    number = _number_of(text)
    assert number is not None
    return _number_of(before) != number - 1 and _number_of(after) != number + 1


def _number_of(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match[1]) if match else None
