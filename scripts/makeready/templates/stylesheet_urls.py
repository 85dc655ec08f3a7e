"""The files that a stylesheet names: in ``url()`` and in ``@import``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import tinycss2

_MAY_NAME_FILES = re.compile(r"url\(|@import", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StylesheetUrl:
    """A URL in a stylesheet, with its line; ``is_import`` if it is that of a stylesheet."""

    url: str
    line: int
    is_import: bool
    _token: Any

    @property
    def is_relative(self) -> bool:
        """Whether it names a file beside others, without a scheme or host."""
        return not _ABSOLUTE.match(self.url)

    @property
    def path(self) -> str:
        """The path in it, without query and fragment."""
        return unquote(urlsplit(self.url).path)

    def replace(self, url: str) -> None:
        """Write another URL in its place."""
        text = url.replace("\\", "\\\\").replace('"', '\\"')
        is_string = self._token.type == "string"
        self._token.representation = f'"{text}"' if is_string else f'url("{text}")'


class StylesheetUrls:
    """The URLs of a stylesheet, to be replaced in its text, whose lines stay the same."""

    def __init__(self, css: str) -> None:
        self._css = css
        names_files = _MAY_NAME_FILES.search(css) is not None
        self._tokens = tinycss2.parse_component_value_list(css) if names_files else []
        self.urls = list(_urls(self._tokens))

    def text(self) -> str:
        """Return the stylesheet with the URLs that have been replaced."""
        return tinycss2.serialize(self._tokens) if self.urls else self._css


def with_book_paths(css: str, stylesheet: Path, book: Path) -> str:
    """Return a stylesheet of a book with the files it names as paths in the book's folder.

    A URL is relative to the stylesheet. Where there is no such file, it is left as it is: then it
    is relative to the book's folder.
    """
    found = StylesheetUrls(css)
    root = book.resolve()
    for url in found.urls:
        if url.is_relative and (path := _file_in(root, stylesheet.resolve().parent, url.path)):
            url.replace(quote(path.relative_to(root).as_posix()))
    return found.text()


def _file_in(root: Path, folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        # A name no file can have, or a cycle of symbolic links.
        return None


def _urls(tokens: list[Any]) -> Iterator[StylesheetUrl]:
    keyword = ""
    for token in tokens:
        if token.type == "at-keyword":
            keyword = token.lower_value
        elif token.type == "{} block" or getattr(token, "value", "") == ";":
            keyword = ""
        is_url = token.type == "url" or (token.type == "string" and keyword == "import")
        if is_url and keyword != "namespace":
            yield StylesheetUrl(token.value, token.source_line, keyword == "import", token)
        elif token.type == "function" and token.lower_name == "url":
            for argument in token.arguments if keyword != "namespace" else ():
                if argument.type == "string":
                    yield StylesheetUrl(
                        argument.value, argument.source_line, keyword == "import", argument
                    )
        elif content := getattr(token, "content", None) or getattr(token, "arguments", None):
            yield from _urls(content)
