"""A fontconfig that knows no font of the machine, so that none can slip into a book."""

from __future__ import annotations

import ctypes.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from makeready.files import write_whole
from makeready.fonts.font import Font

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def seal_fontconfig(fonts: Sequence[Font]) -> None:
    """Point fontconfig at a configuration that holds the first font alone, kept beside the fonts.

    To be called before the engine is imported, and before a typesetter is made of other fonts:
    what none of the book's own fonts has is then a missing glyph, which is reported, and never
    a system font's, which would not be. One font has to be there, or the engine warns that
    there are none; a former one beside it would be taken for the font of its name, so each
    has a folder of its own. The engine reads the configuration for each typesetter anew.
    """
    first = fonts[0]
    sealed = (first.path.parent / "sealed" / first.path.stem).resolve()
    folder, configuration = sealed / "fonts", sealed / "fonts.conf"
    last_resort = folder / first.path.name
    if not last_resort.exists():
        write_whole(last_resort, first.path.read_bytes())
    text = _CONFIGURATION.format(fonts=folder, cache=sealed)
    if not configuration.exists() or configuration.read_text("utf-8") != text:
        write_whole(configuration, text.encode())
    os.environ["FONTCONFIG_FILE"] = str(configuration)


def _none(name: str) -> str | None:  # noqa: ARG001 - the search it stands for has it
    return None


@contextmanager
def libraries_by_name() -> Iterator[None]:
    """Have libraries that are loaded within the context found by their exact names alone.

    The engine tries each library under the names it has on other systems first, and for each
    Python runs a compiler to look for it, which takes longer than all the rest of the import.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _none
    try:
        yield
    finally:
        ctypes.util.find_library = search
