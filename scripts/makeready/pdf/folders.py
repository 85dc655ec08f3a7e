"""The folders a document may read from, each under a name: the book's, the styles', the faces'."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def find(folders: Mapping[str, Path], name: str) -> Path | None:
    """Return the file that ``name`` (``book/images/map.png``) stands for, None if there is none."""
    folder, _, rest = name.partition("/")
    if folder not in folders:
        return None
    try:
        root = folders[folder].resolve()
        path = (root / rest).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        # A name no file can have, or links that lead in a circle.
        return None
