"""Numbers that authors write into titles, "Chapter 3: The Start", and that layouts set too."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.book.labels import labels_in_all_languages
from makeready.book.roman import roman_value

_SPACE = "[ \u00a0]"
_DIGITS = r"\d{1,4}"
_ROMAN = "[IVXLC]{1,9}"
_END = rf"(?:{_SPACE}*[.:—–]+{_SPACE}*(?!\d)|{_SPACE}+-{_SPACE}+|{_SPACE}+|$)"
# "2. The Middle", "II – The Middle", but not "2001: A Space Odyssey" and "V. S. Naipaul".
_BARE = re.compile(
    rf"(?:(?P<digits>{_DIGITS})|(?P<roman>{_ROMAN}))"
    rf"(?:(?P<firm>[.)]){_SPACE}+|{_SPACE}*:{_SPACE}+|{_SPACE}+[—–-]{_SPACE}+|$)(?!\w\.)"
)
# "1 / Chapter 1", as programs write it that number chapters themselves.
_BEFORE_LABEL = re.compile(
    rf"(?:{_DIGITS}|{_ROMAN})"
    rf"(?:[.:)]{_SPACE}+|{_SPACE}*[/|·•]{_SPACE}+|{_SPACE}+[—–-]{_SPACE}+)"
)
_SUFFIX = r"(?:\.|st|nd|rd|th|er|re|ère|e|º|ª|-?я|-?й)?"
_ABBREVIATIONS = {"chapter": ("ch.", "chap.", "kap.", "cap.", "гл."), "part": ("pt.",)}


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A number at the start of a title: its value, and where the title goes on after it.

    ``is_certain`` is whether it can be nothing but the number of a section.
    """

    value: int
    end: int
    is_certain: bool


def number_in_title(title: str, kind: str, label: str) -> SaidNumber | None:
    """Return the number that a title of a numbered kind begins with; ``label`` is the book's."""
    before = _BEFORE_LABEL.match(title)
    labelled, labelled_after = _labelled(kind, label), _labelled_after(kind, label)
    matches = (
        labelled.match(title, before.end()) if before else None,
        labelled.match(title),
        labelled_after.match(title),
    )
    for match in filter(None, matches):
        value = _value_of(match["digits"], match["roman"], match["word"])
        if value:
            return SaidNumber(value, match.end(), is_certain=True)
    bare = _BARE.match(title)
    value = _value_of(bare["digits"], bare["roman"]) if bare else 0
    if bare is None or not value:
        return None
    is_certain = bare["firm"] is not None and bare["roman"] is None
    return SaidNumber(value, bare.end(), is_certain)


@cache
def number_in_words(number: int, language: str) -> str:
    """Return a number as it follows “Chapter” in words; empty where they are not known."""
    entry = _number_words().get(language.partition("-")[0], {})
    written = entry.get(entry.get("written", ""), [])
    if 0 < number <= len(written):
        forms = written[number - 1].split("|")
        words = forms[entry.get("form", 0) % len(forms)]
    elif written and number // 10 - 2 in range(len(entry.get("tens", ()))):
        ten, unit = divmod(number, 10)
        words = entry["tens"][ten - 2] + (f"-{written[unit - 1]}" if unit else "")
    else:
        words = ""
    return f"{words[:1].upper()}{words[1:]}"


@cache
def _labelled(kind: str, label: str) -> re.Pattern[str]:
    """Return the pattern of a label and a number: Chapter 3, Chapitre premier, Глава II."""
    return re.compile(
        rf"(?:{_labels(kind, label)}){_SPACE}*(?<!\w)(?:the{_SPACE}+)?{_number()}{_END}",
        re.IGNORECASE,
    )


@cache
def _labelled_after(kind: str, label: str) -> re.Pattern[str]:
    """Return the pattern of a number and a label: 3. Kapitel, Erstes Kapitel, 3-тарау."""
    return re.compile(
        rf"(?:the{_SPACE}+)?{_number()}{_SUFFIX}(?:{_SPACE}+|-)(?:{_labels(kind, label)}){_END}",
        re.IGNORECASE,
    )


def _labels(kind: str, label: str) -> str:
    labels = {label, *labels_in_all_languages(kind), *_ABBREVIATIONS.get(kind, ())}
    return "|".join(re.escape(text) for text in sorted(labels, key=lambda text: (-len(text), text)))


def _number() -> str:
    words = "|".join(re.escape(word) for word in sorted(_values(), key=len, reverse=True))
    return rf"(?:(?P<digits>{_DIGITS})|(?P<roman>{_ROMAN})(?!\w)|(?P<word>{words})(?!\w))"


def _value_of(digits: str | None, numerals: str | None, word: str | None = None) -> int:
    if digits:
        return int(digits)
    return roman_value(numerals.lower()) if numerals else _values().get((word or "").lower(), 0)


@cache
def _number_words() -> dict[str, dict[str, Any]]:
    text = files("makeready.manuscript").joinpath("number_words.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _values() -> dict[str, int]:
    """Return the values of numbers in words, of all languages."""
    values: dict[str, int] = {}
    for language in _number_words().values():
        for key in ("cardinals", "ordinals"):
            for value, forms in enumerate(language[key], 1):
                values.update(dict.fromkeys(forms.split("|"), value))
        for ten, word in enumerate(language.get("tens", ()), 2):
            values[word] = 10 * ten
            for key in ("cardinals", "ordinals"):
                for unit, form in enumerate(language[key][:9], 1):
                    values |= {f"{word}{sign}{form}": 10 * ten + unit for sign in "- "}
    return values
