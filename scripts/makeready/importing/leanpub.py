"""Manuscripts of Leanpub, in its Markdown or in Markua: ``Book.txt`` lists the files."""

from __future__ import annotations

import posixpath
import re

from makeready.importing.foreign_folder import LEANPUB
from makeready.importing.imported_book import ImportedBook
from makeready.importing.metadata_keys import set_metadata
from makeready.importing.outline import outline_of
from makeready.importing.source_folder import SourceFolder
from makeready.importing.split_file import CHAPTER, DIVISION, PART, Mark, split_file

_DIVISION = re.compile(r"\{?(frontmatter|mainmatter|backmatter)\}?:?", re.IGNORECASE)
_DIVISIONS = {"frontmatter": "front", "mainmatter": "body", "backmatter": "back"}
_PART = re.compile(r"-#(?!#)[ \t]*(.+?)[ \t#]*$|#[ \t]+(.+?)[ \t]*#?$")
_FENCES = ("```", "~~~")
_PART_MARK = re.compile(r"\{[^{}]*\b(?:class:[ \t]*[\"']?part\b|part:[ \t]*true|\.part\b)[^{}]*\}")


def read_leanpub(source: SourceFolder) -> ImportedBook:
    """Return the book that a ``Book.txt`` lists."""
    config = next(name for name in LEANPUB if source.has(name))
    folder = posixpath.dirname(config)
    book = ImportedBook("Leanpub", config)
    book.search_paths = [folder, posixpath.join(folder, "resources")]
    division = ""
    for line, words in enumerate(source.text(config).split("\n"), 1):
        name = words.strip()
        if not name or name[0] == "#":
            continue
        if (found := _DIVISION.fullmatch(name)) is not None:
            division = _DIVISIONS[found[1].lower()]
            continue
        file = posixpath.normpath(posixpath.join(folder, name))
        if not source.has(file):
            book.leave_out(config, line, f"{name} does not exist.")
        else:
            division = _add_file(book, source, file, division)
    return book


def _add_file(book: ImportedBook, source: SourceFolder, file: str, division: str) -> str:
    """Add the entries of a file; return the division that the next one is in.

    A file may say itself where the front matter ends; it may hold a part's title, and several
    chapters.
    """
    lines = source.text(file).split("\n")
    _set_front_matter(book, source, file)
    marks: list[Mark] = []
    part_mark, fence = -1, ""
    for index, words in enumerate(lines):
        if fence or words.startswith(_FENCES):
            fence = "" if fence and words.startswith(fence) else fence or words[:3]
            continue
        sign = words.strip()
        if sign.startswith("{") and (found := _DIVISION.fullmatch(sign)) is not None:
            marks.append(Mark(index, DIVISION, _DIVISIONS[found[1].lower()]))
        elif _PART_MARK.fullmatch(sign) is not None:
            part_mark = index
        elif (title := _PART.match(words)) is not None:
            if title[1] or part_mark == index - 1 >= 0:
                marks.append(Mark(index, PART, title[1] or title[2]))
                lines[index - 1] = "" if part_mark == index - 1 >= 0 else lines[index - 1]
            else:
                marks.append(Mark(index, CHAPTER, title[2]))
    for mark, entry in split_file(book, file, lines, marks):
        if mark.kind == DIVISION:
            division = mark.value
            continue
        entry.division = "body" if mark.kind == PART else division
        book.entries.append(entry)
    return division


def _set_front_matter(book: ImportedBook, source: SourceFolder, file: str) -> None:
    """Take the metadata that the first file of a book has at its head."""
    if not book.entries:
        values = outline_of(source.text(file)).front_matter
        if values:
            set_metadata(book, values, file)
