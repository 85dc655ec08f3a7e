"""Books of MkDocs: ``mkdocs.yml`` with its navigation, or the pages in their order."""

from __future__ import annotations

import posixpath
from typing import Any

from makeready.importing.foreign_folder import MKDOCS
from makeready.importing.imported_book import Author, ImportedBook
from makeready.importing.mkdocs_folders import pages_in
from makeready.importing.mkdocs_snippets import snippet_folders
from makeready.importing.nested_pages import Page, entries_of, is_index
from makeready.importing.plain_data import (
    items_of,
    line_of_key,
    read_yaml,
    table_of,
    text_of,
    texts_of,
)
from makeready.importing.published import Published, files_address, site_address
from makeready.importing.source_folder import SourceFolder

_TEMPLATES = frozenset({"macros", "macros-plugin"})


def read_mkdocs(source: SourceFolder) -> ImportedBook:
    """Return the pages of a site of MkDocs as a book."""
    config = next(name for name in MKDOCS if source.has(name))
    values = read_yaml(source, config)
    text = source.text(config)
    book = ImportedBook("MkDocs", config)
    metadata = book.metadata
    metadata.title = text_of(values.get("site_name"))
    metadata.description = text_of(values.get("site_description"))
    author = text_of(values.get("site_author"))
    metadata.authors = [Author(author)] if author else []
    metadata.rights = text_of(values.get("copyright"))
    theme = table_of(values.get("theme"))
    metadata.language = text_of(theme.get("language"))
    folder = posixpath.normpath(text_of(values.get("docs_dir")) or "docs")
    extensions = values.get("markdown_extensions")
    book.breaks_lines = "nl2br" in texts_of(extensions) or "nl2br" in table_of(extensions)
    snippets = snippet_folders(extensions)
    book.search_paths = [folder, *snippets]
    book.fragments = [name for name in snippets if name.startswith(f"{folder}/")]
    has_folders = text_of(values.get("use_directory_urls")).lower() != "false"
    book.published = Published(
        site_address(text_of(values.get("site_url"))),
        folder,
        "/" if has_folders else ".html",
        files_address(text_of(values.get("repo_url"))),
    )
    navigation = items_of(values.get("nav") or values.get("pages"))
    if navigation:
        pages = _pages(navigation, folder, source, book, text)
    else:
        pages = pages_in(folder, source, book)
    # A home page is what a book begins with.
    book.entries = entries_of(pages, book)
    if book.entries and is_index(_first_file(book)):
        book.entries[0].kind = "introduction"
    for key in ("extra_css", "extra_javascript"):
        if values.get(key):
            book.leave_out(config, line_of_key(text, key), f"The website's {key} is not used.")
    for plugin in items_of(values.get("plugins")):
        name = text_of(plugin) or next(iter(plugin), "") if isinstance(plugin, str | dict) else ""
        if name in _TEMPLATES:
            line = line_of_key(text, "plugins")
            book.leave_out(
                config, line, f"The plugin “{name}” is not run: {{{{ … }}}} is as typed."
            )
    return book


def _first_file(book: ImportedBook) -> str:
    return book.entries[0].files[0] if book.entries[0].files else ""


def _pages(
    items: list[Any], folder: str, source: SourceFolder, book: ImportedBook, text: str
) -> list[Page]:
    pages = []
    for item in items:
        pairs = item.items() if isinstance(item, dict) else [("", item)]
        for title, value in pairs:
            if isinstance(value, list):
                pages.append(Page(text_of(title), "", _pages(value, folder, source, book, text)))
                continue
            name = text_of(value)
            file = posixpath.normpath(posixpath.join(folder, name))
            if "://" in name:
                line = _line_of(text, name)
                book.leave_out(book.config, line, f"“{title or name}” is a link to a website.")
            elif name.endswith("/") and any(n.startswith(f"{file}/") for n in source.names):
                pages += pages_in(file, source, book)
            elif name.lower().endswith((".md", ".markdown")) and source.has(file):
                pages.append(Page(text_of(title), file))
            else:
                problem = "does not exist" if not source.has(file) else "is no Markdown file"
                book.leave_out(book.config, _line_of(text, name), f"{file} {problem}.")
    return pages


def _line_of(text: str, words: str) -> int:
    position = text.find(words) if words else -1
    return text.count("\n", 0, position) + 1 if position >= 0 else 1
