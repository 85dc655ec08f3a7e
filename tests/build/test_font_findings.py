"""What no font has, or only one of last resort, is one finding a script, with a way out of it."""

from __future__ import annotations

import tomllib

import pytest

from conftest import CACHE, Run, makeready
from made_fonts import LATIN, small_font, write_fonts
from makeready.book.styles_folder import built_in_styles
from makeready.fonts.instances import load_fonts
from makeready.fonts.scripts import family_hint, script_of_text, scripts

BOOK = """\
title = "Letters"
language = "en"
modified = 2026-11-01
bodymatter = ["chapter-1", "chapter-2"]
[[contributors]]
name = "Ann Bell"
[editions.paperback]
kind = "print"
printer = "generic"
trim = "6x9in"
"""
ONE = "# One\n\nThe word 東京 and こんにちは。\n\n::: {lang=ja}\n東京は。\n:::\n\nმე, שלום.\n"
TWO = "# Two\n\nAgain こ and 東.\n\n::: {lang=ka}\nქართული ენა\n:::\n\n::: {lang=ka}\nენა\n:::\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    book = tmp_path_factory.mktemp("letters") / "book"
    plain = next(iter(load_fonts(built_in_styles() / "fonts.toml", CACHE / "faces")))
    small = small_font(plain.path.read_bytes(), "Test Plain", LATIN)
    write_fonts(book / "fonts", [("plain.ttf", small)])
    (book / "styles").mkdir()
    # A family of one font: no small capitals were kept in it.
    own = '[roles]\ntext = "Test Plain"\n'
    (book / "styles/fonts.toml").write_text(own + "[[family]]\nname = 'Test Plain'\n")
    files = {"book.toml": BOOK, "chapter-1.md": ONE, "chapter-2.md": TWO}
    for name, text in files.items():
        (book / name).write_text(text, "utf-8")
    return makeready("build", "--book", book, "--output", book.parent, "--cache", CACHE, "--json")


def findings_of(run: Run, rule: str) -> list[tuple[str, str, int]]:
    return [finding for finding in run.findings if finding[0] == rule]


def test_a_script_without_a_font_is_one_finding_at_its_first_line(run: Run) -> None:
    assert run.code == 1
    # The letters of a text without a language are taken for Chinese, kana for Japanese.
    assert findings_of(run, "LAY-003") == [
        ("LAY-003", "chapter-1.md", 3),
        ("LAY-003", "chapter-1.md", 3),
    ]
    assert "[scripts.jpan]" in run.out and "[scripts.hans]" in run.out


def test_a_text_in_a_font_of_last_resort_is_one_finding(run: Run) -> None:
    # Single words of other languages are not texts.
    assert findings_of(run, "LAY-040") == [("LAY-040", "chapter-2.md", 6)]
    assert "Text in Georgian is set in DejaVu Sans" in run.out


def test_small_capitals_that_a_family_lacks_are_one_finding(run: Run) -> None:
    assert len(findings_of(run, "LAY-041")) == 1
    assert "Test Plain has no small capitals" in run.out


def test_every_hint_says_what_to_install_and_what_to_write() -> None:
    for code, script in scripts().items():
        hint = family_hint(script)
        assert script.package or script.debian, code
        line = hint.partition("the line ")[2].partition(" and below it ")
        written = f"{line[0]}\n{line[2].rstrip('.')}"
        assert tomllib.loads(written) == {"scripts": {code: {"text": script.family}}}


@pytest.mark.parametrize(
    ("letter", "language", "code"),
    [
        ("ا", "", "arab"),
        ("東", "", "hans"),
        ("東", "ja", "jpan"),
        ("東", "zh-TW", "hant"),
        ("東", "ko-KR", "kore"),
        ("。", "ja", "jpan"),
        ("，", "zh", "hans"),
        ("한", "", "kore"),
        ("a", "", None),
        ("✔", "", None),
    ],
)
def test_the_script_of_a_letter(letter: str, language: str, code: str | None) -> None:
    script = script_of_text(letter, language)
    assert (script.code if script else None) == code
