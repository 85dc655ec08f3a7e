"""The TOML files of the styles, read as strictly as ``book.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from makeready.book.toml_lines import TomlLines
from makeready.book.validation import TomlPath, known_keys, lower_first, nearest
from makeready.errors import FindingsError

Model = TypeVar("Model", bound=BaseModel)


class Table(BaseModel):
    """A table of such a file: no key but those declared, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Declaration:
    """One file of the styles; its faults name their line."""

    def __init__(self, path: Path) -> None:
        self._shown = f"styles/{path.name}"
        try:
            self._text = path.read_text("utf-8-sig")
            self._data = tomllib.loads(self._text)
        except (OSError, ValueError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            problem = f"this cannot be read: {lower_first(reason)}."
            raise FindingsError(problem, "Mend it as TOML in UTF-8.", self._shown) from error

    def read(self, model: type[Model]) -> Model:
        """Return what the file declares; FindingsError, with the line, when it is at fault."""
        try:
            return model.model_validate(self._data)
        except ValidationError as problem:
            # A key that is misspelt is not missing.
            error = min(problem.errors(include_url=False), key=lambda e: e["type"] == "missing")
        place = error["loc"]
        key = ".".join(str(part) for part in place if isinstance(part, str))
        if error["type"] == "extra_forbidden":
            advice = nearest(str(place[-1]), known_keys(place[:-1], model))
            raise self.fault(place, f"there is no key “{key}”", advice)
        if error["type"] == "missing":
            raise self.fault(place, f"the key “{key}” is missing", f"Add {place[-1]} = ….")
        raise self.fault(place, f"“{key}”: {lower_first(error['msg'])}", "Give it such a value.")

    def fault(self, place: TomlPath, problem: str, hint: str) -> FindingsError:
        """Return the error that says what is wrong at a place of the file, and what to do."""
        line = TomlLines(self._text).line_of(place)
        return FindingsError(f"{problem}.", hint, self._shown, line)
