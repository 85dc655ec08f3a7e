"""The outline for the table of contents: sections by level, chapters within parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from markupsafe import Markup

from makeready.book.kinds import Division
from makeready.book.model import Book, Section
from makeready.templates.trees import inner_markup, is_plain


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the table of contents.

    ``number`` is that of a chapter or part with a title, as text, or empty; a ``plain`` title has
    no visible markup.
    """

    anchor: str
    title: str
    markup: Markup
    number: str
    kind: str
    division: str
    section: Section
    level: int
    plain: bool
    children: tuple[OutlineEntry, ...] = field(default=())


def outline(book: Book) -> list[OutlineEntry]:
    """Return the entries of the contents; sections of the body after a part are its children."""
    entries: list[OutlineEntry] = []
    part: OutlineEntry | None = None
    children: list[OutlineEntry] = []

    def close() -> None:
        nonlocal part, children
        if part is not None:
            entries.append(_with_children(part, tuple(children)))
        part, children = None, []

    for section in book.sections:
        if not section.kind.listed:
            continue
        if section.kind.name == "part":
            close()
            part = _entry(section, 1)
        elif part is not None and section.division is Division.BODY:
            children.append(_entry(section, 2))
        else:
            close()
            entries.append(_entry(section, 1))
    close()
    return entries


def _entry(section: Section, level: int) -> OutlineEntry:
    return OutlineEntry(
        anchor=section.name,
        title=section.title,
        markup=inner_markup(section.title_tree),
        number=_number_of(section) if section.has_title else "",
        kind=section.kind.name,
        division=section.division.value,
        section=section,
        level=level,
        plain=is_plain(section),
    )


def _number_of(section: Section) -> str:
    """Return the number of a section in numerals, for which a list has room."""
    if section.numeral.isupper():
        return section.numeral
    return str(section.number) if section.number is not None else ""


def _with_children(entry: OutlineEntry, children: tuple[OutlineEntry, ...]) -> OutlineEntry:
    return replace(entry, children=children)
