"""Reading the TOML files of the styles, as strictly as ``book.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from makeready.book.source_files import FileRefusedError, read_file
from makeready.book.toml_faults import toml_fault
from makeready.book.toml_lines import TomlLines, TomlPath
from makeready.book.validation import known_keys, suggestion
from makeready.book.value_errors import value_problem
from makeready.errors import FindingsError

Model = TypeVar("Model", bound=BaseModel)


MOST_BYTES = 1_000_000


def read_style_text(path: Path, shown_path: str) -> str:
    """Return the text of a file of the styles; FindingsError, with its line, if it is no text.

    ``shown_path`` is relative to the book's folder.
    """
    try:
        content = read_file(path, MOST_BYTES)
    except FileRefusedError as error:
        problem = f"cannot be read: {error.problem}."
        hint = "Write an ordinary text file that you have permission to read."
        raise FindingsError(problem, hint, shown_path) from error
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FindingsError(
            "this is not UTF-8 text.", "Save the file as UTF-8.", shown_path, line
        ) from error


class StyleTable(BaseModel):
    """A table of a style file; unknown keys and values of another type are invalid."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class StyleFile:
    """One TOML file of the styles; errors in it name their line.

    ``shown_path`` is its path as they name it, if it is not at the top of the styles.
    Raises FindingsError when it cannot be read as TOML.
    """

    def __init__(self, path: Path, shown_path: str = "") -> None:
        self._shown_path = shown_path or f"styles/{path.name}"
        self._text = read_style_text(path, self._shown_path)
        try:
            self._data = tomllib.loads(self._text)
        except (ValueError, RecursionError) as error:
            line, reason = toml_fault(error, self._text)
            problem = f"cannot be read as TOML: {reason}."
            raise FindingsError(problem, "Fix its TOML syntax.", self._shown_path, line) from error

    def read(self, model: type[Model]) -> Model:
        """Return the content of the file as ``model``; FindingsError, with its line, if invalid."""
        try:
            return model.model_validate(self._data)
        except ValidationError as problem:
            # A misspelt key is reported before the key that is missing for it.
            error = min(problem.errors(include_url=False), key=lambda e: e["type"] == "missing")
        path = error["loc"]
        key = ".".join(str(part) for part in path if isinstance(part, str))
        if error["type"] == "extra_forbidden":
            advice = suggestion(str(path[-1]), known_keys(path[:-1], model))
            raise self.error_at(path, f"unknown key “{key}”", advice)
        if error["type"] == "missing":
            raise self.error_at(path, f"“{key}” is missing", f"Add {path[-1]} = ….")
        raise self.error_at(path, f"“{key}” {value_problem(error)}", "Correct the value.")

    def error_at(self, path: TomlPath, problem: str, hint: str) -> FindingsError:
        """Return an error with the line of the key at ``path``."""
        line = TomlLines(self._text).line_of(path)
        return FindingsError(f"{problem}.", hint, self._shown_path, line)
