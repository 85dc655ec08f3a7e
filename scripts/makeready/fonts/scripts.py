"""The scripts that a book may have families for, and the languages that are written in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from makeready.book.language_tags import script_in
from makeready.book.writing import languages_in, script_of

_ASCII = frozenset(range(0x21, 0x7F))
_OF_NO_SCRIPT = frozenset({"Zyyy", "Zinh"})
_FULL_WIDTH = range(0xFF01, 0xFF61)
_OF_THE_TEXT = ("Latn", "Grek", "Cyrl")
"""The scripts that the family for text sets, unless it leaves them to another."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script: its languages, the Unicode scripts of its letters, and a family that sets it.

    The family is in a package for Python, or in one of Debian.
    """

    code: str
    name: str
    languages: tuple[str, ...]
    letters: frozenset[str]
    family: str
    package: str = ""
    debian: str = ""
    without_ascii: bool = False


@cache
def scripts() -> Mapping[str, Script]:
    """Return the scripts by their codes, ``arab``."""
    data = tomllib.loads((Path(__file__).with_name("scripts.toml")).read_text("utf-8"))
    return {code: _script(code, table) for code, table in data.items()}


def _script(code: str, table: dict[str, object]) -> Script:
    values = {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    letters = frozenset(str(one) for one in values.pop("letters"))  # type: ignore[attr-defined]
    values.setdefault("languages", languages_in(code.capitalize()))
    return Script(code=code, letters=letters, **values)  # type: ignore[arg-type]


def script_of_text(letter: str, language: str) -> Script | None:
    """Return the script of a letter in a text of a language; of several, that of the language.

    Letters of Chinese, Japanese and Korean share code points; without their language they are
    those of simplified Chinese. Signs are of the scripts that alone use them.
    """
    names = {_unicode_script(letter)}
    if names <= _OF_NO_SCRIPT:
        names = _script_extension(letter)
    if ord(letter) in _FULL_WIDTH:
        names = {"Hani"}
    found = [one for one in scripts().values() if names & one.letters]
    of_language = [one for one in found if is_language_of([one.code], language)]
    # Of two, the more special comes later: zh-Hant after zh.
    chosen = of_language[-1:] or [one for one in found if one.code == "hans"] or found
    return chosen[0] if chosen else None


def family_hint(script: Script) -> str:
    """Return how a book gets a family for a script: a package to install, and what to write."""
    package = f"pip install {script.package} beside makeready"
    if script.debian:
        package = f"apt-get install {script.debian} (Debian, Ubuntu)"
    return (
        f"{package}, and write into styles/fonts.toml the line [scripts.{script.code}] "
        f'and below it text = "{script.family}".'
    )


def is_language_of(codes: Iterable[str], language: str) -> bool:
    """Return whether a language (BCP 47) is one that is written in some scripts."""
    script = script_of(language)
    if script.lower() in scripts():
        return script.lower() in codes
    own = [scripts()[code] for code in codes if not script_in(language) or _has(code, script)]
    tags = (tag for one in own for tag in one.languages)
    return any(f"{language}-".lower().startswith(f"{tag}-".lower()) for tag in tags)


def _has(code: str, script: str) -> bool:
    return script in scripts()[code].letters


def _unicode_script(letter: str) -> str:
    # Slow to import, and few books need it.
    from fontTools import unicodedata  # noqa: PLC0415

    return str(unicodedata.script(letter))


def _script_extension(letter: str) -> set[str]:
    from fontTools import unicodedata  # noqa: PLC0415

    return set(unicodedata.script_extension(letter))


def code_points_left_out(points: Iterable[int], codes: Iterable[str]) -> frozenset[int]:
    """Return which code points a family that is only for some scripts does not set."""
    own = [scripts()[code] for code in codes]
    letters = frozenset().union(*(one.letters for one in own))
    others = frozenset(_OF_THE_TEXT) - letters
    left_out = {point for point in points if _unicode_script(chr(point)) in others}
    if own and all(one.without_ascii for one in own):
        left_out |= _ASCII.intersection(points)
    return frozenset(left_out)
