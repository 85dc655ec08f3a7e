"""The punctuation of languages: quotation marks, dashes, and words that a line does not part.

Each language has a file in ``punctuation/``; ``aliases.toml`` has tags that share another's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.book.language_tags import file_names
from makeready.findings import Findings, SourceLocation

_COMMON_UNITS = ("%", "‰", "km", "m", "cm", "mm", "kg", "g", "t", "km/h", "°C", "€")
_COMMON_BEFORE_NUMBER = ("§", "§§", "¶", "¶¶")
_COMMON_COMPOUND = ("§",)
EN_DASH = "–"


@dataclass(frozen=True, slots=True)
class PunctuationRules:
    """The punctuation of a language.

    ``quotes`` are the outer and the inner pair of quotation marks; there are none of a language
    that is not known, whose straight marks stay. ``dash`` is what ``--`` is set as, and
    ``dialogue`` the dash that begins a speech; empty where quotation marks do. A space typed
    after it becomes ``dialogue_space``; a word of ``said`` after another dash or a comma shows that
    a line is speech. A no-break space
    binds a word of ``titles`` to the name after it, one of ``before_number`` to the number after
    it, one of ``units`` to the number before it, one of ``after_roman`` to the Roman number
    before it, the sign ``hour`` to the minutes after it, and a word of one of the letters
    ``one_letter_words`` to the next word. After a word of ``compound_number_after``, in any case,
    4-5 is one number and not a range. After a word of ``score_after`` 3-2 is a range, and so is
    9-5 before one of ``clock_before``.
    """

    quotes: tuple[str, ...] = ()
    dash: str = EN_DASH
    dialogue: str = ""
    dialogue_space: str = "\u00a0"
    said: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    before_number: tuple[str, ...] = _COMMON_BEFORE_NUMBER
    units: tuple[str, ...] = _COMMON_UNITS
    after_roman: tuple[str, ...] = ()
    hour: str = ""
    compound_number_after: tuple[str, ...] = _COMMON_COMPOUND
    score_after: tuple[str, ...] = ()
    clock_before: tuple[str, ...] = ()
    one_letter_words: str = ""


@cache
def punctuation_rules(tag: str) -> PunctuationRules | None:
    """Return the rules of a BCP 47 language, those of its region or script first; None if unknown.

    A file's own values replace those of its ``base``.
    """
    for name in file_names(tag):
        data = _data(name)
        if data:
            break
    else:
        return None
    return PunctuationRules(
        quotes=tuple(data["quotes"]),
        dash=data.get("dash", EN_DASH),
        dialogue=data.get("dialogue", ""),
        said=tuple(data.get("said", ())),
        dialogue_space=data.get("dialogue_space", "\u00a0"),
        months=tuple(data.get("months", ())),
        titles=tuple(data.get("titles", ())),
        before_number=_with_common(data, "before_number", _COMMON_BEFORE_NUMBER),
        units=_with_common(data, "units", _COMMON_UNITS),
        after_roman=tuple(data.get("after_roman", ())),
        hour=data.get("hour", ""),
        compound_number_after=_with_common(data, "compound_number_after", _COMMON_COMPOUND),
        score_after=tuple(data.get("score_after", ())),
        clock_before=tuple(data.get("clock_before", ())),
        one_letter_words=data.get("one_letter_words", ""),
    )


def report_unknown_punctuation(
    language: str, findings: Findings, location: SourceLocation | None
) -> None:
    """Report a book's language if its punctuation is not known."""
    if punctuation_rules(language) is None:
        findings.add("TYP-002", location, language=language)


@cache
def _data(name: str) -> dict[str, Any]:
    """Return what a file has, with what it has of its base; nothing if there is no file."""
    name = _aliases().get(name, name)
    path = files("makeready.book").joinpath("punctuation", f"{name}.toml")
    if not path.is_file():
        return {}
    data = tomllib.loads(path.read_text("utf-8"))
    return {**_data(data["base"]), **data} if "base" in data else data


@cache
def _aliases() -> dict[str, str]:
    path = files("makeready.book").joinpath("punctuation", "aliases.toml")
    return dict(tomllib.loads(path.read_text("utf-8")))


def _with_common(data: dict[str, Any], key: str, common: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*data.get(key, ()), *common)))
