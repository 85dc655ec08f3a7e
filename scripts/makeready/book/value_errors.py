"""The problems of values that pydantic rejects, in the words of this project."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import ErrorDetails

from makeready.wording import counted

_SHOWN_CHARACTERS = 40
_QUOTED = re.compile(r"'([^']*)'")
_TEXT, _NUMBER, _DATE = "text in quotes", "a number", "a date such as 2026-11-24"
_WHOLE_NUMBER = "a whole number"
_SENTENCES = {
    "missing": "is missing",
    "missing_argument": "is missing",
    "empty": "must not be empty",
}
_FORMS = {
    "list_entry": "the name of a section or a table",
    "string_type": _TEXT,
    "bool_type": "true or false",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "a finite number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dataclass_type": "a table",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_LENGTHS = {
    "too_short": ("min_length", "at least", "item"),
    "too_long": ("max_length", "at most", "item"),
    "string_too_short": ("min_length", "at least", "character"),
    "string_too_long": ("max_length", "at most", "character"),
}


def value_problem(error: ErrorDetails) -> str:
    """Return what is wrong with a value, to follow its key: "must be a number, not “x”"."""
    is_item = bool(error["loc"]) and isinstance(error["loc"][-1], int)
    problem = _problem(error)
    return f"has an item that {problem}" if is_item else problem


def _problem(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind == "value_error":
        return str(context["error"])
    if kind in _LENGTHS:
        key, bound, noun = _LENGTHS[kind]
        return f"must have {bound} {counted(context[key], noun)}"
    expected = _expected(kind, context)
    problem = f"must be {expected}, not" if expected else "has a value that is not allowed:"
    return f"{problem} {_shown(error['input'])}"


def _expected(kind: str, context: dict[str, Any]) -> str:
    """Return what a value must be, or nothing for a kind of error that is not known here."""
    if kind in _BOUNDS:
        key, bound = _BOUNDS[kind]
        return f"{bound} {context[key]:g}"
    if kind == "literal_error":
        return _QUOTED.sub(r"“\1”", context["expected"])
    return _FORMS.get(kind, "")


def _shown(value: Any) -> str:
    """Return a value as an author knows it from TOML, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = " ".join(str(value).split())
    shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
    return f"“{shown}”" if isinstance(value, str) else shown
