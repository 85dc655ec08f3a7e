"""The outline for the table of contents: sections by level, chapters within parts and books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from makeready.book.kinds import GROUPS, Division
from makeready.book.labels import numbered
from makeready.book.model import Book, Section
from makeready.manuscript.allowed_html import HEADINGS
from makeready.templates.heading_numbers import heading_numbers
from makeready.templates.heading_titles import link_markup, listed_headings
from makeready.templates.trees import inner_markup, is_plain

_BOOK = GROUPS[0]
HEADING = "heading"
"""The kind of an entry that is a heading in a section."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the table of contents, a section or a heading in ``section``.

    ``number`` is that of a section with a title, as text, or empty; ``label`` is “Part Two” or the
    like for a part, a book or an appendix. ``depth`` is that of a heading, 2 for the first below
    the title. A ``plain`` title has no visible markup.
    """

    anchor: str
    title: str
    markup: Markup
    number: str
    label: str
    kind: str
    division: str
    section: Section
    level: int
    plain: bool
    depth: int = 1
    children: list[OutlineEntry] = field(default_factory=list)


def outline(book: Book) -> list[OutlineEntry]:
    """Return the entries of the contents: parts hold the sections of the body after them.

    A book holds the parts and other sections after it.
    """
    entries: list[OutlineEntry] = []
    open_groups: list[OutlineEntry] = []
    for section, depth in _with_depths(book):
        if not section.kind.listed:
            continue
        del open_groups[depth:]
        entry = _entry(book, section, depth + 1)
        (open_groups[-1].children if open_groups else entries).append(entry)
        if section.kind.name in GROUPS:
            open_groups.append(entry)
    return entries


def entries_in_order(book: Book) -> Iterator[OutlineEntry]:
    """Yield all entries of the contents one after the other, headings if the book lists them."""
    yield from _in_order(book, outline(book))


def _in_order(book: Book, entries: Iterable[OutlineEntry]) -> Iterator[OutlineEntry]:
    for entry in entries:
        yield entry
        numbers = dict(heading_numbers(entry.section, entry.section.tree, book.numbered_headings))
        for heading, title in listed_headings(entry.section, book.contents_depth):
            yield replace(
                entry,
                anchor=str(heading.get("id")),
                title=title,
                markup=link_markup(heading, title),
                number=numbers.get(heading, ""),
                label="",
                kind=HEADING,
                level=entry.level + HEADINGS.index(heading.tag),
                plain=False,
                depth=HEADINGS.index(heading.tag) + 1,
                children=[],
            )
        yield from _in_order(book, entry.children)


def depths_in_outline(book: Book) -> dict[str, int]:
    """Return the number of the parts and books that each section is in, by its name."""
    return {section.name: depth for section, depth in _with_depths(book)}


def _with_depths(book: Book) -> Iterator[tuple[Section, int]]:
    open_groups: list[str] = []
    for section in book.sections:
        kind = section.kind.name
        if section.division is not Division.BODY or kind == _BOOK:
            open_groups.clear()
        elif kind in GROUPS:
            open_groups = [group for group in open_groups if group == _BOOK]
        yield section, len(open_groups)
        if kind in GROUPS:
            open_groups.append(kind)


def _entry(book: Book, section: Section, level: int) -> OutlineEntry:
    return OutlineEntry(
        anchor=section.name,
        title=section.title,
        markup=inner_markup(section.title_tree),
        number=_number_of(section) if section.has_title else "",
        label=_label_of(section, book.labels) if section.has_title else "",
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


def _label_of(section: Section, labels: dict[str, str]) -> str:
    """Return the label and number of a section that is not told from a chapter by its number."""
    number = section.numeral or (str(section.number) if section.number is not None else "")
    if not number or section.kind.name == "chapter":
        return ""
    return numbered(labels, section.kind.name, number, " ")
