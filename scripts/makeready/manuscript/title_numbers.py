"""Numbers that authors write into titles, "Chapter 3: The Start", and that layouts set too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.book.labels import enclosing_labels, labels_in_titles
from makeready.book.roman import roman_value

_SPACE = "[ \u00a0]"
_DIGITS = r"\d{1,4}"
_ROMAN = "[IVXLC]{1,9}"
_SIGN = rf"(?:(?:No|Nr|N)[.°º]{_SPACE}*|[№#§]{_SPACE}*)?"
_END = (
    rf"(?:{_SPACE}*(?:[.:,)—–]|--)+{_SPACE}*(?!\d)|{_SPACE}+[-/|·•]{_SPACE}+"
    rf"|-(?=[^\W\d])|{_SPACE}+|$)"
)
_IDEOGRAPHS = re.compile(
    "([一二三四五六七八九]?千)?[〇零]?([一二三四五六七八九]?百)?[〇零]?([一二三四五六七八九]?十)?"
    "([一二三四五六七八九])?"
)
# The letters of appendices; an I alone is a Roman numeral.
_LETTER = "(?P<letter>(?-i:[A-HJ-Z]))(?!\\w)"
# "1 / Chapter 1", as programs write it that number chapters themselves.
_BEFORE_LABEL = re.compile(
    rf"(?:{_DIGITS}|{_ROMAN})"
    rf"(?:[.:)]{_SPACE}+|{_SPACE}*[/|·•]{_SPACE}+|{_SPACE}+[—–-]{_SPACE}+)"
)
_SUFFIX = r"(?:\.|st|nd|rd|th|er|re|ère|e|º|ª|-?я|-?й)?"
_ABBREVIATIONS = {
    "chapter": ("ch.", "chap.", "kap.", "cap.", "гл."),
    "part": ("pt.", "pt"),
    "book": ("bk.",),
    "appendix": ("app.",),
}


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A number at the start of a title: its value, and where the title goes on after it.

    ``is_labelled`` is whether the word for such a section is with it, so that it can be nothing
    but its number; ``is_word`` whether it is a word that is the whole title. ``form`` is that of
    the number: arabic, roman, letters or words.
    """

    value: int
    end: int
    is_labelled: bool
    is_word: bool = False
    form: str = "arabic"


def number_in_title(title: str, kind: str, label: str) -> SaidNumber | None:
    """Return the number that a title of a numbered kind begins with; ``label`` is the book's."""
    # The patterns with a label have many words, and take as long to compile as hundreds of titles.
    matches = _labelled_matches(title, kind, label) if _label(kind, label).search(title) else ()
    for match in matches:
        if value := _value_of(match):
            return SaidNumber(value, match.end(), is_labelled=True, form=_form_of(match))
    bare = _bare(kind).match(title)
    if bare is not None and (value := _value_of(bare)) and not _is_date(title, bare):
        return SaidNumber(value, bare.end(), is_labelled=False, form=_form_of(bare))
    if value := _values().get(title.strip(" .").casefold(), 0):
        return SaidNumber(value, len(title), is_labelled=False, is_word=True, form="words")
    return None


def _labelled_matches(title: str, kind: str, label: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a number and a label at the start of a title, the best one first."""
    before, labelled = _BEFORE_LABEL.match(title), _labelled(kind, label)
    for match in (
        labelled.match(title, before.end()) if before else None,
        _enclosed(kind).match(title) if enclosing_labels(kind) else None,
        labelled.match(title),
        _labelled_after(kind, label).match(title),
    ):
        if match is not None:
            yield match


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
def _label(kind: str, label: str) -> re.Pattern[str]:
    """Return the pattern of a label."""
    return re.compile(_labels(kind, label), re.IGNORECASE)


@cache
def _labelled(kind: str, label: str) -> re.Pattern[str]:
    """Return the pattern of a label and a number: Chapter 3, Chapitre premier, Глава II."""
    return re.compile(
        rf"(?:{_labels(kind, label)}){_SPACE}*(?<!\w)(?:the{_SPACE}+)?{_SIGN}{_number(kind)}{_END}",
        re.IGNORECASE,
    )


@cache
def _labelled_after(kind: str, label: str) -> re.Pattern[str]:
    """Return the pattern of a number and a label: 3. Kapitel, Erstes Kapitel, 3-тарау."""
    return re.compile(
        rf"(?:the{_SPACE}+)?{_number(kind)}{_SUFFIX}(?:{_SPACE}+|-)"
        rf"(?:{_labels(kind, label)}){_END}",
        re.IGNORECASE,
    )


@cache
def _enclosed(kind: str) -> re.Pattern[str]:
    """Return the pattern of a number within its label: 第3章."""
    starts = "|".join(sorted({re.escape(before) for before, _ in enclosing_labels(kind)}))
    ends = "|".join(sorted({re.escape(after) for _, after in enclosing_labels(kind)}, reverse=True))
    number = rf"(?P<digits>{_DIGITS})|(?P<ideographs>[〇零一二三四五六七八九十百千]{{1,9}})"
    return re.compile(
        rf"(?:{starts}){_SPACE}*(?:{number}){_SPACE}*(?:{ends})(?:[\s\u3000.:：、,，—–-]+|$|(?=\w))"
    )


def _value_of_ideographs(text: str) -> int:
    """Return the value of a number up to 9999, such as 二十三 and 一百零五; 0 if it is none."""
    match = _IDEOGRAPHS.fullmatch(text)
    if match is None:
        return 0
    value = 0
    for place in match.groups():
        # A sign without a digit before it is one of its kind: 十.
        value = 10 * value + (max(1, "零一二三四五六七八九".find(place[0])) if place else 0)
    return value


@cache
def _bare(kind: str) -> re.Pattern[str]:
    """Return the pattern of a number without a label: 2. The Middle, II – The Middle, 02 Middle.

    It is not that of “2001: A Space Odyssey” in full, nor of “V. S. Naipaul”.
    """
    letter = f"{_LETTER}|" if kind == "appendix" else ""
    return re.compile(
        rf"{_SIGN}(?:(?P<digits>{_DIGITS})|{letter}(?P<roman>{_ROMAN}))"
        rf"(?:[.)](?:{_SPACE}+|(?:[—–]|--)+{_SPACE}*|$)|{_SPACE}*:{_SPACE}+|{_SPACE}+[—–-]{_SPACE}+"
        rf"|—|-{{2,3}}{_SPACE}*|(?<=0\d){_SPACE}+|$)(?!\w\.)"
    )


def _is_date(title: str, bare: re.Match[str]) -> bool:
    """Return whether a number and the word after it are a day: 1. April."""
    word = re.match(r"\w*", title[bare.end() :])
    months = {
        month for language in _number_words().values() for month in language.get("months", ())
    }
    return word is not None and word[0].casefold() in months


def _labels(kind: str, label: str) -> str:
    labels = {label, *labels_in_titles(kind), *_ABBREVIATIONS.get(kind, ())} - {""}
    further = further_labels()
    labels |= {*further.get(kind, ()), *(further["volume"] if kind == "book" else ())}
    return "|".join(re.escape(text) for text in sorted(labels, key=lambda text: (-len(text), text)))


def _number(kind: str) -> str:
    words = "|".join(re.escape(word) for word in sorted(_values(), key=len, reverse=True))
    letter = f"{_LETTER}|" if kind == "appendix" else ""
    return rf"(?:(?P<digits>{_DIGITS})|{letter}(?P<roman>{_ROMAN})(?!\w)|(?P<word>{words})(?!\w))"


def _form_of(match: re.Match[str]) -> str:
    forms = {"digits": "arabic", "letter": "letters", "roman": "roman", "word": "words"}
    forms["ideographs"] = "arabic"
    found = match.groupdict()
    return next(form for group, form in forms.items() if found.get(group))


def _value_of(match: re.Match[str]) -> int:
    found = match.groupdict()
    if found["digits"]:
        return int(found["digits"])
    if ideographs := found.get("ideographs"):
        return _value_of_ideographs(ideographs)
    if letter := found.get("letter"):
        return ord(letter) - ord("A") + 1
    if numerals := found.get("roman"):
        return roman_value(numerals.lower())
    return _values().get((found.get("word") or "").lower(), 0)


@cache
def _data() -> dict[str, dict[str, Any]]:
    text = files("makeready.manuscript").joinpath("number_words.toml").read_text("utf-8")
    return tomllib.loads(text)


def _number_words() -> dict[str, dict[str, Any]]:
    return {language: words for language, words in _data().items() if language != "labels"}


def further_labels() -> dict[str, list[str]]:
    """Return the labels that titles have in languages that layouts have no labels of.

    Those of volumes are for the kind of section “book” too.
    """
    return _data()["labels"]


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
