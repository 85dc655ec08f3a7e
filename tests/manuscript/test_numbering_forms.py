"""The forms in which the numbers of chapters and parts are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_book import read

from makeready.manuscript.title_numbers import number_in_words

FILES: dict[str, str | bytes] = {
    "part-1.md": "# Spring\n",
    "chapter-1.md": "# Chapter 1: Frost\n\nSee [](#chapter-2).\n",
    "chapter-2.md": "# Thaw\n\nWords.\n",
}


@pytest.mark.parametrize(
    ("numbering", "numerals", "reference", "rules"),
    [
        ('"arabic"', [("", 1), ("", 1), ("", 2)], "2", ["MAN-040"]),
        ('"roman"', [("", 1), ("I", 1), ("II", 2)], "II", ["MAN-040"]),
        ('"words"', [("", 1), ("One", 1), ("Two", 2)], "Two", ["MAN-040"]),
        ('"none"', [("", 1), ("", None), ("", None)], "", []),
        ('{ part = "roman" }', [("I", 1), ("", 1), ("", 2)], "2", ["MAN-040"]),
        ('{ part = "none" }', [("", None), ("", 1), ("", 2)], "2", ["MAN-040"]),
    ],
)
def test_numbers_are_in_the_form_that_is_set(
    numbering: str,
    numerals: list[tuple[str, int | None]],
    reference: str,
    rules: list[str],
    tmp_path: Path,
) -> None:
    toml = (
        'title = "Tiny"\nlanguage = "en"\nmodified = 2026-11-01\n'
        f"numbering = {numbering}\n"
        'bodymatter = ["part-1", "chapter-1", "chapter-2"]\n'
    )
    book, found = read(tmp_path, {"book.toml": toml, **FILES})
    assert book is not None and [rule for rule, *_ in found] == rules
    assert [(s.numeral, s.number) for s in book.sections] == numerals
    assert book.anchors["chapter-2"].number == reference


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en-GB", 1, "One"),
        ("en", 20, "Twenty"),
        ("en", 21, "Twenty-one"),
        ("en", 90, "Ninety"),
        ("en", 99, "Ninety-nine"),
        ("en", 100, ""),
        ("de", 3, "Drei"),
        ("de", 21, ""),
        ("fr", 1, "Premier"),
        ("fr", 10, "Dix"),
        ("es", 2, "Dos"),
        ("ru", 1, "Первая"),
        ("kk", 1, ""),
        ("it", 1, ""),
    ],
)
def test_numbers_are_written_in_the_language(language: str, number: int, words: str) -> None:
    assert number_in_words(number, language) == words
