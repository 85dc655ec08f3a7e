"""Conversion of the values of a book to those that layouts may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from markupsafe import Markup

from makeready.book.model import Book, Contributor, Edition, Metadata, PageMap, Section
from makeready.fonts import Font
from makeready.templates.plain_values import (
    Choice,
    Lookup,
    PageLabels,
    Plain,
    ReadOnlyMapping,
    View,
)

_LEFT_OUT: Mapping[type, frozenset[str]] = {
    Book: frozenset({"root", "resources", "anchors", "ignores", "index", "term_references"})
    | {"blurb", "lines"},
    Edition: frozenset({"lines"}),
    Section: frozenset({"title_tree", "tree", "notes", "queries", "line_runs"}),
    Font: frozenset({"path", "licence", "source", "source_digest"}),
}
"""Fields that layouts do not get: trees and paths, and what no layout shows."""

_PROPERTIES: Mapping[type, tuple[str, ...]] = {
    Metadata: ("full_title", "search_terms", "direction"),
    Font: ("file_name",),
}
"""Properties that layouts get as fields."""


_CONVERTED = (View, ReadOnlyMapping, Lookup)


def plain(value: object) -> Plain:
    """Return a value of the book as layouts get it; TypeError for one that they must not have."""
    if value is None or isinstance(value, _CONVERTED):
        return value
    if isinstance(value, (str, int, float)):
        return _plain_scalar(value)
    if isinstance(value, (tuple, list)):
        return tuple(map(plain, value))
    if isinstance(value, Mapping):
        return ReadOnlyMapping({_plain_text(key): plain(one) for key, one in value.items()})
    if is_dataclass(value) and not isinstance(value, type):
        return PageLabels(value.labels, "") if isinstance(value, PageMap) else _view(value)
    raise TypeError(f"layouts cannot have a value of the type {type(value).__name__}")


def _plain_scalar(value: str | float) -> Plain:
    """Return a text or number of its exact type.

    A subclass may have more attributes, such as the parent of a text that lxml returned.
    """
    if isinstance(value, Enum):
        return Choice(value.value)
    for kind in (Markup, bool, int, float):
        if isinstance(value, kind):
            return value if type(value) is kind else kind(value)
    return _plain_text(value)


def _plain_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return str(value)


def _view(value: Any) -> View:
    kind = type(value)
    names = [one.name for one in fields(value) if one.name not in _LEFT_OUT.get(kind, ())]
    named = {name: plain(getattr(value, name)) for name in (*names, *_PROPERTIES.get(kind, ()))}
    if isinstance(value, Metadata):
        named["by_role"] = _by_role(value.contributors)
    return View(kind.__name__, named)


def _by_role(contributors: tuple[Contributor, ...]) -> Lookup:
    """Return the table of contributors by MARC relator code."""
    table: dict[str, tuple[Plain, ...]] = {}
    for contributor in contributors:
        table[contributor.role] = (*table.get(contributor.role, ()), plain(contributor))
    return Lookup(table, ())
