"""Page labels: what a reader calls each page, written into the file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pikepdf import Array, Dictionary, Name, Object, String

from makeready.book.roman import roman_value


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
    value = roman_value(label)
    return ("r", value) if value else ("", 0)
