"""The facts of a finished EPUB that stores have rules for, read once for all stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from stdnum import isbn

from makeready.checks.epub.cover_image import IMAGE_SOURCES, marked_cover
from makeready.checks.epub.page_lists import navigation_lists, ncx_pages
from makeready.checks.epub.publication import (
    OPF,
    ManifestItem,
    Publication,
    inner_path,
    local_name,
    source_line,
    text_of,
)
from makeready.checks.epub.stylesheets import (
    HiddenBlock,
    Stylesheet,
    hidden_blocks,
    read_inline_styles,
    read_stylesheet,
)
from makeready.checks.reading.image_header import ImageFacts, image_facts
from makeready.findings import SourceLocation

_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX_POINT = "{http://www.daisy.org/z3986/2005/ncx/}navPoint"
_ENTRY = "{http://www.w3.org/1999/xhtml}li"
_FONTS = {
    "font/ttf": "TTF",
    "application/x-font-ttf": "TTF",
    "application/x-font-truetype": "TTF",
    "font/otf": "OTF",
    "application/vnd.ms-opentype": "OTF",
    "application/x-font-opentype": "OTF",
    "font/woff": "WOFF",
    "application/font-woff": "WOFF",
    "font/woff2": "WOFF2",
}
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image element in a document: the image's path, its description, the line."""

    path: str
    alternative: str
    line: int | None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The facts of one XHTML document."""

    path: str
    megabytes: float
    elements: dict[str, int | None] = field(default_factory=dict)
    """The names of its elements, each with the line it is first used on."""
    images: tuple[ImageUse, ...] = ()
    hidden_blocks: tuple[HiddenBlock, ...] = ()
    inline_styles: Stylesheet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EbookFacts:
    """The facts of an EPUB; sizes in megabytes of 10⁶ bytes."""

    name: str
    megabytes: float
    title: str
    description: str
    isbns: tuple[str, ...]
    layout: str
    cover: ImageFacts | None
    cover_path: str
    cover_megabytes: float
    images: dict[str, ImageFacts]
    fonts: dict[str, str]
    stylesheets: tuple[Stylesheet, ...]
    documents: tuple[DocumentFacts, ...]
    cover_page: str
    """The path of the first page, if it shows the cover."""
    version: str
    """The version of EPUB that the package declares, such as 3.0."""
    contents_path: str
    """The path of the navigation document, else of the NCX, else an empty string."""
    contents_levels: int
    listed_pages: int = 0
    """How many pages of a print edition the navigation document or the NCX lists."""

    def location(self, path: str = "", line: int | None = None) -> SourceLocation:
        """Return a location in the EPUB, or the EPUB itself."""
        return SourceLocation(f"{self.name}/{path}" if path else self.name, line)


def read_facts(path: Path, publication: Publication) -> EbookFacts:
    """Read the facts of an EPUB, with one of its files in memory at a time."""
    package, archive = publication.package, publication.archive
    items = list(publication.present())
    images = {item.path: image_in(publication, item) for item in items if _is_image(item)}
    stylesheets = tuple(
        read_stylesheet(item.path, archive.read(item.path))
        for item in items
        if item.media_type == "text/css" and archive.getinfo(item.path).file_size < 8 * _MEGA
    )
    xhtml = [item for item in items if item.media_type == "application/xhtml+xml"]
    documents = tuple(_document_facts(publication, item, stylesheets) for item in xhtml)
    cover = marked_cover(publication)
    cover_path = cover.path if cover else ""
    contents = publication.navigation or publication.ncx
    first = next(iter(publication.spine()), None)
    first_images = next((one.images for one in documents if first and one.path == first.path), ())
    return EbookFacts(
        name=path.name,
        megabytes=path.stat().st_size / _MEGA,
        title=": ".join(_titles(package)),
        description=" ".join(_texts(package, f"{_DC}description")),
        isbns=tuple(_isbns(package)),
        layout=publication.layout,
        cover=images.get(cover_path),
        cover_path=cover_path,
        cover_megabytes=archive.getinfo(cover_path).file_size / _MEGA if cover else 0,
        images={name: facts for name, facts in images.items() if facts and name != cover_path},
        fonts={item.path: _FONTS[item.media_type] for item in items if item.media_type in _FONTS},
        stylesheets=stylesheets,
        documents=documents,
        cover_page=first.path
        if first and any(one.path == cover_path for one in first_images)
        else "",
        version=publication.version,
        contents_path=contents.path if contents else "",
        contents_levels=_contents_levels(publication.tree(contents.path)) if contents else 0,
        listed_pages=_listed_pages(publication.tree(contents.path)) if contents else 0,
    )


def _is_image(item: ManifestItem) -> bool:
    return item.media_type.startswith("image/")


def image_in(publication: Publication, item: ManifestItem) -> ImageFacts | None:
    """Read the facts of an image; None if it cannot be read as one."""
    if item.media_type.startswith("image/svg"):
        return ImageFacts("SVG", "RGB", 0, 0)
    with publication.archive.open(item.path) as file:
        return image_facts(file)


def _document_facts(
    publication: Publication, item: ManifestItem, stylesheets: tuple[Stylesheet, ...]
) -> DocumentFacts:
    megabytes = publication.archive.getinfo(item.path).file_size / _MEGA
    tree = publication.tree(item.path)
    if tree is None:
        return DocumentFacts(item.path, megabytes)
    elements: dict[str, int | None] = {}
    for element in tree.iter(etree.Element):
        elements.setdefault(local_name(element), source_line(element))
    inline = read_inline_styles(item.path, tree)
    return DocumentFacts(
        item.path,
        megabytes,
        elements,
        tuple(_images(item.path, tree)),
        tuple(hidden_blocks(tree, (*stylesheets, inline))),
        inline,
    )


def _images(path: str, tree: etree._Element) -> Iterator[ImageUse]:
    for element in tree.iter(etree.Element):
        attribute = IMAGE_SOURCES.get(local_name(element))
        if attribute and (reference := element.get(attribute)):
            yield ImageUse(
                inner_path(path, reference), element.get("alt") or "", source_line(element)
            )


def _texts(package: etree._Element, tag: str) -> list[str]:
    return [" ".join(text_of(element).split()) for element in package.iter(tag)]


def _titles(package: etree._Element) -> Iterator[str]:
    """Yield the title and the subtitle; titles of other types are left out."""
    types = {
        (meta.get("refines") or "").removeprefix("#"): (meta.text or "").strip()
        for meta in package.iter(f"{OPF}meta")
        if meta.get("property") == "title-type"
    }
    titles = list(package.iter(f"{_DC}title"))
    typed = [(types.get(title.get("id") or "", ""), title) for title in titles]
    mains = [title for kind, title in typed if kind == "main"] or titles
    subtitles = [title for kind, title in typed if kind == "subtitle" and title is not mains[0]]
    for title in (*mains[:1], *subtitles[:1]):
        yield " ".join(text_of(title).split())


def _isbns(package: etree._Element) -> Iterator[str]:
    for text in _texts(package, f"{_DC}identifier"):
        number = text.lower().removeprefix("urn:isbn:")
        if isbn.is_valid(number):
            yield str(isbn.to_isbn13(isbn.compact(number)))


def _contents_levels(tree: etree._Element | None) -> int:
    """Return how deep the contents of a navigation document, or of an NCX, are nested."""
    if tree is None:
        return 0
    contents = navigation_lists(tree).get("toc")
    if contents is None:
        return _nesting(tree, _NCX_POINT)
    return _nesting(contents, _ENTRY)


def _listed_pages(tree: etree._Element | None) -> int:
    if tree is None:
        return 0
    pages = navigation_lists(tree).get("page-list")
    return len(ncx_pages(tree)) if pages is None else sum(1 for _ in pages.iter(_ENTRY))


def _nesting(tree: etree._Element, tag: str) -> int:
    depths = (1 + sum(1 for _ in entry.iterancestors(tag)) for entry in tree.iter(tag))
    return max(depths, default=0)
