"""The extents of a finished edition: pages and file size, read from the file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
from lxml import etree

from makeready.checks.epub.publication import Publication, read_publication
from makeready.onix.product import Extent

_XHTML = "{http://www.w3.org/1999/xhtml}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
# Code list 23: the type of extent. Code list 24: its unit, pages or megabytes.
_MAIN, _PRODUCTION, _IN_PRINT, _FILE_SIZE = "00", "06", "08", "22"
_PAGES, _MEGABYTES = "03", "19"
_MEGA = 1_000_000


def interior_extents(path: Path) -> tuple[Extent, ...]:
    """Return the highest page number of an interior, and its number of pages with blank ones.

    The number of an empty page does not count.
    """
    with pikepdf.open(path) as pdf:
        labels = [page.label for page in pdf.pages if _is_filled(page)]
        count = len(pdf.pages)
    main = max((int(label) for label in labels if label.isdigit()), default=0)
    numbered = (Extent(_MAIN, str(main), _PAGES),) if main else ()
    return (*numbered, Extent(_PRODUCTION, str(count), _PAGES))


def _is_filled(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Stream):
        return bool(contents.read_bytes().strip())
    return contents is not None and len(contents) > 0


def ebook_extents(path: Path) -> tuple[Extent, ...]:
    """Return the number of print pages that an EPUB lists, and the size of its file."""
    with zipfile.ZipFile(path) as archive:
        pages = _page_list_length(read_publication(archive))
    size = Extent(_FILE_SIZE, f"{path.stat().st_size / _MEGA:.2f}", _MEGABYTES)
    return (*((Extent(_IN_PRINT, str(pages), _PAGES),) if pages else ()), size)


def _page_list_length(publication: Publication) -> int:
    for item in publication.present():
        tree = publication.tree(item.path) if "nav" in item.properties else None
        if tree is not None:
            return sum(_page_links(nav) for nav in tree.iter(f"{_XHTML}nav"))
    return 0


def _page_links(nav: etree._Element) -> int:
    is_page_list = "page-list" in (nav.get(_EPUB_TYPE) or "").split()
    return sum(1 for _ in nav.iter(f"{_XHTML}a")) if is_page_list else 0
