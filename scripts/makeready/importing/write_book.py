"""An imported book written as a folder of our own: ``book.toml``, the texts, images and files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from makeready.book.kinds import BIBLIOGRAPHY, KINDS
from makeready.book.labels import labels_for
from makeready.book.source_files import FileRefusedError
from makeready.citations.sources import ENDINGS
from makeready.citations.style import has_style
from makeready.findings import Finding, Findings, SourceLocation
from makeready.importing.book_toml import CitedWorks, book_toml, toml_list, toml_string
from makeready.importing.components import with_components
from makeready.importing.embedded_images import with_image_files
from makeready.importing.empty_sections import leave_out_empty
from makeready.importing.faults import repair_faults
from makeready.importing.first_title import with_title_first
from makeready.importing.gitbook_tags import with_gitbook_tags
from makeready.importing.imported_book import (
    Entry,
    ImportedBook,
    ImportRefusedError,
    LeftOut,
)
from makeready.importing.indented_fences import with_fences_at_edge
from makeready.importing.knitr_chunks import SUFFIXES as CHUNKS
from makeready.importing.knitr_figures import labels_of_cells, with_figures, without_references
from makeready.importing.knitr_texts import with_text_chunks
from makeready.importing.leanpub_marks import with_leanpub_marks
from makeready.importing.links import is_remote, with_links, without_other_projects
from makeready.importing.mkdocs_snippets import with_snippet_paths
from makeready.importing.myst_comments import MYST_TOOLS, without_comments
from makeready.importing.myst_formulas import DOLLAR_TOOLS, without_spaces_at_dollars
from makeready.importing.not_brought import code_to_run, not_brought
from makeready.importing.notebook import notebook_markdown
from makeready.importing.outline import outline_of, plain_title
from makeready.importing.plain_data import texts_of, works_of
from makeready.importing.referenced_files import image_references, include_references
from makeready.importing.section_kinds import BODY_KINDS, divide
from makeready.importing.slips import without_slips
from makeready.importing.source_folder import MARKDOWN, SourceFolder
from makeready.importing.text_language import set_language
from makeready.importing.typed_dashes import has_typed_dashes
from makeready.importing.verse import with_line_breaks, with_verse
from makeready.wording import counted

REPORT = "import-report.txt"
_INDEX = "index.md"
_CITATION = re.compile(
    r"\[[^\[\]\n]{0,200}(?<![\w.])@\w|\{cite[:\w]*\}`|(?<![\w.@\\/])@(?!(?:fig|tbl|sec|eq|lst)-)\w"
)
_LIST_OF_WORKS = re.compile(r"\{#refs[\s}]|\{bibliography\}|id=[\"']refs[\"']")
_INDEX_TERM = re.compile(r"\\indexc?\{|\{index\}|\{i: *\"")
_BOOK = "book.toml"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,20}:", re.IGNORECASE)
_LINKED = (".md", ".qmd", ".Rmd", ".ipynb", ".markdown", ".txt")
_MYST_LABEL = re.compile(
    r"^(?:\(([\w:.-]{1,100})\)=|[ ]{0,12}:(?:name|label):[ \t]*([\w:.-]{1,100})"
    r"|[ ]{0,12}\$\$[ \t]*\(([\w:.-]{1,100})\))[ \t]*$",
    re.MULTILINE,
)
_LISTINGS_FOR_WIDE_PAGE = 10
_COPYRIGHT_PAGE = "copyright-page.md"
_ONE_PAGE = frozenset({"bookdown", "Quarto", "Pandoc", "Leanpub", "Markdown"})
"""The tools that read all files as one text."""


@dataclass(frozen=True, slots=True)
class WrittenBook:
    """A book that was imported: its folder, and what was not brought.

    ``sources`` has the name in the source folder of each file that has another name, or is made.
    """

    folder: Path
    tool: str
    sections: int
    files: int
    sources: dict[str, str]
    left_out: tuple[LeftOut, ...]

    def with_original_path(self, finding: Finding) -> Finding:
        """Return a finding that names the file that the book is from instead of that made of it."""
        if finding.location is None:
            return finding
        return replace(finding, location=self.original_location(finding.location))

    def original_location(self, location: SourceLocation) -> SourceLocation:
        """Return a location in the file that the book is from instead of that made of it."""
        if location.path not in self.sources:
            return location
        # The new list of sections has no line in the old one.
        line = None if location.path == _BOOK else location.line
        return SourceLocation(self.sources[location.path], line)

    @property
    def summary(self) -> str:
        """One line that says what was imported."""
        brought = f"{counted(self.sections, 'section')} and {counted(self.files, 'other file')}"
        return f"Imported from {self.tool}: {brought}."


def write_book(
    source: SourceFolder,
    book: ImportedBook,
    folder: Path,
    *,
    is_dated: bool = True,
    cache: Path | None = None,
) -> WrittenBook:
    """Write an imported book to a new folder.

    ``is_dated``: with the newest date of its files as that of the last change. ``cache`` is the
    folder for sections that are read.
    """

    def text_of(name: str) -> str:
        return book.texts[name] if name in book.texts else source.text(name)

    if book.copyright_text:
        book.texts[_COPYRIGHT_PAGE] = f"{book.copyright_text}\n"
        book.entries.insert(0, Entry([_COPYRIGHT_PAGE], "", "copyright-page", division="front"))
    leave_out_empty(book, text_of)
    writer = _Writer(source, book)
    writer.nocite += book.nocite
    writer.read_titles()
    set_language(book, text_of)
    is_english = (book.metadata.language or "en").lower().startswith("en")
    names = [file for entry in book.entries for file in entry.files if not file.endswith(".ipynb")]
    book.has_typed_dashes = is_english and has_typed_dashes(map(text_of, names))
    divisions = divide(book.entries)
    rows = {
        name: [writer.row(entry) for entry in entries]
        for name, entries in (
            ("front", divisions.front),
            ("body", divisions.body),
            ("back", divisions.back),
        )
    }
    for name in book.files:
        writer.add_work_file(name)
    if book.cover_image:
        writer.copy(book.cover_image)
    writer.scan_included()
    writer.report_code()
    modified = _newest(source, writer.texts_from or [book.config]) if is_dated else ""
    # An id of this name would be there twice.
    has_colophon = any("{#colophon" in text for text in writer.texts.values())
    last = [] if has_colophon else ['"colophon"']
    if _INDEX not in writer.texts and any(map(_INDEX_TERM.search, writer.texts.values())):
        last.insert(0, '"index"')
    if writer.needs_bibliography(book.entries):
        last.insert(0, '"bibliography"')
    rows["back"] += last
    text = book_toml(
        source,
        book,
        divisions,
        rows,
        modified,
        CitedWorks(writer.works, writer.style, writer.nocite),
        is_wide=writer.listings >= _LISTINGS_FOR_WIDE_PAGE,
    )
    left_out = tuple(dict.fromkeys(book.left_out))
    for name, content in sorted(writer.texts.items()):
        _write(folder, name, content.encode())
    for name, raw in sorted(book.binaries.items()):
        _write(folder, name, raw)
    copied = 0
    for target, name in sorted(writer.copies.items()):
        try:
            _write(folder, target, source.read(name))
            copied += 1
        except FileRefusedError as error:
            left_out += (LeftOut(name, 1, f"The file cannot be read: {error.problem}."),)
    _write(folder, _BOOK, text.encode())
    sections = sum(map(len, rows.values())) - len(last)
    files = copied + len(book.binaries)
    sources = {_BOOK: book.config or _BOOK, **writer.sources}
    is_one_page = book.tool in _ONE_PAGE
    left_out += repair_faults(folder, sources, is_one_page=is_one_page, cache=cache)
    return WrittenBook(folder, book.tool, sections, files, sources, left_out)


def report_text(written: WrittenBook) -> str:
    """Return the report of an import: what was not brought, with file and line."""
    lines = [written.summary, ""]
    if written.left_out:
        lines += ["Not brought:", *(f"- {each}" for each in written.left_out)]
    else:
        lines.append("Everything was brought.")
    return "\n".join(lines) + "\n"


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@dataclass
class _Writer:
    """The files of the new book, by their names in it."""

    source: SourceFolder
    book: ImportedBook
    texts: dict[str, str] = field(default_factory=dict)
    texts_from: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    cells: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    works: list[str] = field(default_factory=list)
    """The files of the works that the book cites."""
    style: str = ""
    nocite: list[str] = field(default_factory=list)
    listings: int = 0
    code_to_run: dict[str, list[int]] = field(default_factory=dict)
    """The lines of blocks of code that the tool would run, by the files they are in."""

    def __post_init__(self) -> None:
        files = [file for entry in self.book.entries for file in entry.files]
        self.targets: dict[str, str] = {}
        for file in files:
            self.targets.setdefault(file, self._target(file))

    def _target(self, file: str) -> str:
        """Return the name that a section's file has in the new book."""
        is_text = file.lower().endswith(MARKDOWN)
        stem = file if is_text else f"{file.rpartition('.')[0] or file}.md"
        name, number = stem, 1
        while name in self.targets.values():
            number += 1
            name = f"{stem.removesuffix('.md')}-{number}.md"
        return name

    def read_titles(self) -> None:
        """Give entries without a title that of their file, by which their kind is known.

        The labels of cells that are not run are gathered too, and those of MyST.
        """
        for entry in self.book.entries:
            for name in entry.files:
                if not name.lower().endswith(".ipynb"):
                    text = self.book.texts.get(name)
                    text = self.source.text(name) if text is None else text
                    entry.title = entry.title or outline_of(text).title
                    self.cells |= labels_of_cells(text)
                    self.labels.update("".join(found) for found in _MYST_LABEL.findall(text))

    def row(self, entry: Entry) -> str:
        """Add the files of an entry; return it as a table for ``book.toml``."""
        if not entry.files:
            return f"{{ {entry.kind} = {toml_string(plain_title(entry.title))} }}"
        names = [self._add(file, is_first=not n) for n, file in enumerate(entry.files)]
        value = toml_string(names[0]) if len(names) == 1 else toml_list(names)
        fields = [f"{entry.kind} = {value}"]
        if KINDS[entry.kind].titled and not outline_of(self.texts[names[0]]).title:
            title = plain_title(entry.title) or self._title_by_name(entry)
            fields.append(f"title = {toml_string(title)}")
        if entry.is_numbered is False and entry.kind in BODY_KINDS:
            fields.append("numbered = false")
        return f"{{ {', '.join(fields)} }}"

    def _title_by_name(self, entry: Entry) -> str:
        """Return a title for a section that has none: its kind's, or the name of its file."""
        if entry.kind not in BODY_KINDS:
            labels = labels_for(self.book.metadata.language or "en", {}, Findings())
            if entry.kind in labels:
                return labels[entry.kind]
        words = posixpath.basename(entry.files[0]).rpartition(".")[0].replace("_", " ")
        return words[:1].upper() + words[1:].replace("-", " ")

    def _add(self, file: str, *, is_first: bool) -> str:
        """Add the text of a section's file; return its name in the new book."""
        target = self.targets[file]
        text = without_slips(self._text(file, target))
        outline = outline_of(text)
        self.listings += len(outline.fences)
        for key in ("bibliography", "csl"):
            for name in texts_of(outline.front_matter.get(key)):
                self.add_work_file(name, posixpath.dirname(file))
        self.nocite += works_of(outline.front_matter.get("nocite"))
        text = without_references(with_figures(text), self.cells, "(not in this book)")
        for path in image_references(text):
            self._image(path, file)
        text = self._with_verse(file, self._with_included(file, text))
        text = self._without_tags(file, text)
        is_knitted = file.lower().endswith(CHUNKS)
        if blocks := code_to_run(text):
            self.code_to_run[file] = blocks
        for line, problem, is_found_again in not_brought(text, is_computed=is_knitted):
            self.book.leave_out(file, line, problem, is_found_again=is_found_again)
        text, components = with_components(self._without_marks(text))
        for name, line in components.items():
            self.book.leave_out(file, line, f"<{name}> is left out, with its caption as text.")
        text = with_links(self._without_projects(file, text), partial(self._rewrite, file))
        if is_knitted:
            text = self._without_text_chunks(file, text)
        title = self.book.metadata.title
        self.texts[target] = with_title_first(text, title) if is_first else text
        return target

    def _text(self, file: str, target: str) -> str:
        """Return the text of a section's file as Markdown; its images become files."""
        text = self.book.texts.get(file)
        if text is None:
            text = self.source.text(file)
            self.texts_from.append(file)
        if file.lower().endswith(".ipynb"):
            try:
                text = notebook_markdown(self.book, file, text)
            except (ValueError, RecursionError) as error:
                path = self.source.path(file)
                raise ImportRefusedError(f"{path} cannot be read: {error}.") from error
        if target != file:
            self.sources[target] = file
        text, images = with_image_files(text, target.rpartition(".")[0], self.book.binaries)
        self.book.binaries |= images
        if self.book.tool == "MkDocs":
            text = with_fences_at_edge(text)
        return text

    def report_code(self) -> None:
        """Report, once for the book, the blocks of code whose results are not in it."""
        if self.code_to_run:
            file, lines = next(iter(self.code_to_run.items()))
            count = counted(sum(map(len, self.code_to_run.values())), "block")
            files = counted(len(self.code_to_run), "file")
            where = "" if len(self.code_to_run) == 1 else f", in {files}"
            problem = f"{count} of code to run{where}: the code is shown, what it makes is not."
            self.book.leave_out(file, lines[0], problem, is_found_again=True)

    def _without_marks(self, text: str) -> str:
        """Return a text without what is only a mark or comment of its tool."""
        if self.book.tool == "Leanpub":
            return with_leanpub_marks(text)
        if self.book.tool in DOLLAR_TOOLS:
            text = without_spaces_at_dollars(text)
        return without_comments(text) if self.book.tool in MYST_TOOLS else text

    def _without_projects(self, file: str, text: str) -> str:
        """Return a text without links to other projects, which are reported."""
        text, projects = without_other_projects(text)
        for page, line in projects:
            problem = f"A link leads to {page}, which is in another project."
            self.book.leave_out(file, line, problem)
        return text

    def _without_text_chunks(self, file: str, text: str) -> str:
        """Return a text with the text in chunks of knitr; what is left out is reported."""
        text, left_out = with_text_chunks(text)
        for line in left_out:
            problem = "The text in this chunk is for another form of the book."
            self.book.leave_out(file, line, problem)
        return text

    def _with_included(self, file: str, text: str) -> str:
        """Copy the files that a text includes; return it with their paths in the new book."""
        for path in include_references(text):
            found = self.source.find(path, *self._folders(file))
            if found and found not in self.targets:
                self.copy(found)
        if self.book.tool != "MkDocs":
            return text
        folders = self._folders(file)
        return with_snippet_paths(text, lambda name: self.source.find(name, *folders))

    def _with_verse(self, file: str, text: str) -> str:
        """Return a text with its verse marked, which is reported."""
        if self.book.breaks_lines:
            return with_line_breaks(text)
        text, verse = with_verse(text)
        if verse:
            count = counted(sum(verse.values()), "line")
            self.book.leave_out(file, min(verse), f"{count} of the file are set as verse.")
        return text

    def _without_tags(self, file: str, text: str) -> str:
        """Return a text without the tags of GitBook's plugins, each of which is reported."""
        if self.book.tool != "GitBook":
            return text
        text, tags = with_gitbook_tags(text)
        for name, line in tags.items():
            self.book.leave_out(file, line, f"{{% {name} %}} is left out; its text stays.")
        return text

    def _rewrite(self, file: str, path: str, is_image: bool, line: int) -> str | None:
        """Return the path that a link or image in a file is to have; empty if it has none."""
        is_label = path in self.labels and not is_image
        if is_label or is_remote(path) or path.startswith("#") or _SCHEME.match(path):
            return f"#{path}" if is_label else None
        plain, mark, anchor = path.partition("#")
        here = posixpath.dirname(file)
        folder = posixpath.dirname(self.targets.get(file, file)) or "."
        if is_image:
            image = self._image(path, file)
            is_plain = not ("?" in path or "#" in path)
            if not image or (is_plain and self.source.find(path, here) == image):
                return None
            return posixpath.relpath(image, folder).replace(" ", "%20")
        linked = self._section(plain, here) or self._first_in(plain, here)
        if linked:
            if posixpath.normpath(posixpath.join(here, unquote(plain))) == self.targets[linked]:
                return None
            return posixpath.relpath(self.targets[linked], folder) + mark + anchor
        problem = f"A link leads to {plain}, which is not in the book"
        found = self.source.find(plain, here, *self.book.search_paths, "")
        address = self.book.published.address_of(found) if found else ""
        done = f"it leads to {address} now" if address else "its words are plain text"
        self.book.leave_out(file, line, f"{problem}; {done}.")
        return address + mark + anchor if address else ""

    def _section(self, path: str, folder: str) -> str:
        """Return the file of a section that a link leads to, as any tool writes it."""
        plain = unquote(path.split("?", maxsplit=1)[0])
        stem = plain.removesuffix(".html").removesuffix(".htm")
        names = [plain, *(f"{stem}{suffix}" for suffix in _LINKED)]
        names += [posixpath.join(plain, f"{name}.md") for name in ("index", "README")]
        for start in (folder, *self.book.search_paths, ""):
            for name in names:
                joined = posixpath.normpath(posixpath.join(start, name.lstrip("/")))
                if joined in self.targets:
                    return joined
        return ""

    def _first_in(self, path: str, folder: str) -> str:
        """Return the first section in a folder that a link leads to; empty if there is none."""
        plain = unquote(path.partition("?")[0])
        for start in (folder, *self.book.search_paths, ""):
            inside = f"{posixpath.normpath(posixpath.join(start, plain.lstrip('/')))}/"
            found = next((file for file in self.targets if file.startswith(inside)), "")
            if found and inside not in {"./", "../"}:
                return found
        return ""

    def add_work_file(self, name: str, folder: str = "") -> None:
        """Add a file of works, or a citation style, which may be named by its address."""
        is_style = name.lower().endswith(".csl") or "://" in name
        found = "" if "://" in name else self.source.find(name, folder, "")
        self.copy(found)
        if is_style:
            stem = posixpath.basename(name.rstrip("/")).removesuffix(".csl")
            self.style = found or (stem if has_style(stem) else "")
            if not self.style:
                self.book.leave_out(self.book.config, 1, f"The citation style is missing: {name}.")
        elif not found:
            self.book.leave_out(self.book.config, 1, f"The file of works is missing: {name}.")
        elif found.lower().endswith(ENDINGS) and found not in self.works:
            self.works.append(found)

    def needs_bibliography(self, entries: Iterable[Entry]) -> bool:
        """Return whether the book cites works, and has no place for their list."""
        if not self.works or any(entry.kind == BIBLIOGRAPHY for entry in entries):
            return False
        texts = self.texts.values()
        is_cited = bool(self.nocite) or any(map(_CITATION.search, texts))
        return is_cited and not any(map(_LIST_OF_WORKS.search, texts))

    def copy(self, name: str) -> None:
        """Copy a file of the source folder under its own name."""
        if self.source.has(name) and name not in self.texts:
            self.copies.setdefault(name, name)

    def scan_included(self) -> None:
        """Copy what the included files show and include themselves."""
        waiting = [n for n in self.copies if n.lower().endswith((".md", ".qmd", ".rmd", ".txt"))]
        seen = set(waiting)
        while waiting:
            name = waiting.pop()
            try:
                text = self.source.text(name)
            except ImportRefusedError:
                continue
            for path in image_references(text):
                self._image(path, name)
            for path in include_references(text):
                found = self.source.find(path, *self._folders(name))
                if found and found not in seen and found not in self.targets:
                    seen.add(found)
                    self.copy(found)
                    waiting += [found] if found.endswith((".md", ".qmd", ".rmd")) else []

    def _folders(self, file: str) -> list[str]:
        return [posixpath.dirname(file), *self.book.search_paths, ""]

    def _image(self, path: str, file: str) -> str:
        """Copy an image that a file shows; return its name, empty if there is none."""
        found = self.source.find(path, *self._folders(file))
        if found:
            self.copy(found)
        return found


def _newest(source: SourceFolder, names: Iterable[str]) -> str:
    """Return the day on which the newest of the files was changed; empty if there is none."""
    times = []
    for name in names:
        try:
            times.append((source.root / name).stat().st_mtime)
        except OSError:
            continue
    return datetime.fromtimestamp(max(times), UTC).date().isoformat() if times else ""
