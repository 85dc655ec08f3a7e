"""Lines of a paragraph are joined with a space, where the script has spaces."""

from __future__ import annotations

import pytest
from generated_books import body


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("one\ntwo", "one two"),
        ("日本\n語です", "日本語です"),
        ("です。\nRustは", "です。Rustは"),
        ("Rust\n「は」", "Rust「は」"),
        ("Rust\n言語", "Rust 言語"),
        ("日本\n*語*\nです", "日本<em>語</em>です"),
        ("*one*\n*two*", "<em>one</em> <em>two</em>"),
        ("한국\n어", "한국 어"),
    ],
)
def test_lines_are_joined(text: str, joined: str) -> None:
    assert body(text) == f"<p>{joined}</p>"
