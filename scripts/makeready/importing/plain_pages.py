"""The pages in a folder of plain Markdown, in the order of its README or of its names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence
from operator import itemgetter
from urllib.parse import unquote

from makeready.importing.folder_names import (
    division_of_folder,
    holds_whole_text,
    is_copyright_page,
    is_generated_page,
)
from makeready.importing.imported_book import ImportedBook
from makeready.importing.nested_pages import Page
from makeready.importing.outline import outline_of
from makeready.importing.repeated_titles import take_repeated_title, without_series
from makeready.importing.section_kinds import kind_of_title
from makeready.importing.source_folder import SourceFolder, natural_key

_OF_A_REPOSITORY = re.compile(
    r"(?:license|licence|copying|contributing|contributors|code[_-]of[_-]conduct|changelog|changes"
    r"|security|translations|pull_request_template|issue_template|admin_tasks|todo|authors|summary"
    r"|toc|funding|support)\.(?:md|markdown|txt)",
    re.IGNORECASE,
)
LISTS_CHAPTERS = "The file lists the chapters, and is no section of the book."
_FIRST = frozenset({"index", "readme", "_index"})
_LISTED = re.compile(r"\]\([ \t]*<?(?:\./)?([^\s()<>#]{1,300})")
_AT_THE_BEGINNING = frozenset(
    {"dedication", "epigraph", "foreword", "preface", "introduction", "prologue"}
)
_NUMBER = re.compile(r"^(?:chapter|ch|kapitel|chapitre)?[ ._-]*\d+[ ._-]*", re.IGNORECASE)
_Order = tuple[int, int, list[tuple[int, int, str]]]
"""The place in the list of a README, that of a kind of section, and the name."""


def pages_in_folder(source: SourceFolder, folder: str, book: ImportedBook) -> list[Page]:
    """Return the pages in a folder, and those of its folders.

    They are in the order in which the folder's README links to them, or else of their names.
    """
    prefix = f"{folder}/" if folder else ""
    here: list[str] = []
    inner: set[str] = set()
    for name in source.markdown(folder):
        rest = name.removeprefix(prefix)
        if "/" in rest:
            inner.add(rest.partition("/")[0])
        elif _OF_A_REPOSITORY.fullmatch(rest):
            book.leave_out(name, 1, "The file is about the folder, and no section of the book.")
        elif source.text(name).strip():
            here.append(name)
    repeated = take_repeated_title(source, here, book)
    listed = listed_in_readme(source, prefix, here, inner)
    if folder and listed:
        for name in [name for name in here if is_first(name)]:
            book.leave_out(name, 1, LISTS_CHAPTERS)
            here.remove(name)
    found: list[tuple[_Order, list[Page]]] = []
    for name in here:
        if (page := _page(source, name, book)) is not None:
            rest = name.removeprefix(prefix)
            place = -1 if is_first(rest) else _index_in(listed, rest)
            found.append(((place, *_order(name, page.title)), [page]))
    titled: list[Page] = []
    for name in sorted(inner):
        below = pages_in_folder(source, f"{prefix}{name}", book)
        if below:
            is_alone = len(inner) == 1 and not here
            pages, where = _in_folder(name, below, is_alone=is_alone)
            titled += [page for page in pages if page.pages and page.pages[0].book_title]
            found.append(((_index_in(listed, name), *where), pages))
    own_titles = without_series([page.title for page in titled])
    for page, own_title in zip(titled, own_titles, strict=True):
        page.title = own_title
    found.sort(key=itemgetter(0))
    pages = [page for _, group in found for page in group]
    if pages:
        pages[0].book_title = repeated
    return pages


def _in_folder(
    name: str, below: list[Page], *, is_alone: bool
) -> tuple[list[Page], tuple[int, list[tuple[int, int, str]]]]:
    """Return the pages that a folder with the pages ``below`` stands for, and its order."""
    place, number = _order(name, "")
    if division := division_of_folder(name):
        for page in below:
            page.division = division
        is_numbered = name[:1].isdecimal()
        return below, (place if is_numbered else 1 if division == "front" else 3, number)
    title = _NUMBER.sub("", name.replace("_", " ").replace("-", " ")).strip() or name
    is_one_section = len(below) == 1 and bool(kind_of_title(title))
    if is_one_section or holds_whole_text(name, is_alone=is_alone):
        return below, (place, number)
    page = Page(title.capitalize(), "", below)
    if below[0].book_title:
        page.title = below[0].book_title
    elif below[0].file and below[0].title.casefold() == title.casefold():
        page.file, page.kind, page.pages = below[0].file, "part", below[1:]
    return [page], (place, number)


def is_first(name: str) -> bool:
    """Return whether a file is by its name the first of its folder."""
    return posixpath.basename(name).rpartition(".")[0].lower() in _FIRST


def listed_in_readme(
    source: SourceFolder, prefix: str, here: Sequence[str], inner: Collection[str]
) -> list[str]:
    """Return the files and folders that the README of a folder links to, in its order.

    There are none if it links to fewer than half of them.
    """
    first = next((name for name in here if is_first(name)), "")
    names = {*(name.removeprefix(prefix) for name in here if name != first), *inner}
    found: dict[str, None] = {}
    for target in _LISTED.findall(source.text(first)) if first else ():
        path = posixpath.normpath(unquote(target))
        for name in (path, path.partition("/")[0]):
            if name in names:
                found.setdefault(name)
    return list(found) if 2 * len(found) >= len(names) else []


def _index_in(listed: Sequence[str], name: str) -> int:
    """Return the place of a name in a list; what is not in it comes after it."""
    return listed.index(name) if name in listed else len(listed)


def _page(source: SourceFolder, name: str, book: ImportedBook) -> Page | None:
    """Return the page of a file; None if its name is that of a page that a build makes."""
    stem = posixpath.basename(name).rpartition(".")[0]
    title = title_of_file(source, name, book)
    if outline_of(book.texts.get(name) or source.text(name)).title:
        return Page(title, name)
    if is_generated_page(stem):
        problem = "The page is made of what book.toml says, and the file is not used: compare them."
        book.leave_out(name, 1, problem)
        return None
    return Page(title, name, kind="copyright-page" if is_copyright_page(stem) else "")


def first_file(page: Page) -> str:
    """Return the first file of a page and those below it."""
    while page.pages:
        page = page.pages[0]
    return page.file


def _order(name: str, title: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Return the key of a file's place: the index, what a book begins with, the rest, the end."""
    base = posixpath.basename(name)
    stem = base.rpartition(".")[0].lower()
    kind = kind_of_title(title) or kind_of_title(stem)
    if stem in _FIRST or base[:1].isdecimal():
        place = 0 if stem in _FIRST else 2
    else:
        place = 1 if kind in _AT_THE_BEGINNING else 3 if kind else 2
    return place, natural_key(base)


def title_of_file(source: SourceFolder, name: str, book: ImportedBook) -> str:
    """Return the title of a file, or what its name says."""
    outline = outline_of(book.texts.get(name) or source.text(name))
    stem = posixpath.basename(name).rpartition(".")[0]
    words = _NUMBER.sub("", stem.replace("_", " ").replace("-", " ")).strip() or stem
    return outline.title or words[:1].upper() + words[1:]
