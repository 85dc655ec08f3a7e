"""The pages of a web site, made of the documents of a publication."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ebooklib import epub
from lxml import etree

from makeready.book.model import Book, Element, Section
from makeready.book.styles_folder import built_in_styles
from makeready.images.raster import open_raster
from makeready.site.html import html_of, parsed, text_of
from makeready.site.search_index import Passage, index_script, passages_of
from makeready.templates.environment import Layouts

HOME = "index.html"
COVER = "cover.jpg"
SCRIPT, INDEX = "style/site.js", "style/search.js"
SCROLLING = "web-scroll"
"""The class of a block that a table too wide for the page scrolls in."""

_COVER_PX = 640
_XHTML = "application/xhtml+xml"
_NAVIGATION = "nav"
_SLUG = re.compile(r"[^a-z0-9]+")
_ADDRESSES = ("href", "src", "cite", "longdesc")
_RESERVED = frozenset({"index"})
_DIVISIONS = frozenset({"book", "part"})


@dataclass(slots=True)
class Page:
    """A page: its address, its title and the content of its document, without namespaces."""

    href: str
    title: str
    body: Element
    section: str


def make_site(
    book: Book, layouts: Layouts, publication: epub.EpubBook, cover_jpeg: bytes | None
) -> dict[str, bytes]:
    """Return the files of the site of a publication made by `assemble`, by their paths."""
    documents, navigation = _documents(book, publication)
    names = dict(_page_names(book, [name for name, _ in documents]))
    pages = [
        Page(names[name], _title_of(book.section(name)), _body(tree), name)
        for name, tree in documents
        if not _is_title_alone(book.section(name))
    ]
    contents = _body(navigation)
    targets = _targets([name for name, _ in documents], pages)
    targets |= dict.fromkeys(_home_documents(book), HOME)
    _unlink(contents, {f"{name}.xhtml" for name, _ in documents} - {*_files_of(pages)})
    anchors = {page.section: page.href for page in pages}
    for body in (contents, *(page.body for page in pages)):
        _rewrite_links(body, targets, anchors)
        _let_tables_scroll(body)
    files = dict(_resources(publication))
    files[SCRIPT] = (built_in_styles() / "js" / "site.js").read_bytes()
    cover, size = _scaled_cover(cover_jpeg)
    if cover:
        files[COVER] = cover
    listed = contents.find(".//ol")
    home = _home_content(contents)
    order = [(HOME, book.labels["toc"]), *((page.href, page.title) for page in pages)]
    frame = _Frame(book, layouts, listed, order, size)
    files[HOME] = frame.page(HOME, book.metadata.title, home)
    passages: list[Passage] = []
    for page in pages:
        passages += passages_of(page.body, page.href, page.title)
        files[page.href] = frame.page(page.href, page.title, page.body)
    files[INDEX] = index_script(passages)
    return dict(sorted(files.items()))


class _Frame:
    """The frame around the text of each page: bar, contents, headings and turning."""

    def __init__(
        self,
        book: Book,
        layouts: Layouts,
        listed: Element | None,
        order: Sequence[tuple[str, str]],
        cover_size: tuple[int, int] | None,
    ) -> None:
        self._book, self._layouts = book, layouts
        self._listed, self._order = listed, order
        self._cover_size = cover_size

    def page(self, href: str, title: str, content: Element) -> bytes:
        """Return a page with the children of ``content`` as its text."""
        position = [address for address, _ in self._order].index(href)
        markup = self._layouts.render(
            "webpage",
            metadata=self._book.metadata,
            words=self._book.labels,
            is_home=href == HOME,
            title=title,
            cover=COVER if self._cover_size else "",
            cover_width=(self._cover_size or (0, 0))[0],
            cover_height=(self._cover_size or (0, 0))[1],
            headings=_headings(content) if href != HOME else (),
            previous=self._order[position - 1] if position else None,
            next=self._order[position + 1] if position + 1 < len(self._order) else None,
        )
        root = parsed(markup)
        main = root.find(".//main")
        contents = root.find(".//nav[@id='web-contents']")
        if main is not None:
            main.extend(content)
        if contents is not None and self._listed is not None:
            contents.append(_marked(self._listed, href))
        head = root.find("head")
        if head is not None:
            # It sets light or dark before anything is shown.
            etree.SubElement(head, "script", src=SCRIPT)
        return html_of(root)


def _documents(book: Book, publication: epub.EpubBook) -> tuple[list[tuple[str, Element]], Element]:
    """Return the documents of the sections in reading order, and the navigation document."""
    by_id = {item.get_id(): item for item in publication.items if item.media_type == _XHTML}
    navigation = next(i for i in by_id.values() if _NAVIGATION in i.properties)
    home = set(_home_sections(book))
    documents = [
        (name, parsed(by_id[name].content))
        for name in map(str, publication.spine)
        if name in by_id and by_id[name] is not navigation and name not in home
    ]
    sections = {section.name for section in book.sections}
    return [d for d in documents if d[0] in sections], parsed(navigation.content)


def _home_sections(book: Book) -> Iterator[str]:
    """Yield the sections whose place is taken by the first page."""
    for section in book.sections:
        if section.kind.name == "toc" or (
            section.kind.name == "titlepage" and not section.source_path
        ):
            yield section.name


def _home_documents(book: Book) -> Iterator[str]:
    yield "cover.xhtml"
    yield "toc.xhtml"
    for name in _home_sections(book):
        yield f"{name}.xhtml"


def _is_title_alone(section: Section) -> bool:
    """Return whether a part is a title without a text, which needs no page."""
    return section.kind.name in _DIVISIONS and not len(section.tree)


def _files_of(pages: Iterable[Page]) -> Iterator[str]:
    return (f"{page.section}.xhtml" for page in pages)


def _targets(names: Sequence[str], pages: Sequence[Page]) -> dict[str, str]:
    """Return the page of each document; that of a title alone is the next one."""
    pages_by_name = {page.section: page.href for page in pages}
    targets, following = dict[str, str](), HOME
    for name in reversed(names):
        following = pages_by_name.get(name, following)
        targets[f"{name}.xhtml"] = following
    return targets


def _unlink(contents: Element, files: AbstractSet[str]) -> None:
    """Make plain words of the entries of documents that have no page."""
    for link in list(contents.iter("a")):
        if link.get("href") in files:
            link.tag = "span"
            del link.attrib["href"]


def _page_names(book: Book, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each section's page: that of its file, which stays when others come."""
    used = set(_RESERVED)
    for name in names:
        stem = PurePosixPath(book.section(name).source_path).stem.lower()
        slug = _SLUG.sub("-", stem).strip("-") or name
        for candidate in (slug, name, f"{name}-page"):
            if candidate not in used:
                used.add(candidate)
                yield name, f"{candidate}.html"
                break


def _title_of(section: Section) -> str:
    number = section.numeral or (str(section.number) if section.number is not None else "")
    if section.kind.name == "chapter" and number and section.has_title:
        return f"{number}. {section.title}"
    return section.title


def _body(document: Element) -> Element:
    body = document.find("body")
    assert body is not None
    return body


def _rewrite_links(body: Element, targets: Mapping[str, str], anchors: Mapping[str, str]) -> None:
    """Make addresses in the folder of texts those of the pages, which have a folder above it."""
    for element in body.iter(etree.Element):
        for name in _ADDRESSES:
            value = element.get(name)
            if value is None or urlsplit(value).scheme or value.startswith(("//", "#")):
                continue
            path, _, fragment = value.partition("#")
            file = unquote(posixpath.basename(path))
            if file in targets:
                # A whole section is the top of its page.
                is_whole = anchors.get(fragment) == targets[file]
                tail = f"#{fragment}" if fragment and not is_whole else ""
                element.set(name, targets[file] + tail)
            elif path.startswith("../"):
                element.set(name, value.removeprefix("../"))


def _let_tables_scroll(body: Element) -> None:
    """Put each table into a block of its own, which scrolls where the table is too wide."""
    for table in list(body.iter("table")):
        parent = table.getparent()
        if parent is None or next(table.iterancestors("table"), None) is not None:
            continue
        block = etree.Element("div", {"class": SCROLLING})
        block.tail, table.tail = table.tail, None
        parent.replace(table, block)
        block.append(table)


def _resources(publication: epub.EpubBook) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each stylesheet, font, licence and image."""
    for item in publication.items:
        kind = str(item.media_type)
        path = str(item.file_name).removeprefix(f"{publication.FOLDER_NAME}/")
        if kind.startswith(("image/", "font/")) or kind in {"text/css", "text/plain"}:
            yield path, item.get_content()


def _scaled_cover(content: bytes | None) -> tuple[bytes, tuple[int, int] | None]:
    if content is None:
        return b"", None
    with open_raster(content) as image:
        image.thumbnail((_COVER_PX, _COVER_PX * 2))
        made = BytesIO()
        image.convert("RGB").save(made, "JPEG", quality=85, optimize=True)
        return made.getvalue(), image.size


def _home_content(contents: Element) -> Element:
    """Return the contents as the text of the first page, without the lists that stay hidden."""
    for hidden in contents.findall(".//nav[@hidden]"):
        parent = hidden.getparent()
        assert parent is not None
        parent.remove(hidden)
    for title in contents.iter("h1"):
        title.tag = "h2"
    return contents


def _headings(body: Element) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"#{heading.get('id')}", text_of(heading))
        for heading in body.iter("h2")
        if heading.get("id") and next(heading.iterancestors("nav", "aside"), None) is None
    )


def _marked(listed: Element, href: str) -> Element:
    """Return a copy of the contents in which the entry of a page is the current one."""
    marked = parsed(etree.tostring(listed, with_tail=False))
    for element in marked.iter(etree.Element):
        if "id" in element.attrib:
            del element.attrib["id"]
    for link in marked.iter("a"):
        if link.get("href") == href:
            link.set("aria-current", "page")
    return marked
