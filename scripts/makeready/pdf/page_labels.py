"""Page labels: the name a PDF reader shows for each page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pikepdf import Array, Dictionary, Name, Object, String

from makeready.book.roman import roman_value


def page_labels(labels: Sequence[str]) -> Dictionary:
    """Return the ``/PageLabels`` number tree for one label a page (ISO 32000-1, 12.4.2).

    A run of consecutive decimal or Roman numbers is one entry; any other label is an entry of
    its own, as text.
    """
    numbers: list[int | Object] = []
    keys = [_style_and_value(label) for label in labels]
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


def _style_and_value(label: str) -> tuple[str, int]:
    """Return PDF's numbering style of a label and its number; empty and 0 for other text."""
    if label.isdigit():
        return "D", int(label)
    value = roman_value(label)
    return ("r", value) if value else ("", 0)
