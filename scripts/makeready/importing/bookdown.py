"""Books of bookdown: ``_bookdown.yml``, ``index.Rmd`` and the files in alphabetical order."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from makeready.importing.cover_image import set_cover_image
from makeready.importing.imported_book import ImportedBook
from makeready.importing.metadata_keys import set_metadata
from makeready.importing.outline import outline_of
from makeready.importing.plain_data import read_yaml, table_of, text_of, texts_of, works_of
from makeready.importing.published import Published, files_address
from makeready.importing.source_folder import SourceFolder, natural_key
from makeready.importing.split_file import CHAPTER, DIVISION, PART, Mark, split_file

CONFIG = "_bookdown.yml"
_MARK = re.compile(r"\((PART|APPENDIX)\\?\*?\)[ \t]*", re.IGNORECASE)
_SUFFIXES = (".rmd", ".md")


def read_bookdown(source: SourceFolder) -> ImportedBook:
    """Return the book in a folder of bookdown."""
    values = read_yaml(source, CONFIG) if source.has(CONFIG) else {}
    names = _files(source, values)
    index = next((n for n in names if posixpath.basename(n).lower() == "index.rmd"), "")
    book = ImportedBook("bookdown", CONFIG if source.has(CONFIG) else index)
    about = outline_of(source.text(index)).front_matter if index else {}
    set_metadata(book, {**values, **about}, index)
    book.metadata.title = book.metadata.title or text_of(values.get("book_filename"))
    book.published = Published(files=files_address(text_of(about.get("github-repo"))))
    is_appendix = False
    for name in names:
        is_appendix = _add_file(book, source, name, is_appendix=is_appendix)
    for name in texts_of(about.get("bibliography")) + texts_of(about.get("csl")):
        book.files.append(name)
    book.nocite += works_of(about.get("nocite"))
    if about.get("cover-image"):
        set_cover_image(book, source, text_of(about["cover-image"]), index, 1)
    return book


def _files(source: SourceFolder, values: dict[str, Any]) -> list[str]:
    listed = values.get("rmd_files")
    if isinstance(listed, dict):
        by_format = table_of(listed)
        listed = by_format.get("html") or by_format.get("latex") or by_format.get("epub")
    folder = posixpath.normpath(text_of(values.get("rmd_subdir")) or ".")
    names = [posixpath.normpath(name) for name in texts_of(listed)]
    found = [name for name in names if source.has(name)]
    if not found or text_of(values.get("rmd_subdir")):
        deep = text_of(values.get("rmd_subdir")) not in {"", "false", "no"}
        more = [
            name
            for name in sorted(source.names, key=natural_key)
            if name.lower().endswith(".rmd")
            and posixpath.basename(name)[0] != "_"
            and name not in found
            and (
                "/" not in name
                or (deep and (folder in {"true", "yes", "."} or name.startswith(f"{folder}/")))
            )
        ]
        found += more
    return sorted(found, key=lambda n: posixpath.basename(n).lower() != "index.rmd")


def _add_file(book: ImportedBook, source: SourceFolder, name: str, *, is_appendix: bool) -> bool:
    """Add the entries of a file; return whether the appendices have begun."""
    text = source.text(name)
    titles = {heading.line - 1: heading for heading in outline_of(text).titles}
    marks = []
    for index, heading in titles.items():
        found = _MARK.match(heading.text)
        if found is None:
            marks.append(Mark(index, CHAPTER, heading.plain))
        elif found[1].upper() == "PART":
            marks.append(Mark(index, PART, _MARK.sub("", heading.text)))
        else:
            marks.append(Mark(index, DIVISION))
    for mark, entry in split_file(book, name, text.split("\n"), marks):
        if mark.kind == DIVISION:
            is_appendix = True
            continue
        if mark.kind == CHAPTER:
            entry.kind = "appendix" if is_appendix else ""
            entry.is_numbered = mark.index in titles and not titles[mark.index].is_unnumbered
        book.entries.append(entry)
    return is_appendix
