"""A new book to begin with."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from makeready.errors import UsageError


def write_starter(folder: Path, title: str, author: str) -> list[Path]:
    """Write a new book to a folder that is empty or does not exist; return its files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} already exists and is not an empty folder.", "Name a new folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    source = files("makeready.cli").joinpath("starter_book")
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        text = entry.read_text("utf-8")
        text = text.replace("@title@", _toml_text(title)).replace("@author@", _toml_text(author))
        path = folder / entry.name
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def _toml_text(text: str) -> str:
    """Return a text as a TOML basic string, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)
