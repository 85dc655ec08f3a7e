"""Roman numerals, written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makeready.book.roman import roman, roman_value

EXAMPLES = {
    1: "i", 2: "ii", 3: "iii", 4: "iv", 5: "v", 6: "vi", 8: "viii", 9: "ix", 14: "xiv",
    40: "xl", 90: "xc", 400: "cd", 900: "cm", 1994: "mcmxciv", 3999: "mmmcmxcix",
}  # fmt: skip


@pytest.mark.parametrize(("number", "text"), EXAMPLES.items())
def test_a_number_is_written_and_read(number: int, text: str) -> None:
    assert (roman(number), roman_value(text)) == (text, number)


@given(st.integers(1, 3999))
def test_written_numerals_are_read_back(number: int) -> None:
    assert roman_value(roman(number)) == number


@pytest.mark.parametrize(
    "text", ["", "iiii", "iix", "vv", "im", "ivi", "xivi", "II", "a", "i2", "12", "ii "]
)
def test_invalid_numerals_have_no_value(text: str) -> None:
    assert roman_value(text) == 0
