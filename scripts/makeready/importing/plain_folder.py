"""Books in plain Markdown: a folder in the order of its names, Pandoc's files, or one file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import unquote

from makeready.importing.divided_file import set_divided_file, take_metadata_headings
from makeready.importing.imported_book import Author, Entry, ImportedBook, ImportRefusedError
from makeready.importing.metadata_keys import date_of, set_metadata
from makeready.importing.nested_pages import Page, entries_of
from makeready.importing.outline import Outline, outline_of
from makeready.importing.plain_data import (
    load_yaml,
    read_yaml,
    table_of,
    text_of,
    texts_of,
    works_of,
)
from makeready.importing.repeated_titles import take_repeated_title, without_series
from makeready.importing.section_kinds import kind_of_title
from makeready.importing.source_folder import SourceFolder, natural_key
from makeready.importing.split_file import CHAPTER, Mark, split_file

_METADATA = re.compile(r"(?:metadata|meta|title|book|info|epub)\.(?:ya?ml|txt)", re.IGNORECASE)
_DEFAULTS = re.compile(r"(?:defaults?|pandoc|settings)\.ya?ml", re.IGNORECASE)
_OF_A_REPOSITORY = re.compile(
    r"(?:license|licence|copying|contributing|contributors|code[_-]of[_-]conduct|changelog|changes"
    r"|security|translations|pull_request_template|issue_template|admin_tasks|todo|authors|summary"
    r"|toc|funding|support)\.(?:md|markdown|txt)",
    re.IGNORECASE,
)
_FIRST = frozenset({"index", "readme", "_index"})
_LISTED = re.compile(r"\]\([ \t]*<?(?:\./)?([^\s()<>#]{1,300})")
_AT_THE_BEGINNING = frozenset(
    {"dedication", "epigraph", "foreword", "preface", "introduction", "prologue"}
)
_LISTS_CHAPTERS = "The file lists the chapters, and is no section of the book."
_TITLE_LINE = re.compile(r"%[ \t]?(.*)")
_HEADER_KEY = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*(.*)")
_MOST_HEADER_LINES = 40
_NUMBER = re.compile(r"^(?:chapter|ch|kapitel|chapitre)?[ ._-]*\d+[ ._-]*", re.IGNORECASE)


def read_plain_folder(source: SourceFolder) -> ImportedBook:
    """Return the Markdown files of a folder as a book."""
    top = [n for n in sorted(source.names) if "/" not in n]
    defaults = next((n for n in top if _DEFAULTS.fullmatch(n)), "")
    settings = read_yaml(source, defaults) if defaults else {}
    about = next((n for n in top if _METADATA.fullmatch(n) and _is_metadata(source, n)), "")
    listed = [posixpath.normpath(name) for name in texts_of(settings.get("input-files"))]
    is_pandoc = bool(about or listed)
    book = ImportedBook("Pandoc" if is_pandoc else "plain folder", about or defaults)
    values = {**table_of(settings.get("metadata")), **settings}
    for name in [*texts_of(settings.get("metadata-files")), about]:
        if name and source.has(name):
            values = {**_metadata_of(source, name), **values}
    set_metadata(book, values, about or defaults)
    book.files += texts_of(values.get("bibliography")) + texts_of(values.get("csl"))
    book.nocite += works_of(values.get("nocite"))
    if values.get("cover-image"):
        written = text_of(values["cover-image"])
        book.leave_out(about or defaults, 1, f"The cover image is not used: {written}.")
    names = [name for name in listed if source.has(name) and not name.endswith((".yaml", ".yml"))]
    if names:
        book.entries = [_entry(source, name, book) for name in names]
    else:
        pages = _pages(source, "", book)
        book.entries = entries_of(pages, book)
        here = [page.file for page in pages if page.file]
        inner = {_first_file(page).partition("/")[0] for page in pages if page.pages}
        _set_first(source, book, is_listing=bool(_listed(source, "", here, inner)))
    if len(book.entries) == 1 and len(book.entries[0].files) == 1:
        _set_single_file(source, book, book.entries[0].files[0])
    if not book.entries:
        raise ImportRefusedError(
            f"There is no Markdown file in {source.root.as_posix()}.",
            "Name a folder with Markdown files, or one file.",
        )
    return book


def read_single_file(source: SourceFolder, name: str) -> ImportedBook:
    """Return the book that is in one Markdown file."""
    book = ImportedBook("Markdown", name)
    _set_single_file(source, book, name)
    return book


def _pages(source: SourceFolder, folder: str, book: ImportedBook) -> list[Page]:
    """Return the pages in a folder, and those of its folders.

    They are in the order in which the folder's README links to them, or else of their names.
    """
    prefix = f"{folder}/" if folder else ""
    here: list[str] = []
    inner: set[str] = set()
    for name in source.markdown(folder):
        rest = name.removeprefix(prefix)
        if "/" in rest:
            inner.add(rest.partition("/")[0])
        elif _OF_A_REPOSITORY.fullmatch(rest):
            book.leave_out(name, 1, "The file is about the folder, and no section of the book.")
        elif source.text(name).strip():
            here.append(name)
    repeated = take_repeated_title(source, here, book)
    listed = _listed(source, prefix, here, inner)
    if folder and listed:
        for name in [name for name in here if _is_first(name)]:
            book.leave_out(name, 1, _LISTS_CHAPTERS)
            here.remove(name)
    found = [
        (_order(name, title), Page(title, name))
        for name, title in ((name, _title(source, name, book)) for name in here)
    ]
    books: dict[str, Page] = {}
    for name in sorted(inner):
        below = _pages(source, f"{prefix}{name}", book)
        if not below:
            continue
        title = _NUMBER.sub("", name.replace("_", " ").replace("-", " ")).strip() or name
        page = Page(title.capitalize(), "", below)
        if below[0].book_title:
            page.title, books[name] = below[0].book_title, page
        found.append((_order(name, ""), page))
    own_titles = without_series([page.title for page in books.values()])
    for page, own_title in zip(books.values(), own_titles, strict=True):
        page.title = own_title
    found.sort(key=lambda each: (_place(each[1], prefix, listed), each[0]))
    pages = [page for _, page in found]
    if pages:
        pages[0].book_title = repeated
    return pages


def _is_first(name: str) -> bool:
    return posixpath.basename(name).rpartition(".")[0].lower() in _FIRST


def _listed(
    source: SourceFolder, prefix: str, here: Sequence[str], inner: Collection[str]
) -> list[str]:
    """Return the files and folders that the README of a folder links to, in its order.

    There are none if it links to fewer than half of them.
    """
    first = next((name for name in here if _is_first(name)), "")
    names = {*(name.removeprefix(prefix) for name in here if name != first), *inner}
    found: dict[str, None] = {}
    for target in _LISTED.findall(source.text(first)) if first else ():
        path = posixpath.normpath(unquote(target))
        for name in (path, path.partition("/")[0]):
            if name in names:
                found.setdefault(name)
    return list(found) if 2 * len(found) >= len(names) else []


def _place(page: Page, prefix: str, listed: Sequence[str]) -> int:
    """Return the place of a page in a list; what begins a book is before it, the rest after it."""
    name = _first_file(page).removeprefix(prefix)
    if not page.pages:
        if _is_first(name):
            return -1
    else:
        name = name.partition("/")[0]
    return listed.index(name) if name in listed else len(listed)


def _first_file(page: Page) -> str:
    while page.pages:
        page = page.pages[0]
    return page.file


def _order(name: str, title: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Return the key of a file's place: the index, what a book begins with, the rest, the end."""
    base = posixpath.basename(name)
    stem = base.rpartition(".")[0].lower()
    kind = kind_of_title(title) or kind_of_title(stem)
    if stem in _FIRST or base[:1].isdecimal():
        place = 0 if stem in _FIRST else 2
    else:
        place = 1 if kind in _AT_THE_BEGINNING else 3 if kind else 2
    return place, natural_key(base)


def _title(source: SourceFolder, name: str, book: ImportedBook) -> str:
    """Return the title of a file, or what its name says."""
    outline = outline_of(book.texts.get(name) or source.text(name))
    stem = posixpath.basename(name).rpartition(".")[0]
    words = _NUMBER.sub("", stem.replace("_", " ").replace("-", " ")).strip() or stem
    return outline.title or words[:1].upper() + words[1:]


def _entry(source: SourceFolder, name: str, book: ImportedBook) -> Entry:
    return Entry([name], _title(source, name, book))


def _set_first(source: SourceFolder, book: ImportedBook, *, is_listing: bool) -> None:
    """Take the title of a README for that of the book, and it for the introduction.

    A README that only leads to the chapters is left out.
    """
    if len(book.entries) < 2 or not book.entries[0].files:  # noqa: PLR2004 - one of several
        return
    first = book.entries[0]
    name = first.files[0]
    if posixpath.basename(name).rpartition(".")[0].lower() not in _FIRST:
        return
    text = source.text(name)
    title = outline_of(text).title
    if not book.metadata.title and kind_of_title(title) == "":
        book.metadata.title = title
    links = sum(posixpath.basename(e.files[0]) in text for e in book.entries[1:] if e.files)
    if 2 * links > len(book.entries) - 1 or is_listing:
        book.entries.pop(0)
        book.leave_out(name, 1, _LISTS_CHAPTERS)
    else:
        first.kind = "introduction"


def _is_metadata(source: SourceFolder, name: str) -> bool:
    return "title" in _metadata_of(source, name)


def _metadata_of(source: SourceFolder, name: str) -> dict[str, Any]:
    text = source.text(name)
    if name.lower().endswith(".txt"):
        return outline_of(text).front_matter
    try:
        return {str(k): v for k, v in table_of(load_yaml(text)).items()}
    except Exception:
        return {}


def _set_single_file(source: SourceFolder, book: ImportedBook, name: str) -> None:
    """Make a book of one file: a chapter for each title of the first level.

    Where there is one such title, it is that of the book, and those of the second level are the
    chapters.
    """
    lines = source.text(name).split("\n")
    outline = outline_of("\n".join(lines))
    end = _take_header(book, lines, outline)
    take_metadata_headings(book, name, lines, outline_of("\n".join(lines)))
    outline = outline_of("\n".join(lines))
    set_metadata(book, outline.front_matter, name)
    for index in range(outline.body_line - 1):
        lines[index] = ""
    end = max(end, outline.body_line - 1)
    if set_divided_file(book, name, lines, outline):
        return
    titles = list(outline.titles)
    if len(titles) == 1 and sum(heading.level == 2 for heading in outline.headings) > 1:  # noqa: PLR2004
        _raise_headings(lines, outline)
        book.metadata.title = book.metadata.title or titles[0].plain
        lines[titles[0].line - 1] = ""
        if _is_underlined(lines, titles[0].line):
            lines[titles[0].line] = ""
        titles = [heading for heading in outline.headings if heading.level == 2]  # noqa: PLR2004
    marks = [Mark(heading.line - 1, CHAPTER, heading.plain) for heading in titles]
    if any(line.strip() for line in lines[end : marks[0].index if marks else end]):
        text = "\n".join(lines[: marks[0].index])
        front = f"{name.rpartition('.')[0]}-0.md"
        book.texts[front] = text
        lines[: marks[0].index] = [""] * marks[0].index
        book.entries = [Entry([front], book.metadata.title or "Preface", "preface")]
    else:
        book.entries = []
    cut = split_file(book, name, lines, marks)
    if len(cut) == 1:
        book.texts[name] = "\n".join(lines)
    book.entries += [
        Entry(entry.files, mark.value, is_numbered=_is_numbered(outline, mark))
        for mark, entry in cut
    ]


def _is_numbered(outline: Outline, mark: Mark) -> bool | None:
    heading = next((h for h in outline.headings if h.line - 1 == mark.index), None)
    return False if heading is not None and heading.is_unnumbered else None


def _is_underlined(lines: Sequence[str], line: int) -> bool:
    return line < len(lines) and bool(lines[line].strip()) and not lines[line].strip("= ")


def _raise_headings(lines: list[str], outline: Outline) -> None:
    """Make a heading of the second level one of the first, and so on."""
    for heading in outline.headings:
        index = heading.line - 1
        words = lines[index].lstrip(" ")
        if heading.level > 1 and words.startswith("#" * heading.level):
            lines[index] = words[1:]
        elif heading.level == 2 and index + 1 < len(lines):  # noqa: PLR2004 - underlined with -
            lines[index + 1] = lines[index + 1].replace("-", "=")


def _take_header(book: ImportedBook, lines: list[str], outline: Outline) -> int:
    """Take the metadata of Pandoc's title block or MultiMarkdown's header out of the lines.

    Returns the number of their lines, which are left blank.
    """
    if outline.front_matter:
        return 0
    is_title_block = _TITLE_LINE.match(lines[0]) is not None
    end = _take_title_block(book, lines) if is_title_block else _take_keys(book, lines)
    lines[:end] = [""] * end
    return end


def _take_title_block(book: ImportedBook, lines: list[str]) -> int:
    """Take title, authors and date of the lines that begin with %; an indented line goes on."""
    values: list[list[str]] = []
    end = 0
    for line in lines[:_MOST_HEADER_LINES]:
        if (found := _TITLE_LINE.match(line)) is not None:
            values.append([found[1].strip()])
        elif line[:1] in {" ", "\t"} and line.strip():
            values[-1].append(line.strip())
        else:
            break
        end += 1
    values += [[]] * (3 - len(values))
    about = book.metadata
    about.title = about.title or " ".join(values[0])
    names = [name.strip() for name in ";".join(values[1]).split(";")]
    about.authors = about.authors or [Author(name) for name in names if name]
    about.date = about.date or date_of(" ".join(values[2]))
    return end


def _take_keys(book: ImportedBook, lines: list[str]) -> int:
    """Take the keys and values that stand above the first blank line, where there is a title."""
    header: dict[str, str] = {}
    for end, line in enumerate(lines[:_MOST_HEADER_LINES]):
        if not line.strip():
            if "title" in header:
                set_metadata(book, header, book.config)
                return end
            return 0
        if (pair := _HEADER_KEY.fullmatch(line.rstrip())) is None:
            return 0
        header[pair[1].strip().lower()] = pair[2].strip()
    return 0
