"""A new book: one to begin with, or one that is written for another tool."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from makeready.errors import UsageError
from makeready.user_cache import user_cache_folder


def write_starter(folder: Path, title: str, author: str) -> list[Path]:
    """Write a new book to a folder that is empty or does not exist; return its files."""
    require_new_folder(folder)
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


def require_new_folder(folder: Path) -> None:
    """UsageError if a folder exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} already exists and is not an empty folder.", "Name a new folder."
        )


def write_imported(path: Path, folder: Path | None) -> tuple[Path, str]:
    """Write the book of another tool in ``path`` to a new folder.

    Returns the folder, by default one in the current folder that is named after ``path``, and the
    report.
    """
    from makeready.importing.detection import opened_foreign_book  # noqa: PLC0415
    from makeready.importing.write_book import REPORT, report_text, write_book  # noqa: PLC0415
    from makeready.manuscript.reuse import READINGS  # noqa: PLC0415

    if folder is None:
        name = path.resolve().stem if path.is_file() else path.resolve().name
        folder = Path(f"{name}-book")
    require_new_folder(folder)
    with opened_foreign_book(path) as (source, book):
        readings = user_cache_folder() / READINGS
        report = report_text(write_book(source, book, folder, cache=readings))
    (folder / REPORT).write_text(report, "utf-8")
    return folder, report


def _toml_text(text: str) -> str:
    """Return a text as a TOML basic string, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)
