"""Roman numerals, in which the pages of the front matter are numbered."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_VALUES = {letters: value for value, letters in _ROMAN if len(letters) == 1}


def roman(number: int) -> str:
    """Return a positive number in lower-case Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def roman_value(text: str) -> int:
    """Return the value of lower-case Roman numerals; 0 if the text is not one in its usual form."""
    if not text or any(letter not in _VALUES for letter in text):
        return 0
    values = [_VALUES[letter] for letter in text]
    total = sum(
        -value if following > value else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
    return total if roman(total) == text else 0
