"""Sizes of type and thickness of lines are variables of a design, and nowhere else in its rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from makeready.book.styles_folder import built_in_styles
from makeready.errors import FindingsError
from makeready.templates.environment import Layouts

SHEETS = sorted((built_in_styles() / "css").rglob("print.css"))
ROOT = re.compile(r":root\s*\{[^}]*\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LENGTH = re.compile(r"(?<![\w.-])(?!0pt)\d*\.?\d+(?:pt|rem|mm|in|px|cm)\b")
FAMILY = re.compile(r"font-family:[^;}]*\"|font-family:\s*(?!var\()[a-z]")


def constants(css: str) -> list[str]:
    """Return the absolute lengths and named families of rules, but for those of ``:root``."""
    rules = ROOT.sub("", COMMENT.sub("", css))
    return LENGTH.findall(rules) + FAMILY.findall(rules)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.parent.name)
def test_pages_have_no_constant_outside_variables(path: Path) -> None:
    assert constants(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("p { font-size: 9.5pt }", ["9.5pt"]),
        ("p { margin: 1rem 2mm }", ["1rem", "2mm"]),
        (':root { --a: 9pt } p { font-family: "Fira Code" }', ['font-family: "Fira Code"']),
        ("p { margin: calc(0pt - var(--bleed)) 1em; font-family: var(--font-text) }", []),
    ],
)
def test_a_constant_is_seen(css: str, found: list[str]) -> None:
    assert constants(css) == found


def test_the_sheets_of_all_pages_are_looked_at() -> None:
    assert len(SHEETS) >= 1
    book = (built_in_styles() / "css" / "book.css").read_text("utf-8")
    assert constants(book) == []


def test_titles_and_heads_are_broken_by_the_letters_of_the_measures(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    own = tmp_path / "styles" / "measures.toml"
    own.write_text("[letters]\nhead = 12\nbook_title = 7\n", "utf-8")
    letters = Layouts(tmp_path).letters
    assert (letters.head, letters.long_head, letters.book_title) == (12, 48, 7)
    house = [
        path.read_text("utf-8")
        for name in ("base", "section", "titlepage", "halftitlepage")
        for path in (built_in_styles() / "layouts").glob(f"{name}.html.j2")
    ]
    assert len(house) == 4
    assert [text for text in house if re.search(r"(balance|running_head)\((\d|\))", text)] == []
    own.write_text("[letters]\nhaed = 12\n", "utf-8")
    with pytest.raises(FindingsError, match=r"styles/measures.toml:2: unknown key “letters.haed”"):
        assert Layouts(tmp_path).letters
