"""How much there is of a finished edition: pages counted in the file itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pikepdf
from lxml import etree

from makeready.checks.epub.publication import Publication, read_publication
from makeready.onix.product import Extent

_XHTML = "{http://www.w3.org/1999/xhtml}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
# Code list 23: what is counted. Code list 24: in pages, in millions of bytes.
_MAIN, _PRODUCTION, _IN_PRINT, _FILE_SIZE = "00", "06", "08", "22"
_PAGES, _MEGABYTES = "03", "19"
_MEGA = 1_000_000


def interior_extents(path: Path) -> tuple[Extent, ...]:
    """Return the highest page number of an interior, and how many pages it has, blanks included.

    A number on a page with nothing on it does not count.
    """
    with pikepdf.open(path) as pdf:
        folios = [page.label for page in pdf.pages if _is_filled(page)]
        count = len(pdf.pages)
    main = max((int(folio) for folio in folios if folio.isdigit()), default=0)
    numbered = (Extent(_MAIN, str(main), _PAGES),) if main else ()
    return (*numbered, Extent(_PRODUCTION, str(count), _PAGES))


def _is_filled(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Stream):
        return bool(contents.read_bytes().strip())
    return contents is not None and len(contents) > 0


def ebook_extents(path: Path) -> tuple[Extent, ...]:
    """Count the pages that an EPUB lists of a printed edition, and measure its file."""
    with zipfile.ZipFile(path) as archive:
        pages = _pages_listed(read_publication(archive))
    size = Extent(_FILE_SIZE, f"{path.stat().st_size / _MEGA:.2f}", _MEGABYTES)
    return (*((Extent(_IN_PRINT, str(pages), _PAGES),) if pages else ()), size)


def _pages_listed(publication: Publication) -> int:
    for item in publication.present():
        tree = publication.tree(item.path) if "nav" in item.properties else None
        if tree is not None:
            return sum(_links(nav) for nav in tree.iter(f"{_XHTML}nav"))
    return 0


def _links(nav: etree._Element) -> int:
    is_page_list = "page-list" in (nav.get(_EPUB_TYPE) or "").split()
    return sum(1 for _ in nav.iter(f"{_XHTML}a")) if is_page_list else 0
