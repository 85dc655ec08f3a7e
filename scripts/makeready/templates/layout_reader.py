"""Reading the files of layouts, each once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from makeready.book.style_files import read_style_text
from makeready.errors import FindingsError
from makeready.templates.layout_files import BUILT_IN, LAYOUTS, LayoutFault, LayoutFiles

_MOST_FILES = 1_000


def read_layouts(built_in: Path, own: Path | None) -> LayoutFiles:
    """Read the layouts of two folders; those in ``own``, a book's, replace the built-in ones."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(built_in.glob("*.j2"))}
    texts |= {f"{BUILT_IN}{name}": text for name, text in texts.items()}
    faults: dict[str, LayoutFault] = {}
    names = frozenset(_names_in(own)) if own is not None else frozenset()
    for name in sorted(names):
        assert own is not None
        try:
            texts[name] = read_style_text(own / name, f"{LAYOUTS}/{name}")
        except FindingsError as error:
            # It matters only if a document needs this layout.
            faults[name] = LayoutFault(error.problem, error.hint, error.path, error.line)
    return LayoutFiles(texts, names, faults)


def _names_in(folder: Path) -> Iterator[str]:
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
                    LAYOUTS,
                )
            if not name.startswith("."):
                yield (Path(parent) / name).relative_to(folder).as_posix()
