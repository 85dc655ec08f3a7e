"""The faults of ``book.toml``: each a finding with its line, its value then left out."""

from __future__ import annotations

import difflib
import typing
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from makeready.book.schema import BookFile
from makeready.book.toml_lines import TomlLines
from makeready.findings import Findings, SourceLocation, rules_by_id

FILE = "book.toml"
LEFT_OUT = "none"
TomlPath = tuple[str | int, ...]
_PLACEHOLDER_TITLE = "Untitled"


def validate(
    data: dict[str, Any], lines: TomlLines, findings: Findings
) -> tuple[BookFile, set[TomlPath]]:
    """Validate, leaving out what is at fault until the rest holds.

    Return the places at fault too, a misspelt key under the name it was meant to have.
    """
    faulty: set[TomlPath] = set()
    while True:
        try:
            return BookFile.model_validate(data), faulty
        except ValidationError as problem:
            errors = problem.errors(include_url=False)
            faulty.update(_meant(error) for error in errors if error["type"] != "missing")
            for error in errors:
                # A required value that was at fault or misspelt is not missing too.
                if error["type"] != "missing" or _place(error) not in faulty:
                    _report(error, lines, findings)
                _leave_out(data, error)


def _meant(error: ErrorDetails) -> TomlPath:
    """Return the place a fault is at; a key nobody knows stands for the one nearest to it."""
    path = _place(error)
    if error["type"] != "extra_forbidden":
        return path
    last, known = str(path[-1]), known_keys(path[:-1])
    if last in BookFile.model_fields and last not in known:
        return (last,)
    close = _nearest_of(last, known)
    return (*path[:-1], close) if close else path


def _report(error: ErrorDetails, lines: TomlLines, findings: Findings) -> None:
    path = _place(error)
    location = SourceLocation(FILE, _line_of(path, error["input"], lines))
    key = ".".join(str(part) for part in path if isinstance(part, str))
    kind = error["type"]
    if kind == "extra_forbidden":
        last, known = str(path[-1]), known_keys(path[:-1])
        advice = nearest(last, known)
        if len(path) > 1 and last in BookFile.model_fields and last not in known:
            advice = f"“{last}” belongs above the first [table] of the file."
        findings.add("MET-004", location, key=key, nearest=advice)
    elif kind == "missing":
        findings.add("MET-006", location, key=key)
    elif kind in rules_by_id():
        findings.add(kind, location, key=key, value=error["input"], **error.get("ctx", {}))
    else:
        findings.add("MET-005", location, key=key, problem=lower_first(error["msg"]))


def _line_of(path: TomlPath, value: object, lines: TomlLines) -> int:
    """Return the line of a fault; a text in a list may stand on a line of its own."""
    in_list = bool(path) and isinstance(path[-1], int) and isinstance(value, str)
    return lines.line_of(path[:-1], str(value)) if in_list else lines.line_of(path)


def _place(error: ErrorDetails) -> TomlPath:
    """Return the path of a fault; one in a key, not its value, ends in a mark of pydantic."""
    path = error["loc"]
    return path[:-1] if path and path[-1] == "[key]" else path


def lower_first(text: str) -> str:
    """Return ``text`` as it goes on a sentence."""
    return text[:1].lower() + text[1:]


def _leave_out(data: dict[str, Any], error: ErrorDetails) -> None:
    """Take the value at fault out of ``data``; put a title where there is none."""
    path = _place(error)
    if error["type"] == "missing":
        if path == ("title",):
            data["title"] = _PLACEHOLDER_TITLE
            return
        path = path[:-1]
    holder: Any = data
    for depth, part in enumerate(path):
        inside = holder[part] if _has(holder, part) else None
        last = depth == len(path) - 1
        if last or not isinstance(inside, dict | list) or not _has(inside, path[depth + 1]):
            # An element of an array keeps its place, so that later paths still hold.
            if isinstance(holder, list):
                holder[int(part)] = _NOTHING.get(str(path[0]), "")
            else:
                holder.pop(part, None)
            return
        holder = inside


_NOTHING: dict[str, Any] = {
    "contributors": {"name": "Unknown"},
    "ignore": {"id": LEFT_OUT, "reason": "left out"},
}


def _has(holder: Any, part: str | int) -> bool:
    if isinstance(holder, dict):
        return part in holder
    return isinstance(holder, list) and isinstance(part, int) and part < len(holder)


def known_keys(path: TomlPath, of: type[BaseModel] = BookFile) -> list[str]:
    """Return the keys that the table at ``path`` of a file may have."""
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


def nearest(word: str, known: list[str]) -> str:
    """Return the known words nearest to ``word``, as a message can show them."""
    close = _nearest_of(word, known)
    return f"Did you mean “{close}”?" if close else f"Known are: {', '.join(known)}."


def _nearest_of(word: str, known: list[str]) -> str:
    return next(iter(difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)), "")
