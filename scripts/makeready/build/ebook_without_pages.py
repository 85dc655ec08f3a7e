"""An e-book without the pages of a print edition, for a store that accepts no page numbers."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from makeready.book.model import NO_PAGE_LIST, Book, Edition
from makeready.build.completeness import check_epub_complete
from makeready.build.conformance import claim_if_it_holds
from makeready.build.request import BuildRequest
from makeready.build.session import BuildSession
from makeready.epub.archive import pack_without_media
from makeready.epub.package import assemble, write_epub
from makeready.findings import Findings

_COVER = "EPUB/cover.jpg"


def write_without_pages(
    request: BuildRequest, book: Book, edition: Edition, made: Path, target: Path
) -> Findings:
    """Write an e-book again without page list and page marks, its index by sections.

    The cover image is that of the e-book that was ``made``. Returns what was found meanwhile.
    """
    found, without = Findings(), replace(edition, page_list=NO_PAGE_LIST)
    session = BuildSession(request, None)
    try:
        layouts = session.layouts(book.root)
        fonts = session.fonts(layouts)
        images = session.images
        publication = assemble(book, without, layouts, fonts, None, images, found)
        content = pack_without_media(publication, book.metadata.modified)
        check_epub_complete(book, layouts, without, publication, content, found)
    finally:
        session.close()
    claim_if_it_holds(publication, content, book, without, found)
    with zipfile.ZipFile(made) as archive:
        cover = archive.read(_COVER)
    write_epub(publication, cover, book.metadata.modified, target)
    return found
