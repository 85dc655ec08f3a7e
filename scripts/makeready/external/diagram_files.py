"""What in the text of a diagram asks its program to read another file."""

from __future__ import annotations

import re
from collections.abc import Iterator

_READING = frozenset({"image", "shapefile", "imagepath", "stylesheet", "fontpath", "_background"})
"""Attributes of Graphviz that name files."""

# Of DOT: comments, strings in quotation marks, names, and other signs; < begins a label in HTML.
_DOT = re.compile(
    r"/\*.*?(?:\*/|\Z)|//[^\n]*|^\#[^\n]*"
    r'|"(?P<string>(?:[^"\\]|\\.?)*+)(?:"|\Z)'
    r"|(?P<name>[\w\x80-\uffff.-]+)|(?P<sign>\S)",
    re.DOTALL | re.MULTILINE,
)
_HTML = re.compile(r"<!--.*?(?:-->|\Z)|[<>]", re.DOTALL)
_LINE_CONTINUED = re.compile(r"\\\r?\n")
_IMG = re.compile(r"<\s*img\b", re.IGNORECASE)
_PLANTUML = re.compile(
    r"^[ \t]*!\s*(?:include\w*+(?!\s+<[\w-]+(?:/[\w.-]+)*>\s*$)|import\w*|theme\b[^\n]*\bfrom)"
    r"|<img\b|%(?:getenv|load_json|file_exists|dirpath|get_all_theme)\b"
    r"|^[ \t]*sprite\b[^\n]*\.(?:png|jpe?g|gif|svg)\b",
    re.IGNORECASE | re.MULTILINE,
)
_D2 = re.compile(
    r"(?:\.\.\.|^[ \t]*|[:;\[{][ \t]*)@[^\s;]*|\bicon[ \t]*:[ \t]*[^\s;]*",
    re.MULTILINE,
)


def file_read_by_graphviz(source: str) -> str:
    """Return the attribute of DOT that names a file; an empty text if there is none."""
    before = ""
    for kind, word in _words(source):
        if kind == "html" and (found := _IMG.search(word)):
            return found[0]
        if word == "=" and kind == "sign" and before.lower() in _READING:
            return before
        before = word if kind == "name" else ""
    return ""


def _words(source: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds and the words of DOT; strings that are joined by ``+`` as one."""
    string: str | None = None
    is_joined, position = False, 0
    while found := _DOT.search(source, position):
        position = found.end()
        kind = found.lastgroup
        if kind is None:
            continue
        word = found[kind]
        if kind == "string":
            plain = _LINE_CONTINUED.sub("", word)
            string = string + plain if string is not None and is_joined else plain
            is_joined = False
            yield "name", string
        elif word == "+" and string is not None:
            is_joined = True
        else:
            string, is_joined = None, False
            if word == "<":
                position = _end_of_html(source, found.start())
                kind, word = "html", source[found.start() : position]
            yield kind, word


def _end_of_html(source: str, start: int) -> int:
    depth = 0
    for found in _HTML.finditer(source, start):
        depth += {"<": 1, ">": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(source)


def file_read_by_plantuml(source: str) -> str:
    """Return the directive or picture that names a file, or asks about the machine."""
    found = _PLANTUML.search(source)
    return found[0].strip() if found else ""


def file_read_by_d2(source: str) -> str:
    """Return the import or the icon; an empty text if there is none.

    D2 imports files by ``@name`` as a value.
    """
    found = _D2.search(source)
    return found[0].strip(" \t:;[{") if found else ""
