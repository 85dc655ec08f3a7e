"""A book's title and authors from the files of its repository, where its tool names none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from makeready.errors import MakereadyError
from makeready.importing.imported_book import Author, ImportedBook
from makeready.importing.metadata_keys import names_of
from makeready.importing.outline import outline_of
from makeready.importing.plain_data import items_of, read_json, read_yaml, table_of, text_of
from makeready.importing.section_kinds import kind_of_title
from makeready.importing.source_folder import SourceFolder

_TITLED = ("readme.md", "readme.markdown", "index.md", "index.qmd", "index.rmd", "summary.md")
_NO_TITLES = frozenset({"summary", "table of contents", "contents", "toc", "readme", "home"})
_AUTHORS = re.compile(r"authors(?:\.(?:md|markdown|txt))?", re.IGNORECASE)
_LICENSE = re.compile(r"(?:licen[sc]e|copying|copyright)(?:[.-]\w{1,20})?", re.IGNORECASE)
_ADDRESS = re.compile(r"[ \t]*(?:<[^<>]*>|\([^()]*(?:://|@)[^()]*\)).*")
_LINKED = re.compile(r"\[([^\[\]]{1,200})\]\([^()]{0,500}\)")
_LINE_OF_NAME = re.compile(r"[ \t]*[-*+]?[ \t]*(?P<name>[^\W\d_][\w.'’ -]{1,80})[ \t]*$")
_COPYRIGHT = re.compile(
    r"^[^\w©\n]{0,10}(?:copyright[ \t]*(?:\(c\)|©)?|©)[ \t]*"
    r"(?:\d{4}[-–, \d]{0,60}(?:present)?[ \t,]*)?(?:by[ \t]+)?"
    r"(?P<name>[^\W\d_][^\n<>()\[\]{}]{1,100})",
    re.IGNORECASE | re.MULTILINE,
)
# A sentence such as "All texts are &copy; 2021 Ann Lee."
_OF_README = re.compile(
    r"(?:©|&copy;|\(c\)|copyright)[ \t]*(?:©|&copy;|\(c\))?[ \t]*\d{4}[-–, \d]{0,40}(?:by[ ])?"
    r"(?P<name>(?-i:[^\W\d_a-z][\w.'’-]{1,30})(?:[ ](?-i:[^\W\d_a-z][\w'’-]{0,30}\.?)){1,3}?)"
    r"(?=[.,;]?[ \t]*$|[.,;][ \t])",
    re.IGNORECASE | re.MULTILINE,
)
_READMES = frozenset({"readme.md", "readme.markdown", "readme"})
_AFTER_NAME = re.compile(
    r"[ \t]*(?:all rights reserved.*|https?://.*|\d{4}.*|and (?:individual )?contributors.*)$",
    re.IGNORECASE,
)
_NO_HOLDERS = re.compile(
    r"(?:and|or|in|is|holders?|owners?|notices?|laws?|licen[sc]e|statements?|protection|rights?"
    r"|interests?|treaty|the (?:authors?|contributors?|owners?|holders?)|yyyy|name of)\b",
    re.IGNORECASE,
)
_MOST_AUTHORS = 12
_LONGEST_FILE = 200_000


def add_missing_metadata(book: ImportedBook, source: SourceFolder) -> None:
    """Give a book without a title or authors those that the files of its folder name."""
    if not book.metadata.title:
        book.metadata.title = _title(source)
    if not book.metadata.authors:
        book.metadata.authors = [Author(name) for name in _authors(source)]


def _title(source: SourceFolder) -> str:
    for wanted in _TITLED:
        name = next((n for n in sorted(source.names) if n.lower() == wanted), "")
        headings = outline_of(_text(source, name)).titles if name else ()
        title = headings[0].plain if headings else ""
        if title and title.casefold() not in _NO_TITLES and not kind_of_title(title):
            return title
    return ""


def _authors(source: SourceFolder) -> list[str]:
    for found in (_cited(source), _of_package(source), _listed(source), _holders(source)):
        names = list(dict.fromkeys(found))[:_MOST_AUTHORS]
        if names:
            return names
    return []


def _cited(source: SourceFolder) -> Iterator[str]:
    """Yield the authors in a ``CITATION.cff``."""
    for author in items_of(_data(source, "CITATION.cff").get("authors")):
        table = table_of(author)
        parts = (text_of(table.get(k)) for k in ("given-names", "name-particle", "family-names"))
        name = " ".join(filter(None, parts)) or text_of(table.get("name"))
        yield from (name,) if name else ()


def _of_package(source: SourceFolder) -> Iterator[str]:
    """Yield the author in a ``package.json``."""
    author = _data(source, "package.json").get("author")
    for name in names_of(table_of(author) or text_of(author)):
        if plain := _ADDRESS.sub("", name).strip():
            yield plain


def _listed(source: SourceFolder) -> Iterator[str]:
    """Yield the names in a file of authors, one on a line."""
    file = next((name for name in sorted(source.names) if _AUTHORS.fullmatch(name)), "")
    for line in _text(source, file).split("\n") if file else ():
        plain = _ADDRESS.sub("", _LINKED.sub(r"\1", line))
        found = _LINE_OF_NAME.fullmatch(plain)
        # A sentence about the list is no name.
        if found is not None and len(found["name"].split()) in range(2, 6):
            yield found["name"].strip()


def _holders(source: SourceFolder) -> Iterator[str]:
    """Yield the holder that the first line of a license with a name has, or one of README."""
    for file in sorted(name for name in source.names if _LICENSE.fullmatch(name)):
        for found in _COPYRIGHT.finditer(_text(source, file)):
            name = _AFTER_NAME.sub("", found["name"]).strip(" \t.,;")
            if name and not _NO_HOLDERS.match(name):
                yield from names_of(name)
                return
    for file in sorted(name for name in source.names if name.lower() in _READMES):
        for found in _OF_README.finditer(_text(source, file)):
            name, last = found["name"], found["name"].split()[-1]
            if not _NO_HOLDERS.match(name):
                # A point ends the sentence, or an initial.
                yield name if len(last) <= len("Jr.") else name.rstrip(".")
                return


def _data(source: SourceFolder, name: str) -> dict[str, Any]:
    if not source.has(name):
        return {}
    try:
        return read_json(source, name) if name.endswith(".json") else read_yaml(source, name)
    except MakereadyError:
        # Nothing in it is needed.
        return {}


def _text(source: SourceFolder, name: str) -> str:
    try:
        return source.text(name)[:_LONGEST_FILE]
    except MakereadyError:
        return ""
