"""The documents of sections, for the typesetting engine and for the EPUB."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import lru_cache

from markupsafe import Markup

from makeready.book.hyphenation import exceptions_text
from makeready.book.kinds import ENDNOTES
from makeready.book.labels import around_number
from makeready.book.model import Book, PageMap, Section
from makeready.fonts import Font
from makeready.templates.balance import balance
from makeready.templates.environment import Layouts
from makeready.templates.glossary import with_backlinks
from makeready.templates.index import IndexLayout
from makeready.templates.note_placement import shown_numbers, with_page_heads
from makeready.templates.outline import entries_in_order
from makeready.templates.page_breaks import PageBreakMarks
from makeready.templates.references import epub_resolver, label_of, paged_resolver
from makeready.templates.trees import (
    Medium,
    Resolve,
    body_markup,
    is_plain,
    note_bodies,
    title_markup,
)

_LONG, _VERY_LONG = 14, 40


def paged_section(
    book: Book,
    layouts: Layouts,
    section: Section,
    medium: Medium,
    page_map: PageMap,
    fonts: tuple[Font, ...],
) -> str:
    """Return the document of a section for the typesetting engine, XML that is also HTML."""
    if section.kind.name == ENDNOTES:
        section = with_page_heads(book, section, page_map)
    context = _context(book, layouts, section, medium, paged_resolver(book, page_map), fonts)
    context["pages"] = page_map
    if section.kind.layout == "index":
        context["groups"] = IndexLayout(book, section, medium, page_map).groups()
    return layouts.render(section.kind.layout, **context)


def epub_section(
    book: Book,
    layouts: Layouts,
    section: Section,
    fonts: tuple[Font, ...] = (),
    page_map: PageMap | None = None,
) -> str:
    """Return the XHTML document of a section for the EPUB's ``text`` folder.

    An index has the page numbers of ``page_map`` if the publication has a page list, and the
    titles of sections if not.
    """
    resolve = epub_resolver(book, section.name)
    if section.kind.name == "glossary":
        section = with_backlinks(book, section)
    marks = None
    if page_map is not None:
        notes = tuple(replace(note, tree=copy.deepcopy(note.tree)) for note in section.notes)
        section = replace(section, notes=notes)
        marks = PageBreakMarks(book, section, page_map, [note.tree for note in notes])
    context = _context(book, layouts, section, Medium.EPUB, resolve, fonts, marks)
    context["notes"] = note_bodies(section, resolve)
    context["note_numbers"] = shown_numbers(section)
    context["pages"] = {}
    if section.kind.layout == "index":
        context["groups"] = IndexLayout(book, section, Medium.EPUB, page_map).groups()
    markup = layouts.render(section.kind.layout, **context)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + markup


def title_length(title: str) -> str:
    """Return the length class of a title, by its longest word and its total length."""
    longest = max(len(word) for word in title.split() or [""])
    if longest <= _LONG and len(title) <= 2 * _LONG:
        return "short"
    return "long" if len(title) <= _VERY_LONG and longest <= _LONG + 2 else "very-long"


def title_style(title: str) -> str:
    """Return ``capitals`` for a title in capitals, which is letterspaced, or else ``mixed``."""
    return "capitals" if title.isupper() else "mixed"


def _title(
    section: Section, medium: Medium, resolve: Resolve, language: str, line_letters: int
) -> Markup:
    """Return a section's title; in paged media, one without markup is in balanced lines.

    ``line_letters`` fit on a line. It is empty if the section has none but its number.
    """
    if not section.has_title:
        return Markup()
    if medium.paged and is_plain(section):
        return balance(section.title, line_letters, language)
    return title_markup(section, resolve, notes=True, medium=medium)


def _running_title(book: Book, section: Section) -> str:
    """Return the title for running heads; one that is a number says of which part it is."""
    if section.has_title or section.group_title:
        return section.title
    anchor = book.anchors.get(section.name)
    label = label_of(book, anchor) if anchor is not None and anchor.number else section.title
    return label.replace("\u00a0", " ")


@lru_cache(maxsize=1)
def _own_fonts(fonts: tuple[Font, ...]) -> tuple[Font, ...]:
    """Return the fonts that are not of last resort, the same tuple for each section."""
    return tuple(font for font in fonts if not font.is_last_resort and not font.is_only_named)


def _ordinal(book: Book, section: Section) -> dict[str, str]:
    """Return the number of a section, and what its label has before and after it."""
    if section.number is None:
        return {}
    before, after = around_number(book.labels, section.kind.name)
    number = section.numeral or str(section.number)
    return {"before": before, "number": number, "after": after}


def _context(
    book: Book,
    layouts: Layouts,
    section: Section,
    medium: Medium,
    resolve: Resolve,
    fonts: tuple[Font, ...],
    marks: PageBreakMarks | None = None,
) -> dict[str, object]:
    body, subtitle = body_markup(
        section,
        resolve,
        medium,
        marks,
        drop_caps=layouts.theme.has_drop_caps,
        numbered=book.numbered_headings,
        bookmarked=book.contents_depth if medium is Medium.SCREEN else 1,
        language=book.metadata.language,
    )
    own = _own_fonts(fonts)
    return {
        "book": book,
        "metadata": book.metadata,
        "words": book.labels,
        "section": section,
        "kind": section.kind,
        "medium": medium.value,
        "paged": medium.paged,
        "running_title": _running_title(book, section),
        "title": _title(
            section,
            medium,
            resolve,
            book.metadata.language,
            layouts.letters.title or layouts.theme.title_letters,
        ),
        "body": body,
        "subtitle": subtitle,
        "letters": layouts.letters.model_dump(exclude_none=True),
        "title_length": title_length(book.metadata.display_title or book.metadata.title),
        "title_style": title_style(book.metadata.display_title or book.metadata.title),
        "page_start": marks.start_markup() if marks is not None else "",
        "hyphenation": exceptions_text(book.hyphenation) if medium.paged else "",
        "ordinal": _ordinal(book, section),
        "has_body": bool(body.strip()),
        "notes": list[tuple[int, Markup]](),
        "note_numbers": dict[str, str](),
        "entries": list(entries_in_order(book)) if section.kind.name == "toc" else [],
        "fonts": own,
        # The former name of ``fonts``, which the layouts of a book may still use.
        "faces": own,
    }
