"""Lines of Chinese, Japanese and Korean: where they end, and what stands between their letters.

Each letter is set as a word is elsewhere, without a space to the next one. A gap of no width is
between them instead, which is stretched to fill a line.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from makeready.book.writing import is_east_asian, script_of

LETTERS = (
    "\u1100-\u11ff\u2e80-\u303f\u3041-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001aff0-\U0001b2ff\U0001f200-\U0001f2ff"
    "\U00020000-\U0003ffff"
)
"""The letters and marks of the scripts, for a class of a regular expression."""

_MARKS_TOO = "“”‘’"
"""Marks that are as wide as letters in these languages, and narrow in others."""

_COMBINING = "\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
_RUNS = "—―…‥"
_OBJECT = "\ufffc"
_LEAST_WIDE = 0.8
"""A mark that is narrower than so many em has no empty half."""


def token_pattern(*, all_marks: bool) -> re.Pattern[str]:
    """Return the words of a text with such letters: each of them, and what is between spaces.

    With ``all_marks`` quotation marks are letters too.
    """
    own = LETTERS + (_MARKS_TOO if all_marks else "")
    runs = "|".join(f"{mark}+" for mark in _RUNS) if all_marks else "(?!)"
    return re.compile(
        f"(?:{runs})|[{own}][{_COMBINING}]*|{_OBJECT}"
        f"|[^ \u00a0\n{own}{_OBJECT}{_RUNS if all_marks else ''}]+|[ \u00a0\n]"
    )


class Gap(NamedTuple):
    """What stands between two letters: its width, and how much of it is stretched, in pixels.

    ``may_end`` is whether a line may end there.
    """

    width_px: float
    spread_px: float
    may_end: bool


def gaps_of(
    text: str, pattern: re.Pattern[str], language: str | None, em_px: float
) -> dict[int, Gap]:
    """Return the gaps of a text by their places: between words without a space between them."""
    script = script_of(language) if language else ""
    gaps: dict[int, Gap] = {}
    before: re.Match[str] | None = None
    for word in pattern.finditer(text):
        if before is not None and not word[0].isspace() and not before[0].isspace():
            gaps[word.start()] = _gap(before[0], word[0], script, em_px)
        before = word
    return gaps


def empty_half(letter: str, language: str | None, width_em: float, *, at_left: bool) -> float:
    """Return the share of a letter's width that is empty at its left or at its right."""
    if language is None or not is_east_asian(language) or width_em < _LEAST_WIDE:
        return 0.0
    script = script_of(language)
    return 0.5 if (_opens(letter) if at_left else _closes(letter, script)) else 0.0


def _gap(one: str, other: str, script: str, em_px: float) -> Gap:
    last, first = one[-1], other[0]
    between = _data()["between"]
    width_em, spread_em = 0.0, float(between["spread"])
    if _is_letter(last) != _is_letter(first):
        # Marks have their own space.
        if last.isalnum() and first.isalnum():
            width_em = between["latin"].get(script, 0.0)
            spread_em = max(width_em, spread_em)
    elif _closes(last, script) and _opens(first):
        width_em = -0.5
    elif (_closes(last, script) and _closes(first, script)) or (_opens(last) and _opens(first)):
        width_em, spread_em = -0.5, 0.0
    if not _is_letter(last) and not _is_letter(first) and _OBJECT not in (last, first):
        spread_em = 0.0
    may_end = not (_never_first(first, script) or last in _data()["not_last"]["all"])
    return Gap(width_em * em_px, spread_em * em_px, may_end)


def _is_letter(letter: str) -> bool:
    return letter == _OBJECT or letter in _MARKS_TOO or _letter().match(letter) is not None


@cache
def _letter() -> re.Pattern[str]:
    return re.compile(f"[{LETTERS}]")


def _never_first(letter: str, script: str) -> bool:
    data = _data()
    return letter in data["not_first"] or letter in data["not_first_in"].get(script, "")


def _opens(letter: str) -> bool:
    return letter in _data()["opens"]


def _closes(letter: str, script: str) -> bool:
    data = _data()
    is_stop = letter in data["stops"] and script not in data["centred_stops_in"]
    return is_stop or letter in data["closes"]


@cache
def _data() -> dict[str, Any]:
    path = files("makeready.engine.lines").joinpath("east_asian.toml")
    return tomllib.loads(path.read_text("utf-8"))
