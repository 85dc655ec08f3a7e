"""The labels that layouts add to a book, in its language, such as Chapter or Contents.

Each language has a file in ``labels/``; ``aliases.toml`` has tags that share another's. Every file
has every key: the kinds of section by their names, MARC relator codes for the words before a
person's name on the title page, and the rest; a word that a language does without is empty. Its
table ``numbered`` says where a number stands beside a label, if not after it. CLDR has no such
words; they are those of books in these languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from makeready.book.language_tags import file_names
from makeready.findings import Findings, SourceLocation

FALLBACK_LANGUAGE = "en"
NO_BREAK_SPACE = "\u00a0"
_MAX_SHOWN = 4
_FIRST = ("en", "de", "fr", "es", "ru", "kk", "it", "pt", "nl", "pl", "sv", "uk", "cs")
"""The languages whose words come first where another has the same word for something else."""

_NEVER_IN_TITLES = frozenset({"la", "sw"})
"""Languages whose words are also those of titles in others, such as Sura 3."""

NUMBERED = (
    *("chapter", "part", "appendix", "book", "page", "figure", "table", "listing", "equation"),
    "statement",
)
"""What has a form of its number, in a label such as ``chapter_number``."""

_LABEL, _NUMBER = "{label}", "{number}"
_PLAIN = f"{_LABEL} {_NUMBER}"


@cache
def _names() -> tuple[str, ...]:
    """Return the languages that have labels."""
    folder = files("makeready.book").joinpath("labels")
    names = {path.name.removesuffix(".toml") for path in folder.iterdir()} - {"aliases"}
    return (*_FIRST, *sorted(names.difference(_FIRST)))


@cache
def _text(name: str) -> str:
    path = files("makeready.book").joinpath("labels", f"{name}.toml")
    return path.read_text("utf-8") if path.is_file() else ""


@cache
def _labels_of(name: str) -> dict[str, str]:
    """Return the labels of a file, with the forms of numbers."""
    data = tomllib.loads(_text(name))
    forms = data.pop("numbered", {})
    del data["name"]
    plain = forms.get("default", _PLAIN)
    return data | {f"{kind}_number": forms.get(kind, plain) for kind in NUMBERED}


@cache
def _aliases() -> dict[str, str]:
    return dict(tomllib.loads(_text("aliases")))


def known_labels() -> tuple[str, ...]:
    """Return the keys of the labels, which every language has."""
    return tuple(_labels_of(FALLBACK_LANGUAGE))


def labels_for(
    language: str,
    own: Mapping[str, str],
    findings: Findings,
    location: SourceLocation | None = None,
) -> dict[str, str]:
    """Return the labels of a BCP 47 language, in which a book's ``own`` ones replace others.

    A language without labels has the English ones; those that the book lacks are reported.
    """
    for tag in file_names(language):
        name = _aliases().get(tag, tag)
        if _text(name):
            return _labels_of(name) | dict(own)
    labels = _labels_of(FALLBACK_LANGUAGE)
    missing = [key for key in labels if key not in own and not key.endswith("_number")]
    if missing:
        _report_missing(missing, labels, language, findings, location)
    return labels | dict(own)


def _report_missing(
    missing: Sequence[str],
    labels: Mapping[str, str],
    language: str,
    findings: Findings,
    location: SourceLocation | None,
) -> None:
    shown = ", ".join(labels[key] for key in missing[:_MAX_SHOWN])
    words = [key for key in labels if not key.endswith("_number")]
    findings.add(
        "MET-011",
        location,
        language=language,
        labels=f"{shown} and so on" if len(missing) > _MAX_SHOWN else shown,
        is_or_are="is" if len(missing) == 1 else "are",
        keys="the labels" if len(missing) == len(words) else ", ".join(missing),
    )


@cache
def labels_in_all_languages(key: str) -> tuple[str, ...]:
    """Return a label in each language that has labels; those of a few first, empty ones too."""
    line = re.compile(rf'^{re.escape(key)} = "([^"]*)"$', re.MULTILINE)
    found = (line.search(_text(name)) for name in _names())
    return tuple(match[1] if match else "" for match in found)


@cache
def labels_in_titles(kind: str) -> tuple[str, ...]:
    """Return the labels of a kind that titles in any language may have beside their number."""
    labels = zip(_names(), labels_in_all_languages(kind), strict=True)
    return tuple(dict.fromkeys(label for name, label in labels if name not in _NEVER_IN_TITLES))


@cache
def enclosing_labels(kind: str) -> tuple[tuple[str, str], ...]:
    """Return what stands before and after a number where a label does both: 第 and 章."""
    named = (
        name for name in _names() if f"第{_NUMBER}" in _text(name) or f"제{_NUMBER}" in _text(name)
    )
    both = (around_number(_labels_of(name), kind, "") for name in named)
    return tuple(dict.fromkeys(pair for pair in both if all(pair)))


def around_number(labels: Mapping[str, str], kind: str, space: str = " ") -> tuple[str, str]:
    """Return what stands before and after the number of a kind: "Chapter " and nothing.

    A label after its number begins with a small letter: 3. poglavlje.
    """
    form = labels.get(f"{kind if kind in NUMBERED else 'statement'}_number", _PLAIN)
    if form.count(_NUMBER) != 1:
        form = _PLAIN
    label = labels[kind]
    if not form.startswith(_LABEL):
        label = label[:1].lower() + label[1:]
    before, _, after = form.replace(_LABEL, label).partition(_NUMBER)
    return before.replace(" ", space), after.replace(" ", space)


def numbered(labels: Mapping[str, str], kind: str, number: str, space: str = NO_BREAK_SPACE) -> str:
    """Return the label of a kind with a number, as the language has it: Chapter 3, 第3章."""
    before, after = around_number(labels, kind, space)
    return f"{before}{number}{after}"
