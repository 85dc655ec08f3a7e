"""The ``book.toml`` of an imported book."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from stdnum import isbn as stdnum_isbn

from makeready.book.labels import labels_for
from makeready.findings import Findings
from makeready.importing.imported_book import Author, ImportedBook, ImportedMetadata
from makeready.importing.numbers_in_titles import numbering_of
from makeready.importing.section_kinds import Divisions
from makeready.importing.source_folder import SourceFolder

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_TAG = re.compile(r"<[^<>]{0,500}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BEFORE_CONTENTS = frozenset({"dedication", "epigraph"})
_FOLDERS_OF_TEXT = frozenset({"manuscript", "src", "docs", "book", "text", "chapters"})


class CitedWorks(NamedTuple):
    """The files of the works that a book cites, their style, and keys that are cited nowhere."""

    sources: list[str]
    style: str
    nocite: list[str]


def book_toml(
    source: SourceFolder,
    book: ImportedBook,
    divisions: Divisions,
    rows: dict[str, list[str]],
    modified: str,
    works: CitedWorks,
    *,
    is_wide: bool,
) -> str:
    """Return the ``book.toml`` of an imported book; ``rows`` are its sections, by matter.

    ``modified`` is the date of the last change, empty if it is not known. ``is_wide`` is whether
    the pages are those of a textbook.
    """
    about = book.metadata
    lines = _metadata_lines(source, book, modified)
    pairs = list(zip(rows["front"], divisions.front, strict=True))
    first = [row for row, entry in pairs if entry.kind in _BEFORE_CONTENTS]
    then = [row for row, entry in pairs if entry.kind not in {*_BEFORE_CONTENTS, "copyright-page"}]
    copyright_page = [row for row, entry in pairs if entry.kind == "copyright-page"]
    generated = ['"halftitlepage"', '"titlepage"', *(copyright_page or ['"copyright-page"'])]
    lines += _toml_rows("frontmatter", [*generated, *first, '"toc"', *then])
    lines += _toml_rows("bodymatter", rows["body"])
    lines += _toml_rows("backmatter", rows["back"])
    labels = labels_for(about.language or "en", {}, Findings())
    numbering = numbering_of(divisions.body, labels["chapter"])
    if numbering:
        table = ", ".join(f"{key} = {toml_string(value)}" for key, value in numbering.items())
        lines += [f"numbering = {{ {table} }}", ""]
    authors = about.authors
    if not authors:
        authors = [Author("Unknown Author")]
        book.leave_out(book.config, 1, "The book names no author: set name in book.toml.")
    for author in authors:
        lines += ["[[contributors]]", f"name = {toml_string(_plain(author.name))}"]
        lines += [f"role = {toml_string(author.role)}", ""]
    if works.sources:
        lines += ["[citations]", f"sources = {toml_list(works.sources)}"]
        lines += [f"style = {toml_string(works.style)}"] if works.style else []
        nocite = list(dict.fromkeys(works.nocite))
        lines += [f"nocite = {toml_list(nocite)}", ""] if nocite else [""]
    trim = "7x10in" if is_wide else "5x8in"
    lines += ["[editions.paperback]", 'kind = "print"', f'trim = "{trim}"', 'printer = "generic"']
    lines += ["# For Amazon KDP, which needs 24 pages or more:", '# printer = "kdp"']
    lines += ['# paper = "cream"', "", "[editions.screen]", 'kind = "screen"', ""]
    lines += ["[editions.ebook]", 'kind = "epub"']
    if about.isbn and stdnum_isbn.is_valid(about.isbn):
        lines.append(f"isbn = {toml_string(about.isbn)}")
    elif about.isbn:
        book.leave_out(book.config, 1, f"{about.isbn} is not a valid ISBN.")
    lines += _tables(book, labels)
    if book.has_typed_dashes:
        lines += ["", "[typography]", 'dashes = "em"  # what -- is']
    if book.cover_image:
        lines += ["", "[cover]", f"image = {toml_string(book.cover_image)}"]
        lines.append("panel = false  # the picture has the title")
    return "\n".join(lines) + "\n"


def _metadata_lines(source: SourceFolder, book: ImportedBook, modified: str) -> list[str]:
    """Return the lines of the metadata; a title that is missing is that of the folder."""
    about = book.metadata
    title = _plain(about.title)
    if not title:
        folder = source.root.resolve()
        name = folder.parent.name if folder.name in _FOLDERS_OF_TEXT else folder.name
        words = name.replace("-", " ").replace("_", " ").strip() or "Untitled"
        title = words[:1].upper() + words[1:]
        problem = f"The book has no title, and is called “{title}”: set title in book.toml."
        book.leave_out(book.config, 1, problem)
    lines = [f"title = {toml_string(title)}"]
    for key, value in (
        ("subtitle", about.subtitle),
        ("language", _language(about, book)),
        ("publisher", about.publisher),
        ("date", about.date),
        ("modified", modified),
        ("rights", about.rights),
        ("description", about.description),
    ):
        if key == "modified" and value:
            lines.append(f"modified = {value}  # date of the last change")
        elif plain := _plain(value):
            lines.append(f"{key} = {toml_string(plain)}")
    if about.keywords:
        lines.append(f"keywords = {toml_list([_plain(word) for word in about.keywords])}")
    lines.append("")
    return lines


def _tables(book: ImportedBook, labels: dict[str, str]) -> list[str]:
    """Return the lines of the tables that only some books have."""
    lines = []
    words = {kind: word for kind, word in book.words.items() if word and word != labels[kind]}
    if words:
        lines += ["", "[words]", *(f"{kind} = {toml_string(word)}" for kind, word in words.items())]
    if book.macros:
        lines += ["", "[mathematics.macros]"]
        lines += [
            f"{toml_string(name)} = {toml_string(text)}" for name, text in book.macros.items()
        ]
    return lines


def _language(about: ImportedMetadata, book: ImportedBook) -> str:
    language = about.language.replace("_", "-")
    if language and not _LANGUAGE.fullmatch(language):
        book.leave_out(book.config, 1, f"“{language}” is not a language tag.")
        language = ""
    return language or "en"


def _plain(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", html.unescape(_TAG.sub("", text))).split())


def toml_string(text: str) -> str:
    """Return a text as a TOML basic string, which has the escapes of JSON."""
    return json.dumps(_CONTROL.sub(" ", text), ensure_ascii=False)


def toml_list(texts: Iterable[str]) -> str:
    """Return texts as a TOML array."""
    return f"[{', '.join(map(toml_string, texts))}]"


def _toml_rows(key: str, rows: list[str]) -> list[str]:
    return [f"{key} = [", *(f"  {row}," for row in rows), "]", ""]
