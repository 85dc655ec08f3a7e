"""Words are divided as the book says, or as their language has it."""

from __future__ import annotations

from collections.abc import Iterator

import pyphen
import pytest

from makeready.book.hyphenation import exceptions_text
from makeready.engine.lines.hyphenation import book_exceptions, hyphen_positions

INITIAL = (5, 2, 2)


def divided(word: str, language: str, limits: tuple[int, int, int] = INITIAL) -> str:
    positions = {*hyphen_positions(word, language, limits)}
    return "".join(f"-{c}" if i in positions else c for i, c in enumerate(word))


@pytest.fixture(autouse=True)
def _no_exceptions() -> Iterator[None]:
    yield
    book_exceptions.use("")


@pytest.mark.parametrize(
    ("language", "word", "wanted"),
    [
        ("en", "notwithstanding", "not-with-stand-ing"),
        ("en", "never", "never"),
        ("de", "Weltanschauung", "Welt-an-schau-ung"),
        ("ru", "путешествие", "пу-те-ше-ствие"),
        ("sr-Latn", "prijateljstvo", "pri-ja-telj-stvo"),
        # By syllables.
        ("fi", "kirjallisuuden", "kir-jal-li-suu-den"),
        ("tr", "yayıncılık", "ya-yın-cı-lık"),
        # Letters would change: asz-szony.
        ("hu", "asszonyok", "asszo-nyok"),
        # Capitals, and parts of a word in capitals.
        ("en", "UNESCO-organisation", "UNESCO-organ-isa-tion"),
        ("kk", "қазақстандықтар", "қазақстандықтар"),
        ("zh", "abcdefgh", "abcdefgh"),
    ],
)
def test_a_word_is_divided_as_its_language_has_it(language: str, word: str, wanted: str) -> None:
    assert divided(word, language) == wanted


def test_limits_of_a_style_are_kept() -> None:
    assert divided("never", "en", (4, 2, 2)) == "nev-er"
    assert divided("notwithstanding", "en", (99, 2, 2)) == "notwithstanding"


def test_exceptions_stand_for_the_patterns_of_their_language_only() -> None:
    text = exceptions_text({"en": ("ar-chi-ve", "notwithstanding"), "kk": ("қазақ-стан",)})
    book_exceptions.use(text)
    # Two letters are too few before a hyphen, and after it.
    assert divided("Archive", "en-GB") == "Archive"
    assert divided("Archive", "en-GB", (2, 2, 2)) == "Ar-chi-ve"
    assert divided("notwithstanding", "en") == "notwithstanding"
    assert divided("қазақстан", "kk") == "қазақ-стан"
    assert divided("notwithstanding", "de") != "notwithstanding"
    # The engine itself asks pyphen.
    assert pyphen.Pyphen(lang="en").inserted("notwithstanding") == "notwithstanding"


def test_the_next_document_has_exceptions_of_its_own() -> None:
    before = divided("notwithstanding", "en")
    book_exceptions.use(exceptions_text({"en": ("not-with-standing",)}))
    assert divided("notwithstanding", "en") == "not-with-standing"
    book_exceptions.use("")
    assert divided("notwithstanding", "en") == before
    assert pyphen.Pyphen(lang="en").inserted("notwithstanding") != "not-with-standing"


def test_a_capital_with_a_longer_small_form_is_one_letter() -> None:
    book_exceptions.use(exceptions_text({"tr": ("İstan-bul",)}))
    assert divided("İstanbul", "tr") == "İstan-bul"
