"""The folders in which MkDocs looks for snippets, ``--8<-- "file.md"``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from makeready.importing.plain_data import items_of, table_of, texts_of

_EXTENSION = "pymdownx.snippets"
_ONE_LINE = re.compile(r"""(-{1,5}8<-{1,5}[ \t]+["'])([^"':\n]{1,500})""")
_MARK = re.compile(r"[ \t]*-{1,5}8<-{1,5}[ \t]*$")
_IN_BLOCK = re.compile(r"([ \t]*)([^\s;:][^:\n]{0,500})(.*)")


def snippet_folders(extensions: Any) -> list[str]:
    """Return the folders that the options of MkDocs' Markdown extensions name for snippets."""
    for each in [extensions] if isinstance(extensions, dict) else items_of(extensions):
        options = table_of(table_of(each).get(_EXTENSION))
        if paths := options.get("base_path"):
            names = texts_of(paths) if isinstance(paths, list) else [str(paths)]
            folders = (posixpath.normpath(name.removeprefix("!relative").strip()) for name in names)
            return [
                name for name in folders if name != "." and not name.startswith(("..", "/", "$"))
            ]
    return []


def with_snippet_paths(text: str, found: Callable[[str], str]) -> str:
    """Return a text whose snippets have the paths that ``found`` returns, unless it is empty."""
    if "8<-" not in text:
        return text
    lines = text.split("\n")
    is_in_block = False
    for index, line in enumerate(lines):
        if _MARK.match(line):
            is_in_block = not is_in_block
        elif is_in_block and (name := _IN_BLOCK.fullmatch(line)) is not None:
            lines[index] = f"{name[1]}{found(name[2]) or name[2]}{name[3]}"
        elif not is_in_block:
            lines[index] = _ONE_LINE.sub(lambda name: name[1] + (found(name[2]) or name[2]), line)
    return "\n".join(lines)
