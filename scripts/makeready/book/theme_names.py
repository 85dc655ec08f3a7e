"""The names and the folders of themes, built-in ones and those of a book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from makeready.book.styles_folder import STYLES, built_in_styles

HOUSE = "press"
"""The theme that adds nothing to the built-in styles."""

DECLARATION = "theme.toml"
"""The file that makes a folder a theme."""

THEMES = "themes"

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def theme_names(root: Path | None = None) -> list[str]:
    """Return the names of the built-in themes and of those of the book in a folder, sorted."""
    return sorted({path.name for folder in _folders(root) for path in _themes_in(folder)})


def theme_folder(name: str, root: Path | None = None) -> Path | None:
    """Return the folder of a theme of the book in a folder, or a built-in one; None if none is."""
    if _NAME.fullmatch(name):
        for folder in _folders(root):
            if (folder / name / DECLARATION).is_file():
                return folder / name
    return None


def _folders(root: Path | None) -> Iterator[Path]:
    """Yield the folders of themes, that of the book first."""
    if root is not None:
        own = (root / STYLES / THEMES).resolve()
        if own.is_relative_to(root.resolve()):
            yield own
    yield built_in_styles() / THEMES


def _themes_in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in folder.iterdir():
            if _NAME.fullmatch(path.name) and (path / DECLARATION).is_file():
                yield path
