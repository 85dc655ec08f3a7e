"""Books of mdBook: ``book.toml`` with a table ``[book]``, and ``SUMMARY.md``."""

from __future__ import annotations

import posixpath

from makeready.importing.imported_book import Author, Entry, ImportedBook, ImportRefusedError
from makeready.importing.plain_data import line_of_key, read_toml, table_of, text_of, texts_of
from makeready.importing.published import Published, files_address, files_of_template
from makeready.importing.section_kinds import kind_of_title
from makeready.importing.source_folder import SourceFolder
from makeready.importing.summary import Item, summary_items

CONFIG = "book.toml"


def read_mdbook(source: SourceFolder) -> ImportedBook:
    """Return the book in an mdBook folder."""
    values = read_toml(source, CONFIG) if source.has(CONFIG) else {}
    about = table_of(values.get("book"))
    folder = posixpath.normpath(text_of(about.get("src")) or "src")
    summary = posixpath.normpath(posixpath.join(folder, "SUMMARY.md"))
    if not source.has(summary):
        raise ImportRefusedError(
            f"{source.path(CONFIG)} is of an mdBook, and there is no {source.path(summary)}.",
            "Name the folder that holds both.",
        )
    book = ImportedBook("mdBook", summary)
    metadata = book.metadata
    metadata.title = text_of(about.get("title"))
    metadata.language = text_of(about.get("language"))
    metadata.description = text_of(about.get("description"))
    metadata.authors = [Author(name) for name in texts_of(about.get("authors"))]
    html = table_of(table_of(values.get("output")).get("html"))
    template = files_of_template(text_of(html.get("edit-url-template")))
    address = template or files_address(text_of(html.get("git-repository-url")))
    book.published = Published(files=address)
    text = source.text(summary)
    items = list(summary_items(text, "" if folder == "." else folder))
    book.entries = _entries(items, source, book)
    config_text = source.text(CONFIG) if source.has(CONFIG) else ""
    _tell_preprocessors(values, config_text, book)
    return book


def _entries(items: list[Item], source: SourceFolder, book: ImportedBook) -> list[Entry]:
    entries: list[Entry] = []
    seen: set[str] = set()
    has_chapters = False
    for index, item in enumerate(items):
        if item.level:
            # The first heading is the title of the table of contents itself.
            if index or has_chapters:
                entries.append(Entry(kind="part", title=item.title))
            continue
        if not item.target:
            book.leave_out(book.config, item.line, f"“{item.title}” has no file yet (a draft).")
            continue
        if not source.has(item.target):
            book.leave_out(book.config, item.line, f"{item.target} does not exist.")
            continue
        if item.target in seen:
            book.leave_out(book.config, item.line, f"{item.target} is listed a second time.")
            continue
        seen.add(item.target)
        if item.depth <= 0 or not entries or entries[-1].kind == "part":
            is_numbered = item.depth >= 0
            has_chapters |= is_numbered
            kind = "appendix" if kind_of_title(item.title) == "appendix" else ""
            entries.append(Entry([item.target], item.title, kind, is_numbered))
        else:
            entries[-1].files.append(item.target)
    return entries


def _tell_preprocessors(values: dict[str, object], text: str, book: ImportedBook) -> None:
    for name in sorted(table_of(values.get("preprocessor"))):
        line = line_of_key(text, f"preprocessor.{name}")
        book.leave_out(CONFIG, line, f"The preprocessor “{name}” is not run.")
    html = table_of(table_of(values.get("output")).get("html"))
    for key in ("theme", "additional-css", "additional-js"):
        if html.get(key):
            what = "JavaScript" if key.endswith("js") else "style of the website"
            book.leave_out(CONFIG, line_of_key(text, key), f"The {what} is not used ({key}).")
