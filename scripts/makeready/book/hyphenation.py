"""How words are divided in a language: the least letters of their parts, and exceptions."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.findings import Findings, SourceLocation

Limits = tuple[int, int, int]
"""The least letters of a word, before its hyphen, and after it."""

Exceptions = Mapping[str, tuple[str, ...]]
"""By language, words with hyphens where they may be divided and nowhere else."""

_ALIASES = {"no": "nb"}


@cache
def _data() -> dict[str, Any]:
    text = files("makeready.book").joinpath("hyphenation.toml").read_text("utf-8")
    return tomllib.loads(text)


def primary_language(tag: str) -> str:
    """Return the language of a BCP 47 tag without its script or region."""
    language = tag.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return _ALIASES.get(language, language)


@cache
def hyphenation_limits(tag: str) -> Limits:
    """Return the least letters of the words of a language and of their parts."""
    least, left, right = _data()["limits"].get(primary_language(tag), _data()["default"])
    return least, left, right


@cache
def vowels_of_syllables(tag: str) -> str:
    """Return the vowels of a language whose words are divided before consonants; else nothing."""
    return str(_data()["syllables"].get(primary_language(tag), ""))


@cache
def repeats_hyphens(tag: str) -> bool:
    """Return whether a hyphen in a word is written again on the line after it."""
    return primary_language(tag) in _data()["repeated"]["languages"]


def report_no_hyphenation(tag: str, findings: Findings, location: SourceLocation | None) -> None:
    """Report a language of which words would be divided, and nothing is known of how."""
    import pyphen  # noqa: PLC0415 - it lists its dictionaries

    if (
        pyphen.language_fallback(primary_language(tag)) is None
        and not vowels_of_syllables(tag)
        and primary_language(tag) not in _data()["undivided"]["languages"]
    ):
        findings.add("TYP-003", location, language=tag)


def exceptions_text(exceptions: Exceptions) -> str:
    """Return exceptions as the text that a document holds them in, empty if there are none."""
    plain = {language: list(words) for language, words in exceptions.items() if words}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True) if plain else ""


def exceptions_of(text: str) -> Exceptions:
    """Return the exceptions that a document holds."""
    plain = json.loads(text) if text else {}
    return {language: tuple(words) for language, words in plain.items()}
