"""Titles broken into balanced lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makeready.templates.balance import balance, balanced_lines


@pytest.mark.parametrize(
    ("title", "letters", "lines"),
    [
        ("Implementing TIFA", 40, ["Implementing TIFA"]),
        (
            "US support on WTO membership and OSCE chairmanship",
            40,
            ["US support on WTO membership", "and OSCE chairmanship"],
        ),
        (
            "Preparing to seal a strategic alliance with the US",
            26,
            ["Preparing to seal", "a strategic alliance", "with the US"],
        ),
        ("Donaudampfschifffahrt", 5, ["Donaudampfschifffahrt"]),
    ],
)
def test_titles(title: str, letters: int, lines: list[str]) -> None:
    assert balanced_lines(title, letters, "en-US") == lines


@given(st.text("ab <&\u00a0", max_size=300), st.integers(1, 60))
def test_no_letter_is_lost(title: str, letters: int) -> None:
    assert " ".join(balanced_lines(title, letters, "en")) == title


def test_lines_that_are_one_on_a_wide_page() -> None:
    one, two = '<span class="line one-if-wide">R for Data</span> <span ', "Science (2e)"
    assert balance("R for Data Science (2e)", 22, "en").startswith(one)
    assert balance("R for Data Science (2e)", 22, "en").endswith(f">{two}</span>")
    assert "one-if-wide" not in balance("R for Data Science and Others", 22, "en")
    assert "one-if-wide" not in balance("R for Data Science", 22, "en")


def test_markup_is_escaped() -> None:
    assert balance("Ham & <eggs>", 20, "en") == '<span class="line">Ham &amp; &lt;eggs&gt;</span>'
