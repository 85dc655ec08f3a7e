"""Validation of ``book.toml``: each invalid value is reported with its line and left out."""

from __future__ import annotations

import difflib
import typing
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from makeready.book.model import BOOK_FILE
from makeready.book.schema import BookFile
from makeready.book.toml_lines import TomlLines, TomlPath
from makeready.book.value_errors import value_problem
from makeready.findings import Findings, SourceLocation, rules_by_id

PLACEHOLDER_ID = "none"
_PLACEHOLDER_TITLE = "Untitled"


def validate(
    data: dict[str, Any], lines: TomlLines, findings: Findings
) -> tuple[BookFile, set[TomlPath]]:
    """Return the content of ``book.toml`` without its invalid values, and their paths.

    A misspelt key is listed under the name of the key that is nearest to it.
    """
    faulty: set[TomlPath] = set()
    while True:
        try:
            return BookFile.model_validate(data), faulty
        except ValidationError as problem:
            errors = problem.errors(include_url=False)
            faulty.update(_intended_path(error) for error in errors if error["type"] != "missing")
            for error in errors:
                # A required key that was removed as invalid or misspelt is not missing too.
                if error["type"] != "missing" or _error_path(error) not in faulty:
                    _report(error, lines, findings)
                _remove_value(data, error)


def _intended_path(error: ErrorDetails) -> TomlPath:
    """Return the path of an error, with the nearest known key in place of an unknown one."""
    path = _error_path(error)
    if error["type"] != "extra_forbidden":
        return path
    last, known = str(path[-1]), known_keys(path[:-1])
    if last in BookFile.model_fields and last not in known:
        return (last,)
    close = nearest_word(last, known)
    return (*path[:-1], close) if close else path


def _report(error: ErrorDetails, lines: TomlLines, findings: Findings) -> None:
    path = _error_path(error)
    location = SourceLocation(BOOK_FILE, _line_of(path, error["input"], lines))
    key = ".".join(str(part) for part in path if isinstance(part, str))
    edition = str(path[1]) if path[:1] == ("editions",) and len(path) > 1 else ""
    kind = error["type"]
    if kind == "extra_forbidden":
        last, known = str(path[-1]), known_keys(path[:-1])
        advice = suggestion(last, known)
        if len(path) > 1 and last in BookFile.model_fields and last not in known:
            advice = f"“{last}” belongs above the first [table] of the file."
        findings.add("MET-004", location, key=key, suggestion=advice, edition=edition)
    elif kind == "missing":
        findings.add("MET-006", location, key=key, edition=edition)
    elif kind in rules_by_id():
        values = {"key": key, "value": error["input"], "edition": edition, **error.get("ctx", {})}
        findings.add(kind, location, **values)
    else:
        findings.add("MET-005", location, key=key, problem=value_problem(error), edition=edition)


def _line_of(path: TomlPath, value: object, lines: TomlLines) -> int:
    """Return the line of an error; a text in a list may be on a line of its own."""
    in_list = bool(path) and isinstance(path[-1], int) and isinstance(value, str)
    return lines.line_of(path[:-1], str(value)) if in_list else lines.line_of(path)


def _error_path(error: ErrorDetails) -> TomlPath:
    """Return the path of an error, without the marker pydantic adds to errors in a key."""
    path = error["loc"]
    return path[:-1] if path and path[-1] == "[key]" else path


def lower_first(text: str) -> str:
    """Return ``text`` with its first letter in lower case, as a sentence goes on."""
    return text[:1].lower() + text[1:]


def _remove_value(data: dict[str, Any], error: ErrorDetails) -> None:
    """Remove an invalid value from ``data``; add a placeholder for a missing title."""
    path = _error_path(error)
    if error["type"] == "missing":
        if path == ("title",):
            data["title"] = _PLACEHOLDER_TITLE
            return
        path = path[:-1]
    container: Any = data
    for depth, part in enumerate(path):
        value = container[part] if _contains(container, part) else None
        last = depth == len(path) - 1
        if last or not isinstance(value, dict | list) or not _contains(value, path[depth + 1]):
            # An element of an array is replaced, so that the paths of later ones stay valid.
            if isinstance(container, list):
                container[int(part)] = _PLACEHOLDERS.get(str(path[0]), "")
            else:
                container.pop(part, None)
            return
        container = value


_PLACEHOLDERS: dict[str, Any] = {
    "contributors": {"name": "Unknown"},
    "ignore": {"id": PLACEHOLDER_ID, "reason": "left out"},
}


def _contains(container: Any, part: str | int) -> bool:
    if isinstance(container, dict):
        return part in container
    return isinstance(container, list) and isinstance(part, int) and part < len(container)


def known_keys(path: TomlPath, of: type[BaseModel] = BookFile) -> list[str]:
    """Return the keys that the table at ``path`` may have in a file of the model ``of``."""
    model: type[BaseModel] | None = of
    for part in path:
        field = model.model_fields.get(str(part)) if model else None
        if field is not None:
            model = _model_in(field.annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in typing.get_args(annotation):
        if (model := _model_in(inner)) is not None:
            return model
    return None


def suggestion(word: str, known: list[str]) -> str:
    """Return the hint for an unknown word: the nearest known one, or a list of them."""
    close = nearest_word(word, known)
    return f"Did you mean “{close}”?" if close else f"Known keys: {', '.join(known)}."


def nearest_word(word: str, known: list[str]) -> str:
    """Return the known word that is nearest to another, empty if none is near."""
    return next(iter(difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)), "")
