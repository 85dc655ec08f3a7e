"""The navigation document and the NCX of an EPUB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ebooklib import epub
from markupsafe import Markup

from makeready.book.kinds import Division
from makeready.book.model import Book, Element, Section
from makeready.manuscript.subtables import TABLE_GROUP
from makeready.templates.environment import Layouts
from makeready.templates.heading_titles import NestedHeading, link_markup, nested_headings
from makeready.templates.outline import HEADING, OutlineEntry, outline
from makeready.templates.references import epub_resolver
from makeready.templates.trees import Medium, body_markup

NAVIGATION_KIND = "toc"
COVER_FILE = "cover.xhtml"
# Kinds that are landmarks, besides cover, contents and start.
_LANDMARKS = ("titlepage", "glossary", "bibliography", "index")
_XHTML = "{http://www.w3.org/1999/xhtml}"

LabelledLink: TypeAlias = tuple[str, str]
"""The href of a print page or a figure, and its label."""

NcxEntry: TypeAlias = "epub.Link | tuple[epub.Link, list[NcxEntry]]"


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """An entry of the navigation, with the entries below it."""

    href: str
    label: Markup
    number: str = ""
    kind: str = ""
    children: tuple[NavigationEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark of the book, which a reading system may offer as a shortcut."""

    epub_type: str
    href: str
    label: str


def file_name(section: str) -> str:
    """Return the file name of a section's document."""
    return f"{section}.xhtml"


def navigation_section(book: Book) -> Section | None:
    """Return the section that is the book's contents; None if it has none."""
    return next((s for s in book.sections if s.kind.name == NAVIGATION_KIND), None)


def navigation_document(
    book: Book,
    layouts: Layouts,
    sections: Iterable[Section],
    pages: Sequence[LabelledLink],
    page_start: Markup,
    figures: Sequence[LabelledLink] = (),
) -> str:
    """Return the navigation document for the given sections, in the folder of the sections.

    ``pages`` are those of the print edition; ``page_start`` is the mark of the page that the
    contents begin on, or empty. ``figures`` are those with captions.
    """
    contents = navigation_section(book)
    body = subtitle = Markup("")
    if contents:
        body, subtitle = body_markup(contents, epub_resolver(book, contents.name), Medium.EPUB)
    return layouts.render(
        "navigation",
        language=book.metadata.language,
        direction=book.metadata.direction,
        anchor=contents.name if contents else NAVIGATION_KIND,
        title=_contents_title(book, contents),
        division=(contents.division if contents else Division.FRONT).value,
        entries=tuple(
            _entry(entry, book.contents_depth, book.numbered_headings) for entry in outline(book)
        ),
        subtitle=subtitle,
        body=body,
        landmarks_title=book.labels["landmarks"],
        landmarks=tuple(_landmarks(book, sections, contents)),
        page_start=page_start,
        page_list_title=book.labels["page_list"],
        pages=pages,
        figure_list_title=book.labels["figure_list"],
        figures=figures,
    )


def figures_in(file: str, document: Element) -> Iterator[LabelledLink]:
    """Yield the href and the caption of each figure of a document that has both.

    The parts of a figure are none, nor are tables.
    """
    for figure in document.iter(f"{_XHTML}figure"):
        is_part = next(figure.iterancestors(f"{_XHTML}figure"), None) is not None
        if is_part or TABLE_GROUP in (figure.get("class") or "").split():
            continue
        caption = figure.find(f"{_XHTML}figcaption")
        text = (
            " ".join("".join(map(str, caption.itertext())).split()) if caption is not None else ""
        )
        if text and figure.get("id"):
            yield f"{file}#{figure.get('id')}", text


def ncx_entries(book: Book, folder: str) -> list[NcxEntry]:
    """Return the contents for the NCX in EbookLib's form; hrefs are under ``folder``."""
    return [
        _ncx_entry(entry, folder, book.contents_depth, book.numbered_headings)
        for entry in outline(book)
    ]


def _ncx_entry(entry: OutlineEntry, folder: str, depth: int, numbered: int) -> NcxEntry:
    number = entry.label or entry.number
    title = f"{number}. {entry.title}" if number else entry.title
    file = f"{folder}/{file_name(entry.section.name)}"
    link = epub.Link(file, title, entry.anchor)
    below: list[NcxEntry] = [
        _ncx_heading(file, found) for found in nested_headings(entry.section, depth, numbered)
    ]
    below += [_ncx_entry(child, folder, depth, numbered) for child in entry.children]
    return (link, below) if below else link


def _ncx_heading(file: str, found: NestedHeading) -> NcxEntry:
    anchor = found.heading.get("id")
    title = f"{found.number} {found.title}".strip()
    link = epub.Link(f"{file}#{anchor}", title, anchor)
    below = [_ncx_heading(file, one) for one in found.children]
    return (link, below) if below else link


def _entry(entry: OutlineEntry, depth: int, numbered: int) -> NavigationEntry:
    return NavigationEntry(
        href=file_name(entry.section.name),
        label=link_markup(entry.section.title_tree, entry.section.title),
        number=entry.label or entry.number,
        kind=entry.kind,
        children=(
            *(
                _heading_entry(entry.section, found)
                for found in nested_headings(entry.section, depth, numbered)
            ),
            *(_entry(child, depth, numbered) for child in entry.children),
        ),
    )


def _heading_entry(section: Section, found: NestedHeading) -> NavigationEntry:
    return NavigationEntry(
        href=f"{file_name(section.name)}#{found.heading.get('id')}",
        label=link_markup(found.heading, found.title),
        number=found.number,
        kind=HEADING,
        children=tuple(_heading_entry(section, one) for one in found.children),
    )


def _contents_title(book: Book, contents: Section | None) -> str:
    if contents and contents.title:
        return contents.title
    return book.labels[NAVIGATION_KIND]


def _landmarks(
    book: Book, sections: Iterable[Section], contents: Section | None
) -> Iterator[Landmark]:
    yield Landmark("cover", COVER_FILE, book.labels["cover"])
    if contents:
        # Without this section the document is not in the spine, and nothing may link to it.
        yield Landmark(NAVIGATION_KIND, f"#{contents.name}", _contents_title(book, contents))
    has_body = False
    used_kinds: set[str] = set()
    for section in sections:
        kind = section.kind.epub_type
        if section.division is Division.BODY and not has_body:
            has_body = True
            yield Landmark("bodymatter", file_name(section.name), book.labels["start"])
        if kind in _LANDMARKS and kind not in used_kinds:
            used_kinds.add(kind)
            yield Landmark(kind, file_name(section.name), section.title)
