"""Books of Quarto: ``_quarto.yml``."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from makeready.importing.cover_image import set_cover_image
from makeready.importing.imported_book import Entry, ImportedBook
from makeready.importing.metadata_keys import set_metadata
from makeready.importing.outline import outline_of
from makeready.importing.plain_data import (
    items_of,
    line_of_key,
    read_yaml,
    table_of,
    text_of,
    texts_of,
    works_of,
)
from makeready.importing.published import Published, files_address, site_address
from makeready.importing.section_kinds import kind_of_title
from makeready.importing.source_folder import SourceFolder

CONFIG = "_quarto.yml"
_SUFFIXES = (".qmd", ".md", ".Rmd", ".rmd", ".ipynb")


def read_quarto(source: SourceFolder, config: str = CONFIG) -> ImportedBook:
    """Return the book in a folder of Quarto, or the pages of a website of it as one."""
    values = read_yaml(source, config)
    book = ImportedBook("Quarto", config)
    about = table_of(values.get("book")) or table_of(values.get("website"))
    # The editor of the whole file is the program that it is written with.
    whole = {key: value for key, value in values.items() if key != "editor"}
    set_metadata(book, {"author": _author_of_pages(values), **whole, **about}, config)
    book.published = Published(
        site_address(text_of(about.get("site-url"))),
        files=files_address(
            text_of(about.get("repo-url")),
            text_of(about.get("repo-branch")),
            text_of(about.get("repo-subdir")),
        ),
    )
    reader = _Chapters(source, book, source.text(config), _numbers_sections(values))
    if about.get("chapters"):
        reader.add(about.get("chapters"))
        reader.add(about.get("appendices"), is_appendix=True)
    else:
        sidebar = about.get("sidebar")
        for bar in sidebar if isinstance(sidebar, list) else [sidebar]:
            reader.add(table_of(bar).get("contents"))
    if not book.entries:
        names = source.markdown(suffixes=(".qmd",)) or source.markdown()
        for name in sorted(names, key=lambda n: posixpath.basename(n) != "index.qmd"):
            reader.add([name])
    for key in ("bibliography", "csl"):
        book.files += texts_of(values.get(key) or about.get(key))
    book.nocite += works_of(values.get("nocite") or about.get("nocite"))
    if about.get("cover-image"):
        line = line_of_key(source.text(config), "cover-image")
        set_cover_image(book, source, text_of(about["cover-image"]), config, line)
    html = table_of(table_of(values.get("format")).get("html"))
    if html.get("theme") or html.get("css"):
        line = line_of_key(source.text(config), "theme" if html.get("theme") else "css")
        book.leave_out(config, line, "The style of the website is not used.")
    return book


def _author_of_pages(values: dict[str, Any]) -> list[str]:
    """Return the authors that are named for the pages of the website alone."""
    formats = table_of(values.get("format"))
    named = (text_of(table_of(each).get("author-meta")) for each in formats.values())
    names = re.split(r",\s*(?:and\s+)?|\s+and\s+", next(filter(None, named), ""))
    return [name for name in names if name]


def _numbers_sections(values: dict[str, Any]) -> bool:
    formats = table_of(values.get("format"))
    settings = [values, *(table_of(each) for each in formats.values())]
    return not any(text_of(each.get("number-sections")).lower() == "false" for each in settings)


class _Chapters:
    """Reads the lists of chapters, whose items are files, parts and sections."""

    def __init__(
        self, source: SourceFolder, book: ImportedBook, text: str, numbers_sections: bool
    ) -> None:
        self._source, self._book, self._text = source, book, text
        self._numbers_sections = numbers_sections

    def add(self, items: Any, *, is_appendix: bool = False, depth: int = 0) -> None:
        """Add the entries of a list."""
        for item in items_of(items) if not isinstance(items, str) else [items]:
            if isinstance(item, dict):
                self._add_table(item, is_appendix=is_appendix, depth=depth)
            else:
                self._add_file(text_of(item), "", is_appendix=is_appendix)

    def _add_table(self, item: dict[str, Any], *, is_appendix: bool, depth: int) -> None:
        inner = item.get("chapters") or item.get("contents")
        part = text_of(item.get("part") or item.get("section"))
        file = text_of(item.get("file") or item.get("href"))
        if not part and inner is None:
            self._add_file(file, text_of(item.get("text")), is_appendix=is_appendix)
            return
        if part and not is_appendix and depth == 0:
            name = self._file(part) or self._file(file)
            title = "" if self._file(part) else part
            self._book.entries.append(Entry([name] if name else [], title, "part"))
        elif file:
            self._add_file(file, part, is_appendix=is_appendix)
        self.add(inner, is_appendix=is_appendix, depth=depth + 1)

    def _add_file(self, name: str, title: str, *, is_appendix: bool) -> None:
        file = self._file(name)
        if not file:
            if name and set(name) != {"-"}:
                line = line_of_key(self._text, name)
                self._book.leave_out(self._book.config, line, f"{name} does not exist.")
            return
        if file.endswith(".ipynb"):
            kind = "appendix" if is_appendix else ""
            self._book.entries.append(Entry([file], title, kind, self._is_numbered(False)))
            return
        outline = outline_of(self._source.text(file))
        heading = outline.titles[0] if outline.titles else None
        is_unnumbered = (heading is not None and heading.is_unnumbered) or (
            text_of(outline.front_matter.get("number-sections")).lower() == "false"
        )
        stem = posixpath.basename(file).rpartition(".")[0]
        kind = "appendix" if is_appendix else ""
        if not kind and kind_of_title(stem) == "bibliography":
            kind = "bibliography"
        self._book.entries.append(
            Entry([file], outline.title or title, kind, self._is_numbered(is_unnumbered))
        )

    def _is_numbered(self, is_unnumbered: bool) -> bool | None:
        return None if not self._numbers_sections else not is_unnumbered

    def _file(self, name: str) -> str:
        plain = posixpath.normpath(name.lstrip("/")) if name else ""
        if not plain or not plain.endswith(_SUFFIXES):
            return ""
        return plain if self._source.has(plain) else ""
