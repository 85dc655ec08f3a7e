"""Configuration files of other tools, read as nothing but texts, lists and mappings."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import yaml

from makeready.importing.imported_book import ImportRefusedError
from makeready.importing.source_folder import CONFIG_BYTES, SourceFolder

MAX_DEPTH = 40
_MOST_VALUES = 200_000

_WORK = re.compile(r"@(\*|\w[\w:.#$%&+?<>~/-]{0,200})")


def read_yaml(source: SourceFolder, name: str) -> dict[str, Any]:
    """Return the mapping in a YAML file; ImportRefusedError with its line if it is none."""
    return mapping(_load(source, name, load_yaml), source.path(name))


def read_toml(source: SourceFolder, name: str) -> dict[str, Any]:
    """Return the tables of a TOML file; ImportRefusedError if it is none."""
    return mapping(_load(source, name, tomllib.loads), source.path(name))


def read_json(source: SourceFolder, name: str, most_bytes: int = CONFIG_BYTES) -> dict[str, Any]:
    """Return the object in a JSON file; ImportRefusedError if it is none."""
    return mapping(_load(source, name, json.loads, most_bytes), source.path(name))


def load_yaml(text: str) -> Any:
    """Return the first document of a YAML text; nothing in it is an object or is run."""
    # The base loader makes nothing but texts, lists and mappings, whatever a tag says.
    loader = yaml.BaseLoader(text)
    try:
        return _bounded(loader.get_data()) if loader.check_data() else None
    finally:
        loader.dispose()


def mapping(value: Any, path: str) -> dict[str, Any]:
    """Return a value that has to be a mapping."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ImportRefusedError(f"{path} is not a list of keys and values.", "Look at the file.")
    return {str(key): each for key, each in value.items()}


def text_of(value: Any) -> str:
    """Return a value that is a text or a number on one line; empty if it is something else."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def texts_of(value: Any) -> list[str]:
    """Return the texts of a list, or of one text."""
    values = value if isinstance(value, list) else [value]
    return [text for each in values if (text := text_of(each))]


def works_of(value: Any) -> list[str]:
    """Return the keys of works in Pandoc's ``nocite``: ``@a, @b``, or ``@*`` for all."""
    return [key.rstrip(".:") for text in texts_of(value) for key in _WORK.findall(text[:20_000])]


def items_of(value: Any) -> list[Any]:
    """Return a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def table_of(value: Any) -> dict[str, Any]:
    """Return a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def line_of_key(text: str, key: str) -> int:
    """Return the line on which a key of a YAML or TOML file stands; 1 if it is not found."""
    found = re.search(rf"^[ \t\[]*[\"']?{re.escape(key)}[\"']?[ \t]*[:=\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _load(source: SourceFolder, name: str, load: Any, most_bytes: int = CONFIG_BYTES) -> Any:
    text = source.text(name, most_bytes)
    try:
        return load(text)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        problem = " ".join(str(error).split()) or "it is nested too deeply"
        raise ImportRefusedError(
            f"{source.path(name)} cannot be read: {problem}.", "Correct the file."
        ) from error


def _bounded(value: Any) -> Any:
    """Return a value; ValueError if it is nested deeply, or large through its aliases."""
    count, waiting = 0, [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        count += 1
        if count > _MOST_VALUES or depth > MAX_DEPTH:
            raise ValueError("it is nested too deeply, or has too many values")
        inner = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        waiting.extend((one, depth + 1) for one in inner)
    return value
