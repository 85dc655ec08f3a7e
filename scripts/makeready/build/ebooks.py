"""E-books made: the EPUB and its cover picture."""

from __future__ import annotations

from contextlib import suppress

from ebooklib.epub import EpubBook

from makeready.book.model import Edition, PageMap
from makeready.build.completeness import check_epub_complete
from makeready.build.conformance import claim_if_it_holds
from makeready.build.context import BuildContext
from makeready.build.cover_picture import draw_cover_picture
from makeready.build.manifest import DRAFT, Artefact
from makeready.build.request import (
    COVER,
    draft_name,
    ebook_stem,
    file_name,
    print_edition_of,
)
from makeready.epub.archive import pack_without_media
from makeready.epub.draft_mark import mark_as_draft
from makeready.epub.package import assemble, write_epub
from makeready.findings import Findings
from makeready.pagination.fixed_point import SectionFailedError
from makeready.pagination.page_list import page_map_with_breaks


def make_epub(context: BuildContext, edition: Edition) -> list[Artefact]:
    """Make an EPUB and its cover picture."""
    page_map = _page_map(context, edition)
    found = Findings()
    book = context.book_of(edition)
    with context.stage("Packing", edition.name):
        publication = assemble(
            book,
            edition,
            context.layouts,
            context.fonts,
            page_map,
            context.session.images,
            found,
            submit=context.session.section_pool.submit_local,
        )
    if context.passes(found):
        with context.stage("Checking", edition.name):
            content = pack_without_media(publication, context.book.metadata.modified)
            proved = context.session.proved
            check_epub_complete(book, context.layouts, edition, publication, content, found, proved)
            claim_if_it_holds(publication, content, book, edition, found)
    context.findings.extend(found, edition.name)
    if not context.passes(found):
        return []
    picture = draw_cover_picture(context, edition.name)
    if picture is None:
        return []
    name = file_name(context.book, edition)
    if context.request.as_draft:
        if context.request.marks_drafts:
            mark_as_draft(publication)
        return [_write(context, edition, publication, picture, draft_name(name), DRAFT)]
    cover = f"{ebook_stem(context.book, edition.name)}-cover.jpg"
    return [
        context.write(cover, picture, edition.name, COVER),
        _write(context, edition, publication, picture, name, edition.kind),
    ]


def _write(
    context: BuildContext,
    edition: Edition,
    publication: EpubBook,
    picture: bytes,
    name: str,
    kind: str,
) -> Artefact:
    with context.profiler.stage("Writing", edition.name):
        modified = context.book.metadata.modified
        unchecked = context.request.temporary_folder / name
        write_epub(publication, picture, modified, unchecked)
        return context.publish(unchecked, edition.name, kind)


def _printed_page_map(context: BuildContext, edition: Edition) -> PageMap | None:
    """Return the pages of a print edition, which is typeset for them where it was not made.

    None where it cannot be typeset; a build of the print edition reports why.
    """
    if edition.name not in context.page_maps:
        found = Findings()
        with context.stage("Typesetting", edition.name), suppress(SectionFailedError):
            job = context.print_job(edition, found)
            if job is not None and (context.request.as_draft or not job.stands_in):
                solution = context.pagination(found, edition).paginate(edition, job).solution
                page_map = page_map_with_breaks(solution, context.book.metadata, edition)
                context.page_maps[edition.name] = page_map
    return context.page_maps.get(edition.name)


def _page_map(context: BuildContext, edition: Edition) -> PageMap | None:
    """Return the pages that an e-book lists: those of its print edition, if it is to list any."""
    printed = print_edition_of(edition, context.book) if context.request.page_list else None
    if printed is None:
        return None
    page_map = _printed_page_map(context, printed)
    if page_map is None:
        names = {"edition": edition.name, "printed": printed.name}
        context.findings.add("EPU-011", edition.location(), **names)
    return page_map
