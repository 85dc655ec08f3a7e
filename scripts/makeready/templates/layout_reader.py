"""Reading the files of layouts, each once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from makeready.book.style_files import read_style_text
from makeready.book.themes import Theme
from makeready.errors import FindingsError
from makeready.templates.layout_files import BUILT_IN, LAYOUTS, OF_THEME, LayoutFault, LayoutFiles

_MOST_FILES = 1_000
_FOLDER = "layouts"


def read_layouts(built_in: Path, theme: Theme, own: Path | None) -> LayoutFiles:
    """Read the layouts of two folders and of a theme; those in ``own`` are a book's.

    The theme's replace the built-in ones, and the book's replace both.
    """
    house = _texts(built_in)
    of_theme = house if theme.is_own else house | _texts(theme.folder / _FOLDER)
    texts = (
        of_theme
        | {f"{BUILT_IN}{name}": text for name, text in house.items()}
        | {f"{OF_THEME}{name}": text for name, text in of_theme.items()}
    )
    files = LayoutFiles(texts, {}, {})
    if theme.is_own:
        shown = f"{theme.shown_path}/{_FOLDER}"
        files = _with_own(files, theme.folder / _FOLDER, shown, ("", OF_THEME))
    return _with_own(files, own, LAYOUTS, ("",)) if own is not None else files


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.j2"))}


def _with_own(
    files: LayoutFiles, folder: Path, shown: str, prefixes: tuple[str, ...]
) -> LayoutFiles:
    """Return layouts with those in a folder of a book, each under its name with each prefix."""
    texts, own, faults = dict(files.texts), dict(files.own), dict(files.faults)
    for name in sorted(set(_names_in(folder, shown))):
        path = f"{shown}/{name}"
        names = [f"{prefix}{name}" for prefix in prefixes]
        own |= dict.fromkeys(names, path)
        for one in names:
            faults.pop(one, None)
        try:
            texts |= dict.fromkeys(names, read_style_text(folder / name, path))
        except FindingsError as error:
            # It matters only if a document needs this layout.
            fault = LayoutFault(error.problem, error.hint, error.path, error.line)
            faults |= dict.fromkeys(names, fault)
    return LayoutFiles(texts, own, faults)


def _names_in(folder: Path, shown: str) -> Iterator[str]:
    """Yield the names of the files in a folder and its subfolders, which are no links."""
    count = 0
    for parent, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(files):
            count += 1
            if count > _MOST_FILES:
                raise FindingsError(
                    f"the folder has more than {_MOST_FILES:,} files.",
                    "Remove what is not a layout.",
                    shown,
                )
            if not name.startswith("."):
                yield (Path(parent) / name).relative_to(folder).as_posix()
