"""The pages in a folder of MkDocs: in the order of its ``.pages`` or ``.nav.yml``, or by name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from makeready.importing.imported_book import ImportedBook
from makeready.importing.nested_pages import Page, is_index
from makeready.importing.outline import outline_of
from makeready.importing.plain_data import items_of, read_yaml, table_of, text_of, texts_of
from makeready.importing.source_folder import SourceFolder, natural_key

_ORDERS = (".pages", ".nav.yml")
"""The files of the plugins awesome-pages and awesome-nav."""
_REST = re.compile(r"\.\.\.(?:[ ]*\|(?:[ ]*flat[ ]*\|?)?[ ]*(?!regex=)(?:glob=)?(?P<glob>.*))?")


@dataclass(slots=True)
class _Folder:
    """A folder, the names in it that are pages or hold pages, and what its file of order says."""

    name: str
    names: list[str]
    config: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return "" if self.name == "." else f"{self.name}/"

    def path(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self.name, name))


def pages_in(folder: str, source: SourceFolder, book: ImportedBook) -> list[Page]:
    """Return the pages in a folder.

    Without a file of order, its index comes first, then its files, then its folders.
    """
    here = _read_folder(folder, source, book)
    order = items_of(here.values.get("nav") or here.values.get("arrange"))
    if not order:
        return [page for name in here.names for page in _pages_of(name, "", here, source, book)]
    named = set(_named(order, here))
    here.names = [name for name in here.names if here.path(name) not in named]
    return list(_ordered(order, here, source, book))


def _ordered(
    items: list[Any], here: _Folder, source: SourceFolder, book: ImportedBook
) -> Iterator[Page]:
    for title, value in _pairs(items):
        if isinstance(value, list):
            yield Page(title, "", list(_ordered(value, here, source, book)))
        elif (pattern := _rest_pattern(title, text_of(value))) is not None:
            for name in [each for each in here.names if fnmatchcase(each, pattern)]:
                here.names.remove(name)
                yield from _pages_of(name, "", here, source, book)
        elif "://" in (name := text_of(value)):
            words = f"“{title or name}” is a link to a website."
            book.leave_out(here.config, _line_of(name, here, source), words)
        elif pages := list(_pages_of(name, title, here, source, book)):
            yield from pages
        elif name:
            words = f"{here.path(name)} has no page."
            book.leave_out(here.config, _line_of(name, here, source), words)


def _pages_of(
    name: str, title: str, here: _Folder, source: SourceFolder, book: ImportedBook
) -> Iterator[Page]:
    """Yield the page of a file, or the group of a folder; nothing if there is none."""
    path = here.path(name)
    if path in (".", here.name) or not path.startswith(here.prefix) or path.startswith("../"):
        return
    if source.has(path) and path.lower().endswith((".md", ".markdown")):
        yield Page(title or outline_of(source.text(path)).title, path)
    elif pages := pages_in(path, source, book):
        values = _values_of(path, source)[1]
        if text_of(values.get("hide")).lower() != "true":
            plain = posixpath.basename(path).replace("-", " ").replace("_", " ").strip()
            # MkDocs gives a capital to names that have none, and leaves the others.
            plain = plain.capitalize() if plain == plain.lower() else plain
            yield Page(title or text_of(values.get("title")) or plain, "", pages)


def _read_folder(folder: str, source: SourceFolder, book: ImportedBook) -> _Folder:
    prefix = "" if folder == "." else f"{folder}/"
    config, values = _values_of(folder, source)
    ignored = texts_of(values.get("ignore"))
    names = {}
    for name in source.markdown(folder if folder != "." else ""):
        first, is_inside, _ = name.removeprefix(prefix).partition("/")
        is_fragment = posixpath.join(prefix, first) in book.fragments
        if not is_fragment and not any(fnmatchcase(first, pattern) for pattern in ignored):
            names[first] = (bool(is_inside), not is_index(first), natural_key(first))
    ordered = sorted(names, key=names.__getitem__)
    if text_of(values.get("order")).lower() == "desc":
        index = [name for name in ordered if is_index(name)]
        ordered = index + [name for name in reversed(ordered) if name not in index]
    return _Folder(folder, ordered, config, values)


def _values_of(folder: str, source: SourceFolder) -> tuple[str, dict[str, Any]]:
    for each in _ORDERS:
        name = posixpath.normpath(posixpath.join(folder, each))
        if source.has(name):
            return name, read_yaml(source, name)
    return "", {}


def _pairs(items: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the title and the value of each item of a list of pages; the title may be empty."""
    for item in items:
        if isinstance(item, dict):
            yield from ((text_of(title), value) for title, value in table_of(item).items())
        else:
            yield "", item


def _named(items: list[Any], here: _Folder) -> Iterator[str]:
    for title, value in _pairs(items):
        if isinstance(value, list):
            yield from _named(value, here)
        elif _rest_pattern(title, text_of(value)) is None:
            yield here.path(text_of(value))


def _rest_pattern(title: str, value: str) -> str | None:
    """Return the pattern of the names that an item stands for; None if it names one page."""
    if rest := _REST.fullmatch(value):
        return (rest["glob"] or "").strip() or "*"
    return value if title in ("", "glob") and "*" in value else None


def _line_of(words: str, here: _Folder, source: SourceFolder) -> int:
    text = source.text(here.config)
    return text.count("\n", 0, max(text.find(words), 0)) + 1
