"""The settings of a book that are different from those of a revision of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from makeready.book.model import BOOK_FILE

_STYLES = "styles"


def changed_settings(old: Path, new: Path) -> list[str]:
    """Return the keys of ``book.toml``, and the files of styles, that differ in two folders."""
    return [*_changed_keys(_toml(old), _toml(new)), *_changed_styles(old, new)]


def _toml(folder: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads((folder / BOOK_FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def _changed_keys(old: Mapping[str, Any], new: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key in dict.fromkeys((*new, *old)):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _changed_keys(before, after, f"{path}{key}.")
        elif before != after:
            yield f"{path}{key}"


def _changed_styles(old: Path, new: Path) -> Iterator[str]:
    before, after = _files(old / _STYLES), _files(new / _STYLES)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield f"{_STYLES}/{name}"


def _files(folder: Path) -> dict[str, bytes]:
    """Return the contents of the files in a folder, by their paths in it; no link is followed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
