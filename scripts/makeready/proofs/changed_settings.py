"""The settings of a book that are different from those of a revision of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from makeready.book.model import BOOK_FILE
from makeready.book.source_files import TOML_BYTES, FileRefusedError, read_book_file
from makeready.book.styles_folder import STYLES

_DEEPEST = 20
_STYLE_BYTES = 50_000_000


def changed_settings(old: Path, new: Path) -> list[str]:
    """Return the keys of ``book.toml``, and the files of styles, that differ in two folders."""
    return [*_changed_keys(_toml(old), _toml(new)), *_changed_styles(old, new)]


def _toml(folder: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(read_book_file(folder, BOOK_FILE, TOML_BYTES).decode("utf-8-sig"))
    except (FileRefusedError, ValueError, RecursionError):
        return {}


def _changed_keys(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str = "", depth: int = 1
) -> Iterator[str]:
    for key in dict.fromkeys((*new, *old)):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict) and depth < _DEEPEST:
            yield from _changed_keys(before, after, f"{path}{key}.", depth + 1)
        elif _differ(before, after):
            yield f"{path}{key}"


def _differ(before: object, after: object) -> bool:
    try:
        return before != after
    except RecursionError:
        # No key that makeready knows is nested as deeply.
        return True


def _changed_styles(old: Path, new: Path) -> Iterator[str]:
    for name in sorted(_files(old) | _files(new)):
        if _content(old, name) != _content(new, name):
            yield name


def _files(book: Path) -> set[str]:
    """Return the paths of the files of a book's styles; no link is followed."""
    folder = book / STYLES
    if folder.is_symlink():
        return set()
    return {
        path.relative_to(book).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def _content(book: Path, name: str) -> bytes | int | None:
    """Return the content of a file, the size of a very large one, or None if there is none."""
    try:
        return read_book_file(book, name, _STYLE_BYTES)
    except FileRefusedError as error:
        return error.size
