"""Books in plain Markdown: a folder in the order of its names, Pandoc's files, or one file."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from makeready.importing.build_order import order_of_build
from makeready.importing.cover_image import set_cover_image
from makeready.importing.divided_file import set_divided_file, take_metadata_headings
from makeready.importing.imported_book import Author, Entry, ImportedBook, ImportRefusedError
from makeready.importing.metadata_keys import date_of, set_metadata
from makeready.importing.nested_pages import entries_of
from makeready.importing.outline import Outline, outline_of
from makeready.importing.plain_data import (
    load_yaml,
    read_yaml,
    table_of,
    text_of,
    texts_of,
    works_of,
)
from makeready.importing.plain_pages import (
    LISTS_CHAPTERS,
    first_file,
    is_first,
    listed_in_readme,
    pages_in_folder,
    title_of_file,
)
from makeready.importing.section_kinds import kind_of_title
from makeready.importing.source_folder import SourceFolder
from makeready.importing.split_file import CHAPTER, Mark, split_file

_METADATA = re.compile(r"(?:metadata|meta|title|book|info|epub)\.(?:ya?ml|txt)", re.IGNORECASE)
_DEFAULTS = re.compile(r"(?:defaults?|pandoc|settings)\.ya?ml", re.IGNORECASE)
_TITLE_LINE = re.compile(r"%[ \t]?(.*)")
_HEADER_KEY = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*(.*)")
_MOST_HEADER_LINES = 40


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
    reader = text_of(settings.get("from") or settings.get("reader"))
    book.breaks_lines = "+hard_line_breaks" in reader
    if values.get("cover-image"):
        set_cover_image(book, source, text_of(values["cover-image"]), about or defaults, 1)
    names = [name for name in listed if source.has(name) and not name.endswith((".yaml", ".yml"))]
    if names:
        book.entries = [_entry(source, name, book) for name in names]
    else:
        pages = pages_in_folder(source, "", book)
        book.entries = entries_of(pages, book)
        here = [page.file for page in pages if "/" not in page.file and page.file]
        inner = {name.partition("/")[0] for name in map(first_file, pages) if "/" in name}
        _set_first(source, book, is_listing=bool(listed_in_readme(source, "", here, inner)))
        _set_order_of_build(source, book)
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


def _set_order_of_build(source: SourceFolder, book: ImportedBook) -> None:
    """Put the sections into the order of a script that makes the book, if it has another one."""
    files = [file for entry in book.entries for file in entry.files if file not in book.texts]
    script, order = order_of_build(source, files)
    if not script or order == [file for file in files if file in order]:
        return
    by_file = {entry.files[0]: entry for entry in book.entries if len(entry.files) == 1}
    book.entries = [by_file.get(file) or _entry(source, file, book) for file in order]
    book.config = script
    for file in files:
        if file not in order:
            book.leave_out(file, 1, f"{script} does not name the file, and it is left out.")


def _entry(source: SourceFolder, name: str, book: ImportedBook) -> Entry:
    return Entry([name], title_of_file(source, name, book))


def _set_first(source: SourceFolder, book: ImportedBook, *, is_listing: bool) -> None:
    """Take the title of a README for that of the book, and it for the introduction.

    A README that only leads to the chapters is left out.
    """
    if len(book.entries) < 2 or not book.entries[0].files:  # noqa: PLR2004 - one of several
        return
    first = book.entries[0]
    name = first.files[0]
    if not is_first(name):
        return
    text = source.text(name)
    title = outline_of(text).title
    if not book.metadata.title and kind_of_title(title) == "":
        book.metadata.title = title
    links = sum(posixpath.basename(e.files[0]) in text for e in book.entries[1:] if e.files)
    if 2 * links > len(book.entries) - 1 or is_listing:
        book.entries.pop(0)
        book.leave_out(name, 1, LISTS_CHAPTERS)
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

    Where there is one such title, it is that of the book, and those of the next level are the
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
    level = _level_of_chapters(outline)
    if level > 1:
        _raise_headings(lines, outline, level - 1)
        book.metadata.title = book.metadata.title or titles[0].plain
        lines[titles[0].line - 1] = ""
        if _is_underlined(lines, titles[0].line):
            lines[titles[0].line] = ""
        titles = [heading for heading in outline.headings if 1 < heading.level <= level]
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


def _level_of_chapters(outline: Outline) -> int:
    """Return the level of the headings that are chapters: 1, or a lower one below a single title.

    It is that of the first heading below the title, of which there are several; of the levels
    between them a book may have one heading, such as “The End”.
    """
    if len(outline.titles) != 1:
        return 1
    levels = Counter(heading.level for heading in outline.headings)
    if levels[2] > 1:
        return 2
    first = next((heading.level for heading in outline.headings if heading.level > 1), 1)
    between = sum(levels[level] for level in range(2, first))
    return first if levels[first] > 1 and between <= 1 else 1


def _is_numbered(outline: Outline, mark: Mark) -> bool | None:
    heading = next((h for h in outline.headings if h.line - 1 == mark.index), None)
    return False if heading is not None and heading.is_unnumbered else None


def _is_underlined(lines: Sequence[str], line: int) -> bool:
    return line < len(lines) and bool(lines[line].strip()) and not lines[line].strip("= ")


def _raise_headings(lines: list[str], outline: Outline, by: int) -> None:
    """Make the headings below the first level higher by some levels, at most to the first."""
    for heading in outline.headings:
        index = heading.line - 1
        words = lines[index].lstrip(" ")
        if heading.level > 1 and words.startswith("#" * heading.level):
            lines[index] = words[min(by, heading.level - 1) :]
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
