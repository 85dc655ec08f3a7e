"""Sections that a tool lists twice, or that have no text yet, left out of the new book."""

from __future__ import annotations

import re
from collections.abc import Callable

from makeready.book.kinds import BIBLIOGRAPHY
from makeready.importing.imported_book import Entry, ImportedBook
from makeready.importing.outline import outline_of
from makeready.importing.section_kinds import kind_of_title

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def leave_out_empty(book: ImportedBook, text_of: Callable[[str], str]) -> None:
    """Leave out of a book the files that are listed again, and the sections without text.

    ``text_of`` returns the text of a file.
    """
    seen: set[str] = set()
    kept: list[Entry] = []
    for entry in book.entries:
        again = [file for file in entry.files if file in seen]
        for file in again:
            book.leave_out(book.config, 1, f"{file} is listed a second time.")
        rest = list(dict.fromkeys(file for file in entry.files if file not in seen))
        seen.update(rest)
        if again and not rest:
            continue
        entry.files = rest
        if entry.kind == "part" or not rest or _has_text(entry, text_of):
            kept.append(entry)
        else:
            book.leave_out(rest[0], 1, "The section has no text yet, and is left out.")
    if any(entry.files for entry in kept):
        book.entries = kept


def _has_text(entry: Entry, text_of: Callable[[str], str]) -> bool:
    """Return whether a section has more than a title, or is filled by the build."""
    title = entry.title
    for file in entry.files:
        if file.lower().endswith(".ipynb"):
            return True
        text = text_of(file)
        outline = outline_of(text)
        title = title or outline.title
        lines = text.split("\n")
        titles = {heading.line for heading in outline.titles}
        first = outline.body_line
        body = (line for n, line in enumerate(lines[first - 1 :], first) if n not in titles)
        if _COMMENT.sub("", "\n".join(body)).strip(" \t\n=-"):
            return True
    return BIBLIOGRAPHY in {entry.kind, kind_of_title(title)}
