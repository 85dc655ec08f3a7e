"""The EPUB 3.3 publication of a book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from posixpath import dirname

from ebooklib import epub
from lxml import etree
from markupsafe import Markup

from makeready.book.model import Book, Edition, PageMap, Section
from makeready.cache import DiskCache
from makeready.epub.accessibility import accessibility_of
from makeready.epub.archive import Item, pack
from makeready.epub.document_check import EpubDocuments
from makeready.epub.fallback_fonts import fallback_letters, with_fallback_families
from makeready.epub.fonts import FontItem, Submit, characters_used, font_face_rules, fonts_used
from makeready.epub.image_scaling import ImageScaler, pixel_limit
from makeready.epub.images import image_items, is_moving
from makeready.epub.metadata import link_licence, write_metadata
from makeready.epub.navigation import (
    NAVIGATION_KIND,
    LabelledLink,
    figures_in,
    file_name,
    navigation_document,
    navigation_section,
    ncx_entries,
)
from makeready.epub.stylesheet import EPUB_SHEETS, EpubStylesheet
from makeready.epub.vertical_text import with_upright_numbers
from makeready.errors import FindingsError
from makeready.findings import Findings
from makeready.fonts import Font
from makeready.fonts.family_rules import family_rules, with_families
from makeready.templates.documents import epub_section
from makeready.templates.environment import Layouts
from makeready.templates.page_breaks import PageBreakMarks, page_id, page_links

_XHTML = "application/xhtml+xml"
_TEXT, _FONTS, _IMAGES = "text", "fonts", "images"
_STYLESHEET = "style/book.css"
_COVER_IMAGE = "cover.jpg"
_COVER_ID, _COVER_IMAGE_ID, _NCX_ID = "cover", "cover-image", "ncx"
# Elements that a manifest item must declare as a property. Source: EPUB 3.3, appendix D.5.
_DECLARED_ELEMENTS = {
    "{http://www.w3.org/2000/svg}svg": "svg",
    "{http://www.w3.org/1998/Math/MathML}math": "mathml",
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class Document:
    """An XHTML document of the publication, with its manifest id and file name."""

    identifier: str
    file_name: str
    text: str
    tree: etree._Element

    @classmethod
    def parse(cls, name: str, text: str) -> Document:
        """Parse a layout's output; raise FindingsError if it is not well-formed XML."""
        try:
            tree = etree.fromstring(text.encode(), _PARSER)
        except etree.XMLSyntaxError as error:
            raise FindingsError(
                f"the layout of “{name}” does not produce well-formed XML: {error.msg}.",
                "Close every element, and quote every attribute, in the layout.",
            ) from error
        return cls(name, file_name(name), text, tree)

    def item(self, *properties: str) -> Item:
        """Return the document as a file of the publication."""
        declared = {_DECLARED_ELEMENTS[e.tag] for e in self.tree.iter(*_DECLARED_ELEMENTS)}
        return Item(
            self.identifier,
            f"{_TEXT}/{self.file_name}",
            _XHTML,
            self.text.encode(),
            declared.union(properties),
        )


def write_epub(publication: epub.EpubBook, cover_jpeg: bytes, modified: str, target: Path) -> None:
    """Write a publication made by `assemble`, with its cover image, to ``target``.

    ``modified`` is in ISO 8601. If it fails, an older file stays as it is.
    """
    publication.items.insert(
        0, Item(_COVER_IMAGE_ID, _COVER_IMAGE, "image/jpeg", cover_jpeg, ["cover-image"])
    )
    pack(publication, datetime.fromisoformat(modified), target)


def assemble(
    book: Book,
    edition: Edition,
    layouts: Layouts,
    fonts: Sequence[Font],
    page_map: PageMap | None = None,
    image_cache: DiskCache | None = None,
    findings: Findings | None = None,
    sheets: Sequence[str] = EPUB_SHEETS,
    submit: Submit | None = None,
) -> epub.EpubBook:
    """Return the publication with all documents, images, fonts, stylesheets and metadata.

    Only the cover image is missing. The pages of ``page_map`` are marked and listed. Images with
    more pixels than the stores accept are scaled down, and cached in ``image_cache``. What would
    be invalid in it is reported. Its stylesheet is made of ``sheets``. The workers of ``submit``
    subset its fonts while it is checked.
    """
    findings = findings if findings is not None else Findings()
    sections = [section for section in book.sections if has_document(section)]
    contents = navigation_section(book)
    cover = Document.parse(_COVER_ID, _cover_page(book, layouts))
    is_vertical = edition.writing == "vertical"
    as_written = with_upright_numbers if is_vertical else str
    texts = [
        Document.parse(
            section.name,
            as_written(epub_section(book, layouts, section, tuple(fonts), page_map)),
        )
        for section in sections
        if section is not contents
    ]
    pages, page_start = _pages(book, sections, texts, page_map)
    figures = [figure for text in texts for figure in figures_in(text.file_name, text.tree)]
    navigation = Document.parse(
        contents.name if contents else NAVIGATION_KIND,
        navigation_document(book, layouts, sections, pages, page_start, figures),
    )
    trees = [document.tree for document in (navigation, *texts)]
    scaler = ImageScaler(pixel_limit(edition), image_cache)
    images = image_items(book, trees, _IMAGES, scaler)
    publication = epub.EpubBook()
    accessibility = accessibility_of(trees, has_animation=any(map(is_moving, images)))
    source = page_map.source if page_map is not None and pages else ""
    write_metadata(publication, book, edition, accessibility, _COVER_IMAGE_ID, source)
    for item in (
        cover.item(),
        navigation.item("nav"),
        *(document.item() for document in texts),
        *images,
        epub.EpubNcx(_NCX_ID, "toc.ncx"),
    ):
        publication.add_item(item)
    stylesheet = EpubStylesheet(
        book,
        layouts,
        dirname(_STYLESHEET),
        scaler,
        findings,
        sheets,
        is_vertical=is_vertical,
    )
    _add_styles(publication, stylesheet, fonts, [cover.tree, *trees], submit)
    layout_names = {section.name: section.kind.layout for section in sections}
    _check_documents(publication, [cover, navigation, *texts], layout_names, findings)
    publication.toc = ncx_entries(book, _TEXT)
    publication.pages = [(f"{_TEXT}/{href}", label) for href, label in pages]
    publication.spine = [_COVER_ID, *(section.name for section in sections)]
    return publication


def _pages(
    book: Book, sections: Sequence[Section], texts: Iterable[Document], page_map: PageMap | None
) -> tuple[list[LabelledLink], Markup]:
    """Return the marked pages in reading order, and the page mark before the contents.

    The contents are the navigation document, which lists the pages and so is made after them.
    """
    start, pages = Markup(""), list[LabelledLink]()
    if page_map is None:
        return pages, start
    trees = {text.identifier: text.tree for text in texts}
    for section in sections:
        breaks = page_map.breaks.get(section.name, ())
        if section.name in trees:
            pages += page_links(book, breaks, file_name(section.name), trees[section.name])
        elif breaks:
            start = PageBreakMarks(book, section, page_map).start_markup()
            page = f"{file_name(section.name)}#{page_id(book, breaks[0].label)}"
            pages.append((page, breaks[0].label))
    return pages, start


def document_path(publication: epub.EpubBook, section: str) -> str:
    """Return the path in the archive of a section's document."""
    return f"{publication.FOLDER_NAME}/{_TEXT}/{file_name(section)}"


def has_document(section: Section) -> bool:
    """Return whether the e-book has a document for the section.

    A half-title is left out unless the author wrote one: on a screen it only repeats the title
    page that follows.
    """
    return section.kind.name != "halftitlepage" or bool(section.source_path)


def _cover_page(book: Book, layouts: Layouts) -> str:
    authors = (contributor.name for contributor in book.metadata.by_role("aut"))
    return layouts.render(
        "coverpage",
        language=book.metadata.language,
        direction=book.metadata.direction,
        title=book.labels["cover"],
        alternative=", ".join((book.metadata.full_title, *authors)),
        image=f"../{_COVER_IMAGE}",
    )


def _check_documents(
    publication: epub.EpubBook,
    documents: Sequence[Document],
    layouts: Mapping[str, str],
    findings: Findings,
) -> None:
    """Report what is invalid in the documents; ``layouts`` are the names of the sections'."""
    trees = {f"{_TEXT}/{document.file_name}": document.tree for document in documents}
    checked = EpubDocuments(trees, [_COVER_IMAGE, *(i.file_name for i in publication.items)])
    for path, document in zip(trees, documents, strict=True):
        if document.identifier == _COVER_ID:
            layout = "coverpage"
        else:
            layout = layouts.get(document.identifier, "navigation")
        checked.check(path, layout, findings)


def _add_styles(
    publication: epub.EpubBook,
    stylesheet: EpubStylesheet,
    fonts: Sequence[Font],
    documents: Sequence[etree._Element],
    submit: Submit | None,
) -> None:
    """Add the stylesheet, the fonts it declares, and the licence of each family.

    The package links each font to its licence. A linked resource that no document shows has no
    manifest item (EPUB 3.3, section 5.5.6).
    """
    characters = characters_used(documents, stylesheet.rules)
    last = fallback_letters(documents, stylesheet.rules, fonts)
    named = with_families(stylesheet.rules, fonts).casefold()
    used = [
        *(
            font
            for font in fonts_used(fonts, documents)
            if not font.is_only_named or font.family.casefold() in named
        ),
        *last,
    ]
    own_families = {font.family for font in fonts if not font.is_fallback}
    last_families = list(dict.fromkeys(font.family for font in last))
    shown = [font for font in fonts if not font.is_fallback or font in last]
    rules = family_rules(shown, for_ebook=True) + with_families(stylesheet.rules, fonts)
    rules = with_fallback_families(rules, own_families, last_families)
    rules = font_face_rules(used, f"../{_FONTS}") + "\n" + rules
    publication.add_item(Item("stylesheet", _STYLESHEET, "text/css", rules.encode()))
    for item in stylesheet.items:
        publication.add_item(item)
    licences: dict[str, bytes] = {}
    for font in used:
        identifier = f"face-{font.file_name.removesuffix('.ttf')}"
        path = f"{_FONTS}/{font.file_name}"
        letters = last.get(font, characters)
        publication.add_item(FontItem(identifier, path, font, letters, submit))
        licence = f"{_FONTS}/{font.family_slug}-licence.txt"
        licences[licence] = font.licence_text()
        link_licence(publication, identifier, licence)
    for path, text in sorted(licences.items()):
        item = Item("", f"{publication.FOLDER_NAME}/{path}", "text/plain", text)
        item.manifest = False
        publication.add_item(item)
