"""Books of HonKit and GitBook: ``SUMMARY.md``, ``book.json``."""

from __future__ import annotations

import posixpath

from makeready.importing.imported_book import Author, Entry, ImportedBook
from makeready.importing.outline import outline_of
from makeready.importing.plain_data import (
    items_of,
    read_json,
    read_yaml,
    table_of,
    text_of,
    texts_of,
)
from makeready.importing.source_folder import SourceFolder
from makeready.importing.summary import Item, summary_items

CONFIG = "book.json"


def read_gitbook(source: SourceFolder) -> ImportedBook:
    """Return the book in a folder of HonKit or GitBook."""
    values = read_json(source, CONFIG) if source.has(CONFIG) else {}
    if not values and source.has(".gitbook.yaml"):
        values = read_yaml(source, ".gitbook.yaml")
    structure = table_of(values.get("structure"))
    root = posixpath.normpath(text_of(values.get("root")).lstrip("/") or ".")
    folder = "" if root == "." else root
    summary = _name(folder, text_of(structure.get("summary")) or "SUMMARY.md")
    readme = _name(folder, text_of(structure.get("readme")) or "README.md")
    book = ImportedBook("GitBook", summary)
    metadata = book.metadata
    metadata.title = text_of(values.get("title"))
    metadata.description = text_of(values.get("description"))
    metadata.language = text_of(values.get("language"))
    metadata.isbn = text_of(values.get("isbn"))
    authors = values.get("author") or values.get("authors")
    metadata.authors = [Author(name) for name in texts_of(authors)]
    # What the text has in place of variables is not filled in.
    for name in _plugins(values):
        book.leave_out(CONFIG if source.has(CONFIG) else "", 1, f"The plugin “{name}” is not run.")
    items = list(summary_items(source.text(summary), folder))
    glossary = _name(folder, text_of(structure.get("glossary")) or "GLOSSARY.md")
    book.entries = _entries(items, readme, source, book)
    listed = {file for entry in book.entries for file in entry.files}
    if source.has(readme) and readme not in listed:
        title = outline_of(source.text(readme)).title
        if not metadata.title:
            metadata.title = title
        book.entries.insert(0, Entry([readme], title, "introduction"))
    if source.has(glossary) and glossary not in listed:
        book.entries.append(Entry([glossary], "Glossary", "glossary"))
    return book


def _name(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))


def _plugins(values: dict[str, object]) -> list[str]:
    named = (text_of(each).partition("@")[0] for each in items_of(values.get("plugins")))
    return [name for name in named if name and name[0] != "-"]


def _entries(
    items: list[Item], readme: str, source: SourceFolder, book: ImportedBook
) -> list[Entry]:
    entries: list[Entry] = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item.level:
            if index:
                entries.append(Entry(kind="part", title=item.title))
        elif not item.target:
            if item.depth <= 0 and not item.anchor:
                # A title without a file, which the entries below it belong to.
                entries.append(Entry(kind="part", title=item.title))
        elif "://" in item.target or item.target.startswith("http"):
            book.leave_out(book.config, item.line, f"“{item.title}” is a link to a website.")
        elif item.target in seen:
            # A place in a file that is listed already.
            continue
        elif not source.has(item.target):
            book.leave_out(book.config, item.line, f"{item.target} does not exist.")
        else:
            seen.add(item.target)
            kind = "introduction" if item.target == readme and not entries else ""
            last = entries[-1] if entries else None
            if item.depth <= 0 or last is None or last.kind == "part":
                entries.append(Entry([item.target], item.title, kind))
            else:
                last.files.append(item.target)
    return entries
