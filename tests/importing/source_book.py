"""Small books of other tools, made by hand, and what comes out of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from makeready.importing.detection import read_foreign_book
from makeready.importing.write_book import WrittenBook, write_book


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files to a folder; return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@dataclass(frozen=True)
class Imported:
    """A book that was imported: its folder, the values of its book.toml, the report."""

    folder: Path
    values: dict[str, Any]
    written: WrittenBook

    @property
    def tool(self) -> str:
        return self.written.tool

    @property
    def left_out(self) -> list[str]:
        return [str(each) for each in self.written.left_out]

    def division(self, name: str) -> list[Any]:
        """Return the entries of a division that have files, each as its kind and value."""
        return [each for each in self.values[name] if isinstance(each, dict)]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


def imported(path: Path, target: Path) -> Imported:
    """Import a folder or file into a new folder."""
    source, book = read_foreign_book(path)
    written = write_book(source, book, target)
    return Imported(target, tomllib.loads((target / "book.toml").read_text("utf-8")), written)
