"""How a language is written: its script, and the direction of its lines."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.book.language_tags import script_in, subtags

_EAST_ASIAN = frozenset({"Hans", "Hant", "Hani", "Jpan", "Kore", "Hira", "Kana", "Hang", "Bopo"})


@cache
def script_of(tag: str) -> str:
    """Return the ISO 15924 code of the script a BCP 47 language is written in.

    It is the one the tag names, or else the usual one of the language; ``Zyyy`` stands for any
    that is written from left to right with spaces between its words.
    """
    if named := script_in(tag):
        return named
    language, *others = subtags(tag)
    scripts: dict[str, str] = _data()["script_of"]
    names = (*(f"{language}-{part}" for part in others), language)
    return next((scripts[name] for name in names if name in scripts), "Zyyy")


@cache
def languages_in(script: str) -> tuple[str, ...]:
    """Return the languages that are usually written in a script, ``zh-TW`` for Hant."""
    scripts: dict[str, str] = _data()["script_of"]
    return tuple(_with_region(tag) for tag, code in scripts.items() if code == script)


def _with_region(tag: str) -> str:
    language, _, region = tag.partition("-")
    return f"{language}-{region.upper()}" if region else language


def is_right_to_left(tag: str) -> bool:
    """Return whether a language is written from right to left."""
    return script_of(tag) in _data()["right_to_left"]


def direction_of(tag: str) -> str:
    """Return the direction of a language, as HTML names it: ``ltr`` or ``rtl``."""
    return "rtl" if is_right_to_left(tag) else "ltr"


def is_east_asian(tag: str) -> bool:
    """Return whether a language is Chinese, Japanese or Korean, or written as these are."""
    return script_of(tag) in _EAST_ASIAN


def is_in_columns_only(tag: str) -> bool:
    """Return whether a language is only written in columns, which cannot be set."""
    return script_of(tag) in _data()["columns_only"]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("makeready.book").joinpath("writing.toml").read_text("utf-8"))
