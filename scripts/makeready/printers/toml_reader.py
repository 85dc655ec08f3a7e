"""Reading a file of rules: strict, its first error named with its line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from makeready.book.toml_lines import TomlLines, TomlPath
from makeready.book.value_errors import value_problem
from makeready.errors import MakereadyError
from makeready.printers.tables import MM_PER_INCH, SourcedTable

Model = TypeVar("Model")

_UNKNOWN_KEY = "unexpected_keyword_argument"
_MISSING = frozenset({"missing", "missing_argument"})


class ProfileError(MakereadyError):
    """A file of rules is invalid; the message begins with the file and the line."""


@cache
def rule_files(package: str) -> dict[str, str]:
    """Return the text of each TOML file in a subpackage of makeready, by name."""
    return {
        entry.name.removesuffix(".toml"): entry.read_text("utf-8")
        for entry in files("makeready").joinpath(package).iterdir()
        if entry.name.endswith(".toml")
    }


def parse_strictly(shown_path: str, text: str, model: type[Model]) -> tuple[Model, TomlLines]:
    """Return a TOML text as ``model``, a data class, and its lines.

    Raises ProfileError, which names the file as ``shown_path``, when it is invalid.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{shown_path}: {error}.") from error
    lines = TomlLines(text)
    data = _in_inches(data)
    json_text = json.dumps(data, default=str)
    try:
        return TypeAdapter(model).validate_json(json_text, strict=True), lines
    except ValidationError as problem:
        raise _profile_error(shown_path, lines, problem, model, data) from problem


def tables_of(file: Any) -> Iterator[tuple[str, SourcedTable]]:
    """Yield every table of a file with its name in the file."""
    for item in fields(file):
        value = getattr(file, item.name)
        for table in value if isinstance(value, tuple) else (value,):
            if isinstance(table, SourcedTable):
                yield item.name, table


def table_errors(path: TomlPath, table: SourcedTable) -> Iterator[tuple[TomlPath, str]]:
    """Yield the path and message of each error that any table can have."""
    if not table.source or not all(table.source):
        yield (*path, "source"), "the table needs a source."
    if table.conflict and not table.choice:
        yield (*path, "conflict"), "a conflict needs a choice."


def _in_inches(value: Any) -> Any:
    """Return TOML data with ``…_mm`` lengths as ``…_in`` in inches, and each source as a list."""
    if isinstance(value, list):
        return [_in_inches(item) for item in value]
    if not isinstance(value, dict):
        return value
    table: dict[str, Any] = {}
    for key, item in value.items():
        if _is_metric(key, item):
            table[f"{key[:-3]}_in"] = item / MM_PER_INCH
        else:
            table[key] = [item] if key == "source" and isinstance(item, str) else _in_inches(item)
    return table


def _is_metric(key: str, value: Any) -> bool:
    return key.endswith("_mm") and isinstance(value, int | float)


def _profile_error(
    shown_path: str,
    lines: TomlLines,
    problem: ValidationError,
    model: type[Any],
    data: dict[str, Any],
) -> ProfileError:
    errors = problem.errors(include_url=False)
    # A misspelt key is missing too: the misspelling is reported.
    error = next((item for item in errors if item["type"] == _UNKNOWN_KEY), errors[0])
    path = error["loc"]
    if error["type"] not in _MISSING:
        path = _existing_part(path, data)
    key = ".".join(str(part) for part in path if isinstance(part, str))
    line = max(lines.line_of(path), lines.line_of(_metric_path(path)))
    if error["type"] != _UNKNOWN_KEY:
        return ProfileError(f"{shown_path}:{line}: “{key}” {value_problem(error)}.")
    known = _known_keys(model, path[0]) if len(path) > 1 else [item.name for item in fields(model)]
    nearest = get_close_matches(str(path[-1]), known, n=1)
    hint = f"Did you mean “{nearest[0]}”?" if nearest else f"Known keys: {', '.join(known)}."
    return ProfileError(f"{shown_path}:{line}: unknown key “{key}”.", hint)


def _existing_part(path: TomlPath, data: Any) -> TomlPath:
    """Return a path without the name of a type that pydantic adds to it in a union."""
    for depth, part in enumerate(path):
        is_in_table = isinstance(data, dict) and part in data
        if not is_in_table and not isinstance(data, list):
            return path[:depth]
        data = data[part]
    return path


def _metric_path(path: TomlPath) -> TomlPath:
    return (*path[:-1], f"{str(path[-1]).removesuffix('_in')}_mm") if path else path


def _known_keys(file: type[Any], table: str | int) -> list[str]:
    """Return the keys of a table of the file; none if there is no such table."""
    annotation = get_type_hints(file).get(str(table))
    for model in (annotation, *get_args(annotation)):
        if isinstance(model, type) and issubclass(model, SourcedTable):
            return [item.name for item in fields(model)]
    return []
