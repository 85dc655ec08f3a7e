"""Which pages of a PDF are right-hand ones."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.roman import roman_value

_LEAST_SHARE = 0.5


def rectos_of(labels: Sequence[str]) -> list[bool]:
    """Return of each page whether it is a right-hand one: that has an odd number.

    A PDF for the screen may leave blank pages out, so the printed numbers count, in Arabic or in
    Roman numerals, where most pages have one. Else the first page is a right-hand one.
    """
    numbers = [_number(label) for label in labels]
    if sum(map(bool, numbers)) < _LEAST_SHARE * len(numbers):
        return [index % 2 == 0 for index in range(len(labels))]
    rectos: list[bool] = []
    for number in numbers:
        before = rectos[-1] if rectos else False
        rectos.append(number % 2 == 1 if number else not before)
    return rectos


def _number(label: str) -> int:
    if label.isascii() and label.isdigit():
        # Only whether it is odd counts, and a label may be very long.
        return int(label[-1]) + 10 if label.strip("0") else 0
    return roman_value(label.lower())
