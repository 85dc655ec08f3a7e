"""Reading the TOML files of the styles, as strictly as ``book.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from makeready.book.toml_lines import TomlLines, TomlPath
from makeready.book.validation import known_keys, lower_first, suggestion
from makeready.book.value_errors import value_problem
from makeready.errors import FindingsError

Model = TypeVar("Model", bound=BaseModel)


class StyleTable(BaseModel):
    """A table of a style file; unknown keys and values of another type are invalid."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class StyleFile:
    """One TOML file of the styles; errors in it name their line.

    Raises FindingsError when it cannot be read as TOML.
    """

    def __init__(self, path: Path) -> None:
        self._shown_path = f"styles/{path.name}"
        try:
            self._text = path.read_text("utf-8-sig")
            self._data = tomllib.loads(self._text)
        except (OSError, ValueError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            problem = f"cannot be read as TOML: {lower_first(reason)}."
            raise FindingsError(problem, "Fix its TOML syntax.", self._shown_path) from error

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
