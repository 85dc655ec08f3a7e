"""Books of Jupyter Book and MyST: ``_toc.yml``, ``myst.yml``; Sphinx's tables of contents."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from makeready.importing.foreign_folder import MYST, TOC
from makeready.importing.imported_book import ImportedBook
from makeready.importing.metadata_keys import set_metadata
from makeready.importing.nested_pages import Page, entries_of
from makeready.importing.outline import outline_of
from makeready.importing.plain_data import (
    items_of,
    load_yaml,
    read_yaml,
    table_of,
    text_of,
    texts_of,
)
from makeready.importing.published import Published, files_address, site_address
from makeready.importing.source_folder import SourceFolder, natural_key
from makeready.importing.tex_macros import macros_of

_SUFFIXES = ("", ".md", ".ipynb", ".myst", ".myst.md", ".markdown")
_TREE_INFO = re.compile(r"\{toctree\}|\{tableofcontents\}|toc$|eval_rst")
_OPTION = re.compile(r":[\w-]+:")
_ENTRY = re.compile(r"(?:(?P<title>[^<>]+?)[ \t]*<)?(?P<file>[^<>\s]+)>?")
_MOST_DEPTH = 12


def read_jupyter_book(source: SourceFolder, folder: str = "") -> ImportedBook:
    """Return the book that ``_toc.yml`` in a folder lists."""
    config = posixpath.join(folder, TOC)
    book = ImportedBook("Jupyter Book", config)
    reader = _Pages(source, book, folder)
    text = source.text(config)
    values = load_yaml(text)
    settings = posixpath.join(folder, "_config.yml")
    if source.has(settings):
        about = read_yaml(source, settings)
        set_metadata(book, about, settings)
        book.files += [posixpath.join(folder, n) for n in texts_of(about.get("bibtex_bibfiles"))]
        site = site_address(text_of(table_of(about.get("html")).get("baseurl")))
        at = table_of(about.get("repository"))
        files = files_address(
            text_of(at.get("url")), text_of(at.get("branch")), text_of(at.get("path_to_book"))
        )
        book.published = Published(site, folder, ".html", files)
        sphinx = table_of(table_of(about.get("sphinx")).get("config"))
        for name in ("mathjax3_config", "mathjax_config"):
            settings_of_tex = table_of(sphinx.get(name))
            tex = table_of(settings_of_tex.get("tex") or settings_of_tex.get("TeX"))
            book.macros |= macros_of(table_of(tex.get("macros") or tex.get("Macros")))
    pages = []
    if isinstance(values, dict):
        root = text_of(values.get("root"))
        pages += reader.pages([root] if root else [])
        for part in items_of(values.get("parts") or values.get("subtrees")):
            inner = reader.pages(_below(table_of(part)))
            caption = text_of(table_of(part).get("caption"))
            pages += [Page(caption, "", inner)] if caption else inner
        pages += reader.pages(_below({k: v for k, v in values.items() if k != "subtrees"}))
    else:
        pages += reader.older_pages(items_of(values))
    book.entries = entries_of(pages, book)
    _set_introduction(book)
    return book


def read_myst(source: SourceFolder) -> ImportedBook:
    """Return the book that ``myst.yml`` describes, in its order or that of the files' names."""
    config = next(name for name in MYST if source.has(name))
    values = read_yaml(source, config)
    project = table_of(values.get("project"))
    book = ImportedBook("MyST", config)
    set_metadata(book, project, config)
    book.files += texts_of(project.get("bibliography"))
    book.macros = macros_of(table_of(project.get("math")))
    book.published = Published(files=files_address(text_of(project.get("github"))))
    listed = items_of(project.get("toc"))
    reader = _Pages(source, book, "")
    if listed:
        pages = reader.pages(listed)
    elif source.has(TOC):
        book.entries = read_jupyter_book(source).entries
        return book
    else:
        names = source.markdown(suffixes=(".md", ".ipynb"))
        first = ("index", "readme", "intro")
        names.sort(key=lambda n: (n.rpartition(".")[0].lower() not in first, natural_key(n)))
        pages = reader.pages(names)
    book.entries = entries_of(pages, book)
    _set_introduction(book)
    return book


def read_sphinx(source: SourceFolder, index: str) -> ImportedBook:
    """Return the book whose ``index.md`` has tables of contents."""
    book = ImportedBook("Sphinx", index)
    reader = _Pages(source, book, posixpath.dirname(index))
    book.metadata.title = outline_of(source.text(index)).title
    pages = reader.tree_of(index)
    book.entries = entries_of(pages, book)
    return book


def has_tree(text: str) -> bool:
    """Return whether a Markdown text has a table of contents of Sphinx."""
    return "toc" in text and any(_is_tree(f.info) for f in outline_of(text).fences)


def _is_tree(info: str) -> bool:
    return bool(_TREE_INFO.match(info)) and "eval_rst" not in info


def _below(table: dict[str, Any]) -> list[Any]:
    names = ("chapters", "sections", "entries", "subtrees", "children", "items")
    return [item for name in names for item in items_of(table.get(name))]


def _set_introduction(book: ImportedBook) -> None:
    """Take the root of a book for its introduction, if it has no pages below it."""
    if book.entries and len(book.entries) > 1 and len(book.entries[0].files) == 1:
        stem = posixpath.basename(book.entries[0].files[0]).partition(".")[0].lower()
        if stem in {"index", "intro", "introduction", "readme", "home", "welcome"}:
            book.entries[0].kind = "introduction"


class _Pages:
    """Reads lists of pages, whose items are names without their endings or tables."""

    def __init__(self, source: SourceFolder, book: ImportedBook, folder: str) -> None:
        self._source, self._book, self._folder = source, book, folder
        self._listed: set[str] = set()

    def pages(self, items: list[Any]) -> list[Page]:
        """Return the pages of a list."""
        pages = []
        for item in items:
            table = item if isinstance(item, dict) else {"file": item}
            inner = self.pages(_below(table))
            name = text_of(table.get("file") or table.get("page"))
            title = text_of(table.get("title") or table.get("caption"))
            if name:
                pages += self._page(name, title, inner)
            elif glob := text_of(table.get("glob") or table.get("pattern")):
                pages += [Page("", found) for found in self._matching(glob)]
            elif table.get("url"):
                self._book.leave_out(self._book.config, 1, f"“{title}” is a link to a website.")
            else:
                pages += [Page(title, "", inner)] if title else inner
        return pages

    def older_pages(self, items: list[Any]) -> list[Page]:
        """Return the pages of a list in which a part is an item before its chapters."""
        pages: list[Page] = []
        for item in items:
            table = table_of(item)
            if text_of(table.get("part")) or text_of(table.get("header")):
                title = text_of(table.get("part") or table.get("header"))
                pages.append(Page(title, "", self.pages(_below(table))))
            elif pages and not pages[-1].file:
                pages[-1].pages += self.pages([item])
            else:
                pages += self.pages([item])
        return [page for page in pages if page.file or page.pages]

    def tree_of(self, name: str, depth: int = 0) -> list[Page]:
        """Return the pages that the tables of contents in a file list, each page once."""
        self._listed.add(name)
        text = self._source.text(name)
        folder = posixpath.dirname(name)
        pages: list[Page] = []
        for fence in outline_of(text).fences:
            if not _is_tree(fence.info):
                continue
            inner: list[Page] = []
            caption = ""
            for offset, words in enumerate(fence.content.split("\n"), 1):
                entry = words.strip()
                if entry.startswith(":caption:"):
                    caption = entry.removeprefix(":caption:").strip()
                if not entry or _OPTION.match(entry):
                    continue
                found = _ENTRY.fullmatch(entry)
                file = self._file(posixpath.join(folder, found["file"])) if found else ""
                if not file:
                    problem = f"{entry} does not exist, or is not Markdown."
                    self._book.leave_out(name, fence.line + offset, problem)
                elif file not in self._listed and depth < _MOST_DEPTH:
                    self._listed.add(file)
                    below = self.tree_of(file, depth + 1) if file.endswith(".md") else []
                    inner.append(Page((found["title"] or "") if found else "", file, below))
            pages += [Page(caption, "", inner)] if caption else inner
        return pages

    def _page(self, name: str, title: str, inner: list[Page]) -> list[Page]:
        file = self._file(posixpath.join(self._folder, name))
        if file:
            return [Page(title or self._title(file), file, inner)]
        self._book.leave_out(self._book.config, 1, f"{name} does not exist, or is not Markdown.")
        return inner

    def _title(self, file: str) -> str:
        return outline_of(self._source.text(file)).title if file.endswith(".md") else ""

    def _matching(self, glob: str) -> list[str]:
        pattern = re.escape(posixpath.join(self._folder, glob)).replace(r"\*", "[^/]*")
        matcher = re.compile(pattern + r"(?:\.md|\.ipynb)?")
        found = [n for n in self._source.names if matcher.fullmatch(n)]
        return sorted((n for n in found if n.endswith((".md", ".ipynb"))), key=natural_key)

    def _file(self, name: str) -> str:
        plain = posixpath.normpath(name)
        for suffix in _SUFFIXES:
            file = f"{plain}{suffix}"
            if file.endswith(_SUFFIXES[1:]) and self._source.has(file):
                return file
        return ""
