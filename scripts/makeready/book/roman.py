"""Roman numerals, as the folios of front matter are."""

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
_FIGURES = {letters: value for value, letters in _ROMAN if len(letters) == 1}


def roman(number: int) -> str:
    """Write a number in lower-case Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def roman_value(text: str) -> int:
    """Read lower-case Roman numerals; 0 for what is none."""
    if not text or any(letter not in _FIGURES for letter in text):
        return 0
    figures = [_FIGURES[letter] for letter in text]
    total = sum(
        -figure if following > figure else figure
        for figure, following in zip(figures, [*figures[1:], 0], strict=True)
    )
    return total if roman(total) == text else 0
