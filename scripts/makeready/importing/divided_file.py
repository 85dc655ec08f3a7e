"""One file of a whole book that is divided into books or parts, and these into chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from makeready.book.kinds import GROUPS
from makeready.importing.imported_book import Author, Entry, ImportedBook
from makeready.importing.outline import Heading, Outline
from makeready.importing.split_file import CHAPTER, Mark, split_file
from makeready.manuscript.heading_roles import ManuscriptHeading, heading_roles
from makeready.manuscript.title_numbers import number_in_title

_ABOUT = re.compile(r"(Title|Author|Translator|Year|Date):[ \t]*(.+)", re.IGNORECASE)
_TRANSLATED = re.compile(r"[_*]{0,3}Translated by ([^_*.]{3,80}?)\.?[_*]{0,3}", re.IGNORECASE)
_DEEPEST = 6


def set_divided_file(book: ImportedBook, name: str, lines: list[str], outline: Outline) -> bool:
    """Set the entries of a book from its one file; return whether it has numbered books or parts.

    The file's ``lines`` are changed: titles are of the first level, the headings of chapters below
    them. A heading of the first level above all is the title of the book.
    """
    headings = outline.headings
    written = [
        ManuscriptHeading(heading.level, heading.plain, _has_text(lines, headings, index))
        for index, heading in enumerate(headings)
    ]
    found = heading_roles(written)
    if found is None:
        return False
    book.words |= found.words
    roles = list(found.roles)
    if _is_title_of_book(headings) and roles[0] not in GROUPS:
        roles[0] = ""
        book.metadata.title = book.metadata.title or headings[0].plain
        _set_line(lines, headings[0], "")
    _set_levels(lines, headings, roles)
    marks = [
        Mark(heading.line - 1, CHAPTER if text.has_text or role == CHAPTER else role, heading.plain)
        for heading, text, role in zip(headings, written, roles, strict=True)
        if role
    ]
    kinds = {heading.line - 1: role for heading, role in zip(headings, roles, strict=True) if role}
    entries = []
    if any(line.strip() for line in lines[: marks[0].index]):
        front = f"{name.rpartition('.')[0]}-0.md"
        book.texts[front] = "\n".join(lines[: marks[0].index])
        lines[: marks[0].index] = [""] * marks[0].index
        entries.append(Entry([front], book.metadata.title or "Preface", "preface"))
    for mark, entry in split_file(book, name, lines, marks):
        kind = kinds.get(mark.index, "")
        entries.append(Entry(entry.files, mark.value, kind if kind in GROUPS else ""))
    book.entries = entries
    return True


def take_metadata_headings(
    book: ImportedBook, name: str, lines: list[str], outline: Outline
) -> None:
    """Take headings such as “Author: Ann” at the start of a file; the title stays a heading."""
    about = book.metadata
    for heading in outline.headings:
        said = _ABOUT.fullmatch(heading.plain)
        if said is None:
            break
        key, value = said[1].lower(), said[2].strip()
        _set_line(lines, heading, f"# {value}" if key == "title" else "")
        if key in {"author", "translator"}:
            about.authors.append(Author(value, "aut" if key == "author" else "trl"))
        elif key != "title":
            book.leave_out(name, heading.line, f"“{heading.plain}” is left out.")
        for index in range(heading.line, len(lines)):
            line = lines[index].strip()
            translator = _TRANSLATED.fullmatch(line)
            if translator is not None:
                about.authors.append(Author(translator[1], "trl"))
            elif line and line.strip("-*_ "):
                break
            lines[index] = ""


def _is_title_of_book(headings: Sequence[Heading]) -> bool:
    """Return whether the first heading is the only one of the first level, and has no number."""
    is_only = headings[0].level == 1 and all(heading.level > 1 for heading in headings[1:])
    return is_only and number_in_title(headings[0].plain, CHAPTER, "") is None


def _has_text(lines: Sequence[str], headings: Sequence[Heading], index: int) -> bool:
    """Return whether there is text between a heading and the next."""
    start = headings[index].line + _is_underlined(lines, headings[index].line)
    end = headings[index + 1].line - 1 if index + 1 < len(headings) else len(lines)
    return any(line.strip() for line in lines[start:end])


def _is_underlined(lines: Sequence[str], line: int) -> bool:
    """Return whether the line below a heading is a row of signs that makes it one."""
    if lines[line - 1].lstrip().startswith("#") or line >= len(lines):
        return False
    below = lines[line].strip()
    return bool(below) and (not below.strip("=") or not below.strip("-"))


def _set_levels(lines: list[str], headings: Sequence[Heading], roles: Sequence[str]) -> None:
    """Set titles to the first level, and the headings of each text to the second and below."""
    start = 0
    for end in [*(i for i, role in enumerate(roles) if role), len(roles)]:
        inner = [heading for heading in headings[start:end] if lines[heading.line - 1].strip()]
        up = min((heading.level for heading in inner), default=2) - 2
        for heading in inner:
            _set_level(lines, heading, heading.level - up)
        if end < len(roles):
            _set_level(lines, headings[end], 1)
        start = end + 1


def _set_level(lines: list[str], heading: Heading, level: int) -> None:
    attributes = f" {{{heading.attributes}}}" if heading.attributes else ""
    _set_line(lines, heading, f"{'#' * min(level, _DEEPEST)} {heading.text}{attributes}")


def _set_line(lines: list[str], heading: Heading, text: str) -> None:
    if _is_underlined(lines, heading.line):
        lines[heading.line] = ""
    lines[heading.line - 1] = text
