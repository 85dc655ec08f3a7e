"""Counts with their nouns, and the templates of messages."""

from __future__ import annotations

import string
from typing import Any

_COUNT = "count "
_OPTIONAL = frozenset({"suggestion", "note"})
"""Fields that begin with a space of their own, or are empty."""

_UNITS = ("mm", "pt", "in", "mb")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, as "1 page" or "2 pages"; ``plural`` for an irregular one."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


class _Template(string.Formatter):
    """``str.format`` with one more format: ``{pages:count page}``, ``{n:count entry|entries}``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith(_COUNT):
            noun, _, plural = format_spec.removeprefix(_COUNT).partition("|")
            return counted(value, noun, plural)
        return str(super().format_field(value, format_spec))


_TEMPLATE = _Template()


def fill_in(template: str, **values: object) -> str:
    """Return the text of a template; ``{pages:count page}`` is a number with its noun."""
    return _TEMPLATE.vformat(template, (), values)


def with_placeholders(template: str) -> str:
    """Return a template as a reader can take it: ``{nearest_id}`` as ‹nearest id›."""
    text = []
    for literal, name, spec, _ in _TEMPLATE.parse(template):
        text.append(literal)
        if name is None:
            continue
        noun, _, plural = (spec or "").removeprefix(_COUNT).partition("|")
        unit = f" {plural or f'{noun}s'}" if (spec or "").startswith(_COUNT) else ""
        words = name.split("_")
        if words[-1] in _UNITS and len(words) > 1:
            words.pop()
        is_optional = name in _OPTIONAL or (not literal and len(text) > 1)
        space = " " if is_optional and not literal.endswith(" ") else ""
        text.append(f"{space}‹{' '.join(words)}›{unit}")
    return "".join(text)
