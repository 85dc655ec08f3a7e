"""A printer's file read: strict, its first fault named with its line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from makeready.book.toml_lines import Path, TomlLines
from makeready.errors import MakereadyError
from makeready.printers.figures import (
    MM_PER_INCH,
    Barcode,
    Blanks,
    Bleed,
    Colour,
    Cover,
    Figures,
    FileRules,
    Gutter,
    Interior,
    Margins,
    PageCount,
    Sizes,
    SpineRule,
    SpineText,
    Stock,
    Trim,
    Units,
    Wording,
)


class ProfileError(MakereadyError):
    """A printer's file is at fault: its message begins with the file and the line."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """The whole file of one printer.

    Without ``trim`` it cuts any size, without ``stocks`` it has any paper; a table that is not
    there is a rule the printer has not published.
    """

    title: str
    pages: tuple[PageCount, ...]
    trim: Trim | None = None
    sizes: tuple[Sizes, ...] = ()
    stocks: tuple[Stock, ...] = ()
    units: tuple[Units, ...] = ()
    blanks: Blanks | None = None
    margins: Margins
    gutter: Gutter
    bleed: Bleed
    interior: Interior
    colour: Colour | None = None
    file: FileRules
    wording: Wording | None = None
    spines: tuple[SpineRule, ...] = ()
    spine_text: SpineText | None = None
    covers: tuple[Cover, ...] = ()
    barcodes: tuple[Barcode, ...] = ()

    def tables(self) -> Iterator[tuple[str, Figures]]:
        """Yield every table with the name it has in the file."""
        for one in fields(self):
            value = getattr(self, one.name)
            for table in value if isinstance(value, tuple) else (value,):
                if isinstance(table, Figures):
                    yield one.name, table


_UNKNOWN_KEY = "unexpected_keyword_argument"
_ADAPTER = TypeAdapter(ProfileFile)


def parse_profile(name: str, text: str) -> ProfileFile:
    """Read the text of ``<name>.toml``; a fault in it is a ``ProfileError``."""
    place = f"printers/{name}.toml"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{place}: {error}.") from error
    lines = TomlLines(text)
    given = json.dumps(_normalised(data), default=str)
    try:
        file = _ADAPTER.validate_json(given, strict=True)
    except ValidationError as problem:
        raise _fault(place, lines, problem) from problem
    for path, message in _contradictions(file):
        raise ProfileError(f"{place}:{lines.line_of(path)}: {message}")
    return file


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


def _fault(place: str, lines: TomlLines, problem: ValidationError) -> ProfileError:
    errors = problem.errors(include_url=False)
    # A key that is misspelt is missing too: the misspelling is what to tell.
    error = next((one for one in errors if one["type"] == _UNKNOWN_KEY), errors[0])
    path: Path = tuple(error["loc"])
    key = ".".join(str(part) for part in path if isinstance(part, str))
    line = max(lines.line_of(path), lines.line_of(_metric(path)))
    if error["type"] != _UNKNOWN_KEY:
        message = error["msg"][:1].lower() + error["msg"][1:]
        return ProfileError(f"{place}:{line}: “{key}”: {message}.")
    known = _known_keys(path[0]) if len(path) > 1 else [one.name for one in fields(ProfileFile)]
    nearest = get_close_matches(str(path[-1]), known, n=1)
    hint = f"Did you mean “{nearest[0]}”?" if nearest else f"Known are: {', '.join(known)}."
    return ProfileError(f"{place}:{line}: there is no key “{key}”.", hint)


def _metric(path: Path) -> Path:
    return (*path[:-1], f"{str(path[-1]).removesuffix('_in')}_mm") if path else path


def _known_keys(table: str | int) -> list[str]:
    """Return the keys of a table of the file."""
    annotation = get_type_hints(ProfileFile).get(str(table))
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Figures):
            return [one.name for one in fields(kind)]
    return []


def _contradictions(file: ProfileFile) -> Iterator[tuple[Path, str]]:
    """Yield what types cannot tell: where, and what is wrong."""
    known = {row.binding for row in file.pages}
    counts: dict[str, int] = {}
    for name, table in file.tables():
        number = counts[name] = counts.get(name, -1) + 1
        path: Path = (name, number) if isinstance(getattr(file, name), tuple) else (name,)
        if not table.source or not all(table.source):
            yield (*path, "source"), "a table has to name its source."
        if table.conflict and not table.choice:
            yield (*path, "conflict"), "a conflict needs the choice that was made."
        unknown = set(getattr(table, "bindings", ())) - known
        if unknown:
            yield (*path, "bindings"), f"[[pages]] has no binding “{min(unknown)}”."
        for key in ("inside_in", "added_in", "readings_in", "steps_in"):
            rows = getattr(table, key, ())
            pages = [row[0] for row in rows] if isinstance(rows, tuple) else []
            if pages != sorted(set(pages)):
                yield (*path, key), "the page counts of a table have to rise."
        if isinstance(table, SpineRule) and _ways(table) != 1:
            yield path, "a spine has one of caliper_in, pages_per_inch, readings_in and steps_in."
        if isinstance(table, Gutter) and bool(table.inside_in) == bool(table.added_in):
            yield path, "a gutter has one of inside_in and added_in."


def _ways(rule: SpineRule) -> int:
    ways = (rule.caliper_in, rule.pages_per_inch, rule.readings_in, rule.steps_in)
    return sum(bool(way) for way in ways)
