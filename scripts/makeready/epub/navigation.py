"""The navigation document and the NCX: what the reader moves through the book by."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ebooklib import epub
from lxml import etree
from markupsafe import Markup

from makeready.book.kinds import Division
from makeready.book.model import Book, Element, Section
from makeready.templates.environment import Layouts
from makeready.templates.outline import OutlineEntry, outline
from makeready.templates.references import epub_resolver
from makeready.templates.trees import Medium, body_markup, inner_markup

NAVIGATION_KIND = "toc"
COVER_FILE = "cover.xhtml"
# What a reading system may offer a button for, beside cover, contents and start.
_LANDMARKS = ("titlepage", "glossary", "bibliography", "index")
# Title markup that may stand inside a link of the navigation; the rest gives its text alone.
_INLINE = frozenset({"abbr", "b", "bdi", "cite", "em", "i", "q", "span", "strong", "sub", "sup"})
_KEPT_ATTRIBUTES = frozenset({"class", "lang", "dir"})
_XHTML = "{http://www.w3.org/1999/xhtml}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Page: TypeAlias = tuple[str, str]
"""Where a page of the print edition begins, or a figure is, and what it is called."""

NcxEntry: TypeAlias = "epub.Link | tuple[epub.Link, list[NcxEntry]]"


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One line of the navigation: where it leads, its label, and what stands under it."""

    href: str
    label: Markup
    number: str = ""
    kind: str = ""
    children: tuple[NavigationEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place a reading system may offer by itself, named by its ``epub:type``."""

    epub_type: str
    href: str
    label: str


def file_name(section: str) -> str:
    """Return the file name of a section's document."""
    return f"{section}.xhtml"


def navigation_section(book: Book) -> Section | None:
    """Return the section the book lists for its contents, if it lists one."""
    return next((s for s in book.sections if s.kind.name == NAVIGATION_KIND), None)


def navigation_document(
    book: Book,
    layouts: Layouts,
    sections: Iterable[Section],
    pages: Sequence[Page],
    page_start: Markup,
    figures: Sequence[Page] = (),
) -> str:
    """Return the navigation document for the given sections, in the folder of the sections.

    ``pages`` are those of the print edition, and ``page_start`` the mark of the one that the
    contents begin on, if they begin on one. ``figures`` are those that have captions.
    """
    own = navigation_section(book)
    body = subtitle = Markup("")
    if own:
        body, subtitle = body_markup(own, epub_resolver(book, own.name), Medium.EPUB)
    return layouts.render(
        "navigation",
        language=book.metadata.language,
        anchor=own.name if own else NAVIGATION_KIND,
        title=_contents_title(book, own),
        division=(own.division if own else Division.FRONT).value,
        entries=tuple(_entry(book, entry) for entry in outline(book)),
        subtitle=subtitle,
        body=body,
        landmarks_title=book.labels["landmarks"],
        landmarks=tuple(_landmarks(book, sections, own)),
        page_start=page_start,
        page_list_title=book.labels["page_list"],
        pages=pages,
        figure_list_title=book.labels["figure_list"],
        figures=figures,
    )


def figures_in(file: str, document: Element) -> Iterator[Page]:
    """Yield the figures of a document that have a caption, each as its href and that."""
    for figure in document.iter(f"{_XHTML}figure"):
        caption = figure.find(f"{_XHTML}figcaption")
        words = (
            " ".join("".join(map(str, caption.itertext())).split()) if caption is not None else ""
        )
        if words and figure.get("id"):
            yield f"{file}#{figure.get('id')}", words


def ncx_entries(book: Book, folder: str) -> list[NcxEntry]:
    """Return the contents as EbookLib wants them for the NCX; hrefs are under ``folder``."""
    return [_ncx_entry(book, entry, folder) for entry in outline(book)]


def _ncx_entry(book: Book, entry: OutlineEntry, folder: str) -> NcxEntry:
    number = _number(book, entry)
    title = f"{number}. {entry.title}" if number else entry.title
    link = epub.Link(f"{folder}/{file_name(entry.section.name)}", title, entry.anchor)
    if not entry.children:
        return link
    return link, [_ncx_entry(book, child, folder) for child in entry.children]


def _entry(book: Book, entry: OutlineEntry) -> NavigationEntry:
    return NavigationEntry(
        href=file_name(entry.section.name),
        label=_label(entry.section),
        number=_number(book, entry),
        kind=entry.kind,
        children=tuple(_entry(book, child) for child in entry.children),
    )


def _number(book: Book, entry: OutlineEntry) -> str:
    """Return a chapter's number alone; a part's with its word, so that none is taken for it."""
    if entry.number and entry.kind == "part":
        return f"{book.labels['part']} {entry.number}"
    return entry.number


def _label(section: Section) -> Markup:
    """Return a title for a link: its emphasis and languages kept, notes and links taken out.

    A note's call holds no text, so that nothing is left of it.
    """
    tree = copy.deepcopy(section.title_tree)
    etree.strip_tags(tree, *{e.tag for e in tree.iter() if e is not tree} - _INLINE)
    for element in tree.iter():
        _keep_attributes(element)
    markup = inner_markup(tree).strip()
    return markup or Markup.escape(section.title)


def _keep_attributes(element: Element) -> None:
    for name in set(element.attrib) - _KEPT_ATTRIBUTES:
        del element.attrib[name]
    language = element.get("lang")
    if language:
        element.set(_XML_LANG, language)


def _contents_title(book: Book, own: Section | None) -> str:
    if own and own.title:
        return own.title
    return book.labels[NAVIGATION_KIND]


def _landmarks(book: Book, sections: Iterable[Section], own: Section | None) -> Iterator[Landmark]:
    words = book.labels
    yield Landmark("cover", COVER_FILE, words["cover"])
    if own:
        # Without a page of contents the document is not in the spine, and nothing may lead to it.
        yield Landmark(NAVIGATION_KIND, f"#{own.name}", _contents_title(book, own))
    started = False
    found: set[str] = set()
    for section in sections:
        kind = section.kind.epub_type
        if section.division is Division.BODY and not started:
            started = True
            yield Landmark("bodymatter", file_name(section.name), words["start"])
        if kind in _LANDMARKS and kind not in found:
            found.add(kind)
            yield Landmark(kind, file_name(section.name), section.title)
