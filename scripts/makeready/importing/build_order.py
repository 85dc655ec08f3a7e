"""The order of a book's files in the Makefile or script that makes it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from makeready.importing.imported_book import ImportRefusedError
from makeready.importing.source_folder import CONFIG_BYTES, SourceFolder

_SCRIPT = re.compile(
    r"(?:gnu)?makefile|justfile|[\w.-]{1,80}\.(?:mk|sh|bash|zsh|bat|cmd|ps1)", re.IGNORECASE
)
_NAME = re.compile(
    r"\"([^\"\n]{1,300}\.(?:md|markdown))\"|'([^'\n]{1,300}\.(?:md|markdown))'"
    r"|([^\s\"',;|<>=]{1,300}\.(?:md|markdown))(?![\w.])"
)
_VARIABLE = re.compile(r".*[)}%]/*")
_COMMENT = re.compile(r"[ \t]*(?:#|::|rem\b)", re.IGNORECASE)
_MAKES_BOOKS = re.compile(r"pandoc|multimarkdown|latex|epub|weasyprint|prince", re.IGNORECASE)
_LEAST = 2


def order_of_build(source: SourceFolder, files: Collection[str]) -> tuple[str, list[str]]:
    """Return the script that names most of a book's files, and those files in its order.

    The name is empty if no script at the top of the folder that makes a book names half of them.
    """
    best: tuple[str, list[str]] = ("", [])
    by_name: dict[str, list[str]] = {}
    for file in files:
        by_name.setdefault(posixpath.basename(file), []).append(file)
    for script in sorted(name for name in source.names if _SCRIPT.fullmatch(name)):
        try:
            text = source.text(script, CONFIG_BYTES)
        except ImportRefusedError:
            continue
        if not _MAKES_BOOKS.search(text):
            continue
        named = list(dict.fromkeys(_named(text, by_name)))
        if len(named) >= max(_LEAST, len(files) / 2, len(best[1]) + 1):
            best = (script, named)
    return best


def _named(text: str, by_name: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the files that a script names; ``by_name`` has them by the last part of their paths."""
    for line in text.split("\n"):
        if _COMMENT.match(line):
            continue
        for found in _NAME.finditer(line):
            name = _VARIABLE.sub("", found[1] or found[2] or found[3])
            path = posixpath.normpath(name.replace("\\", "/").lstrip("/"))
            same = by_name.get(posixpath.basename(path), ())
            matching = [file for file in same if file == path or file.endswith(f"/{path}")]
            if path in matching:
                yield path
            elif len(matching) == 1:
                yield matching[0]
