"""Page labels: what a reader calls each page, written into the file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pikepdf import Array, Dictionary, Name, Object, String

from makeready.pdf.assemble import roman


def page_labels(labels: Sequence[str]) -> Dictionary:
    """Return the ``/PageLabels`` number tree for a label a page (ISO 32000-1, 12.4.2).

    A run of consecutive numbers is one entry; a label that is no number stands as it is.
    """
    numbers: list[int | Object] = []
    keys = [_key(label) for label in labels]
    for index, (before, key) in enumerate(pairwise([("", 0), *keys])):
        style, value = key
        if style and before == (style, value - 1):
            continue
        entry = Dictionary(Type=Name.PageLabel)
        if style:
            entry.S, entry.St = Name(f"/{style}"), value
        else:
            entry.P = String(labels[index])
        numbers += [index, entry]
    return Dictionary(Nums=Array(numbers))


def _key(label: str) -> tuple[str, int]:
    """Sort a label into decimal, Roman or plain words, with its number."""
    if label.isdigit():
        return "D", int(label)
    value = _roman_value(label)
    return ("r", value) if value else ("", 0)


def _roman_value(text: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    if not text or any(letter not in values for letter in text):
        return 0
    figures = [values[letter] for letter in text]
    total = sum(
        -figure if following > figure else figure
        for figure, following in zip(figures, [*figures[1:], 0], strict=True)
    )
    return total if roman(total) == text else 0
