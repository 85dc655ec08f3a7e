"""A file of figures read: strict, its first fault named with its line."""

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
from makeready.errors import MakereadyError
from makeready.printers.figures import MM_PER_INCH, Figures

T = TypeVar("T")

_UNKNOWN_KEY = "unexpected_keyword_argument"


class ProfileError(MakereadyError):
    """A file of figures is at fault: its message begins with the file and the line."""


@cache
def figure_files(room: str) -> dict[str, str]:
    """Return the text of each file of figures in a folder of makeready's own, by its name."""
    return {
        entry.name.removesuffix(".toml"): entry.read_text("utf-8")
        for entry in files("makeready").joinpath(room).iterdir()
        if entry.name.endswith(".toml")
    }


def read_strictly(place: str, text: str, kind: type[T]) -> tuple[T, TomlLines]:
    """Read the TOML text of the file ``place`` as a data class; a fault is a ``ProfileError``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{place}: {error}.") from error
    lines = TomlLines(text)
    given = json.dumps(_normalised(data), default=str)
    try:
        return TypeAdapter(kind).validate_json(given, strict=True), lines
    except ValidationError as problem:
        raise _fault(place, lines, problem, kind) from problem


def tables_of(file: Any) -> Iterator[tuple[str, Figures]]:
    """Yield every table of a file with the name it has there."""
    for one in fields(file):
        value = getattr(file, one.name)
        for table in value if isinstance(value, tuple) else (value,):
            if isinstance(table, Figures):
                yield one.name, table


def contradictions(path: TomlPath, table: Figures) -> Iterator[tuple[TomlPath, str]]:
    """Yield what no table of figures may lack: where, and what is wrong."""
    if not table.source or not all(table.source):
        yield (*path, "source"), "a table has to name its source."
    if table.conflict and not table.choice:
        yield (*path, "conflict"), "a conflict needs the choice that was made."


def _normalised(value: Any) -> Any:
    """Give lengths in millimetres (``…_mm``) in inches (``…_in``), and one source as a list."""
    if isinstance(value, list):
        return [_normalised(one) for one in value]
    if not isinstance(value, dict):
        return value
    table: dict[str, Any] = {}
    for key, one in value.items():
        if _is_metric(key, one):
            table[f"{key[:-3]}_in"] = one / MM_PER_INCH
        else:
            table[key] = [one] if key == "source" and isinstance(one, str) else _normalised(one)
    return table


def _is_metric(key: str, value: Any) -> bool:
    return key.endswith("_mm") and isinstance(value, int | float)


def _fault(place: str, lines: TomlLines, problem: ValidationError, kind: type[Any]) -> ProfileError:
    errors = problem.errors(include_url=False)
    # A key that is misspelt is missing too: the misspelling is what to tell.
    error = next((one for one in errors if one["type"] == _UNKNOWN_KEY), errors[0])
    path: TomlPath = tuple(error["loc"])
    key = ".".join(str(part) for part in path if isinstance(part, str))
    line = max(lines.line_of(path), lines.line_of(_metric(path)))
    if error["type"] != _UNKNOWN_KEY:
        message = error["msg"][:1].lower() + error["msg"][1:]
        return ProfileError(f"{place}:{line}: “{key}”: {message}.")
    known = _known_keys(kind, path[0]) if len(path) > 1 else [one.name for one in fields(kind)]
    nearest = get_close_matches(str(path[-1]), known, n=1)
    hint = f"Did you mean “{nearest[0]}”?" if nearest else f"Known are: {', '.join(known)}."
    return ProfileError(f"{place}:{line}: there is no key “{key}”.", hint)


def _metric(path: TomlPath) -> TomlPath:
    return (*path[:-1], f"{str(path[-1]).removesuffix('_in')}_mm") if path else path


def _known_keys(file: type[Any], table: str | int) -> list[str]:
    """Return the keys of a table of the file."""
    annotation = get_type_hints(file).get(str(table))
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Figures):
            return [one.name for one in fields(kind)]
    return []
