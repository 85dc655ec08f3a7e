"""Sizes of type and thickness of lines are variables of a design, and nowhere else in its rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from makeready.book.styles_folder import built_in_styles

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
