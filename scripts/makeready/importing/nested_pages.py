"""Trees of pages and titled groups, as MkDocs, Jupyter Book and Sphinx have them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from makeready.importing.imported_book import Entry, ImportedBook

_INDEXES = frozenset({"index.md", "readme.md", "index.markdown", "readme.markdown"})


@dataclass(slots=True)
class Page:
    """A page, or a group of pages with a title, or both.

    ``kind`` and ``division`` are those of its section, where they are known; a part may have a file
    of its own. ``book_title`` of the
    first page is the title of a book that all pages beside it name.
    """

    title: str = ""
    file: str = ""
    pages: list[Page] = field(default_factory=list)
    book_title: str = ""
    kind: str = ""
    division: str = ""


def is_index(file: str) -> bool:
    """Return whether a file is by its name the first page of its folder."""
    return posixpath.basename(file).lower() in _INDEXES


def entries_of(pages: Sequence[Page], book: ImportedBook) -> list[Entry]:
    """Return the entries of a tree of pages.

    A group of the first level is a part, with each page in it a chapter; a page with pages below
    it, and a group in a part, is a chapter of several files.
    """
    entries = []
    for page in pages:
        if page.pages and not page.file and page.division:
            # Only the body has parts.
            entries += [_chapter(inner, book, page.division) for inner in page.pages]
        elif page.pages and (not page.file or page.kind == "part"):
            entries.append(Entry([page.file] if page.file else [], page.title, "part"))
            entries += [_chapter(inner, book) for inner in page.pages]
        else:
            entries.append(_chapter(page, book, page.division))
    return [entry for entry in entries if entry.files or entry.kind == "part"]


def _chapter(page: Page, book: ImportedBook, division: str = "") -> Entry:
    files = list(_files(page.pages))
    if page.file:
        return Entry([page.file, *files], page.title, page.kind, division=division)
    if page.pages and files and is_index(page.pages[0].file):
        # The index of a folder introduces the other pages in it.
        return Entry(files, page.title, division=division)
    if len(files) > 1 and page.title:
        name = f"group-{sum(name.startswith('group-') for name in book.texts) + 1}.md"
        book.texts[name] = f"# {page.title}\n"
        files.insert(0, name)
    return Entry(files, page.title, division=division)


def _files(pages: Iterable[Page]) -> Iterable[str]:
    for page in pages:
        if page.file:
            yield page.file
        yield from _files(page.pages)
