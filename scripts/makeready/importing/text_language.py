"""The language of a text, by its script and by its commonest words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from makeready.importing.imported_book import ImportedBook

_SAMPLE, _MOST_SAMPLES = 5_000, 12
"""The letters of a text, and the texts, by which the language of a book is told."""
_LETTERS = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"[^\W\d_]+")
_FENCES = re.compile(r"^[ ]{0,3}(```|~~~).*?^[ ]{0,3}\1", re.DOTALL | re.MULTILINE)
_ONE_IN_A_THOUSAND = 0.001
_LEAST_WORDS = 100
_LEAST_SHARE = 0.06
_LEAST_LEAD = 1.3


def set_language(book: ImportedBook, text_of: Callable[[str], str]) -> None:
    """Set the language of a book whose tool does not say it to that of its texts."""
    if book.metadata.language:
        return
    names = [file for entry in book.entries for file in entry.files if file.endswith(".md")]
    samples = (text_of(name)[:_SAMPLE] for name in names[:_MOST_SAMPLES])
    language = language_of("\n".join(samples))
    if language and language != "en":
        book.metadata.language = language
        problem = f"The language is not said, and is taken to be {language}: see language in"
        book.leave_out(book.config, 1, f"{problem} book.toml.")


def language_of(text: str) -> str:
    """Return the language tag of a text; empty if it cannot be told."""
    plain = _without_comments(_FENCES.sub("", text))
    letters = _LETTERS.findall(plain)
    if not letters:
        return ""
    for script in _data()["script"]:
        of_script = re.compile(f"[{script['range']}]")
        if sum(map(bool, map(of_script.match, letters))) >= script["least"] * len(letters):
            return _of_script(script["languages"], "".join(letters).casefold())
    return _by_words(plain)


def _without_comments(text: str) -> str:
    """Return a text without comments of HTML; one without an end goes on to the end."""
    pieces = text.split("<!--")
    return pieces[0] + "".join(piece.partition("-->")[2] for piece in pieces[1:])


def _of_script(languages: list[dict[str, str]], letters: str) -> str:
    for each in languages:
        found = sum(letters.count(letter) for letter in each.get("letters", ""))
        if "letters" not in each or found >= _ONE_IN_A_THOUSAND * len(letters):
            return each["language"]
    return ""


def _by_words(text: str) -> str:
    words = Counter(_WORDS.findall(text.casefold()))
    total = words.total()
    scores = sorted(
        ((sum(words[word] for word in known), language) for language, known in _known().items()),
        reverse=True,
    )
    (best, language), (second, _) = scores[:2]
    is_clear = best >= _LEAST_SHARE * total and best >= _LEAST_LEAD * second
    return language if total >= _LEAST_WORDS and is_clear else ""


def _known() -> dict[str, list[str]]:
    known: dict[str, list[str]] = _data()["words"]
    return known


@cache
def _data() -> dict[str, Any]:
    text = files("makeready.importing").joinpath("languages.toml").read_text("utf-8")
    return tomllib.loads(text)
