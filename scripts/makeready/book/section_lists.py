"""The lists of sections in ``book.toml``: names, and tables that name files.

``"chapter-1"`` is the section in ``chapter-1.md``. ``{ chapter = "src/a.md" }`` is one in any file
of the book's folder, ``{ chapter = ["src/a.md", "src/b.md"] }`` one in several; ``title`` gives it
a title, ``numbered = false`` takes its number. ``{ part = "The Title" }`` is a part without a
text, and ``{ book = "The Title" }`` a book of several parts; ``numbering`` is the form of the
numbers of its chapters. ``{ chapters = "novel.md" }`` is a file in which each title begins a
chapter.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from makeready.book.kinds import GROUPS, KINDS, Division, Kind, kind_of
from makeready.book.model import BOOK_FILE
from makeready.book.schema import NUMBER_FORMS, BookFile
from makeready.book.toml_lines import TomlLines
from makeready.book.validation import suggestion
from makeready.findings import Findings, SourceLocation

SOURCE_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".txt"})
"""What the names of files with Markdown end in, in lower case."""
_CHAPTERS = "chapters"
_OPTIONS = ("title", "numbered", "numbering")


@dataclass(frozen=True, slots=True)
class ListedSection:
    """An entry in a list of sections, with the line it is on.

    A section that is listed by its ``name`` has its kind from it, and its file. One in a table
    has no name yet; its ``kind`` is known, and its ``files`` are relative to the book's folder. A
    part or book with a ``title`` alone has no files; ``numbering`` is the form of the numbers of
    the chapters in it, empty for that of the whole book. ``has_several``: each title in the file
    begins a section of its own. ``lacks_start``: its first file is missing.
    """

    name: str
    division: Division
    line: int
    kind: Kind | None = None
    files: tuple[str, ...] = ()
    title: str = ""
    numbered: bool = True
    numbering: str = ""
    has_several: bool = False
    lacks_start: bool = False

    @property
    def shown_name(self) -> str:
        """Its name, or what stands for it in messages."""
        return self.name or (self.files[0] if self.files else self.title)


def read_section_lists(
    file: BookFile, lines: TomlLines, findings: Findings
) -> tuple[tuple[ListedSection, ...], bool]:
    """Return the sections of all lists; report the tables at fault, which are left out.

    Also return whether there was no table at fault.
    """
    reader = _ListReader(lines, findings)
    sections = [
        section
        for division, entries in (
            (Division.FRONT, file.frontmatter),
            (Division.BODY, file.bodymatter),
            (Division.BACK, file.backmatter),
        )
        for section in reader.read(division, entries)
    ]
    return tuple(sections), not reader.has_faults


@dataclass(slots=True)
class _ListReader:
    lines: TomlLines
    findings: Findings
    has_faults: bool = False
    _values: Counter[tuple[Division, str]] = field(default_factory=Counter)

    def read(self, division: Division, entries: list[Any]) -> Iterator[ListedSection]:
        """Yield the sections of one list."""
        for index, entry in enumerate(entries):
            if isinstance(entry, str):
                if entry:
                    line = self._line_of_value(division, entry)
                    name = entry.strip()
                    yield ListedSection(name, division, line, kind_of(name), (f"{name}.md",))
            elif (section := self._from_table(division, index, entry)) is not None:
                yield section

    def _line_of_value(self, division: Division, value: str) -> int:
        self._values[division, value] += 1
        return self.lines.line_of((division.value,), value, self._values[division, value])

    def _line_of_table(self, division: Division, index: int, table: Mapping[str, Any]) -> int:
        """Return the line of a table: that of the first text in it, if it is written in a list."""
        whole = self.lines.line_of((division.value,))
        own = self.lines.line_of((division.value, index))
        texts = (
            text
            for value in table.values()
            for text in (value if isinstance(value, list) else [value])
            if isinstance(text, str) and text
        )
        first = next(texts, None)
        if own != whole or first is None:
            return own
        return self._line_of_value(division, first)

    def _from_table(
        self, division: Division, index: int, table: Mapping[str, Any]
    ) -> ListedSection | None:
        location = SourceLocation(BOOK_FILE, self._line_of_table(division, index, table))
        known = [*KINDS, _CHAPTERS, *_OPTIONS]
        keys = [key for key in table if key in known]
        unknown = [key for key in table if key not in known]
        for key in unknown:
            advice = suggestion(key, known)
            self.findings.add("MET-004", location, key=f"{division}.{key}", suggestion=advice)
        kinds = [key for key in keys if key not in _OPTIONS]
        problem = ""
        if len(kinds) > 1:
            problem = f"has several kinds of section: {', '.join(kinds)}"
        elif not kinds and not unknown:
            problem = "has no kind of section"
        if problem:
            self.findings.add("MET-040", location, problem=problem)
        values = [self._check(division, key, table, location) for key in keys]
        if unknown or problem or not all(values):
            self.has_faults = True
            return None
        return self._section(division, location.line or 1, kinds[0], table)

    def _check(
        self, division: Division, key: str, table: Mapping[str, Any], location: SourceLocation
    ) -> bool:
        """Check one value of a table; return whether it is valid."""
        value, problem = table[key], ""
        if key == "title":
            if not isinstance(value, str) or not value.strip():
                problem = "must be text in quotes"
            elif _CHAPTERS in table:
                problem = "has no use with “chapters”: each title in the file begins a chapter"
        elif key == "numbered":
            problem = "" if isinstance(value, bool) else "must be true or false"
        elif key == "numbering":
            if value not in NUMBER_FORMS:
                problem = "must be " + ", ".join(f"“{form}”" for form in NUMBER_FORMS)
            elif not any(group in table for group in GROUPS):
                problem = "is for a part or a book, and holds for the chapters in it"
        elif key == _CHAPTERS:
            problem = "" if _is_text(value) else "must be one file"
        elif not _is_text(value) and not (
            isinstance(value, list) and value and all(map(_is_text, value))
        ):
            problem = "must be a file or a list of files"
        if problem:
            values = {"key": f"{division}.{key}", "problem": problem}
            self.findings.add("MET-005", location, **values)
        return not problem

    @staticmethod
    def _section(
        division: Division, line: int, key: str, table: Mapping[str, Any]
    ) -> ListedSection:
        value = table[key]
        kind = KINDS["chapter" if key == _CHAPTERS else key]
        title = " ".join(str(table.get("title", "")).split())
        files = tuple(map(_normal_path, value if isinstance(value, list) else [value]))
        if key in GROUPS and isinstance(value, str) and not _is_file_name(value):
            title, files = title or " ".join(value.split()), ()
        return ListedSection(
            "",
            division,
            line,
            kind,
            files,
            title,
            numbered=bool(table.get("numbered", True)),
            numbering=str(table.get("numbering", "")),
            has_several=key == _CHAPTERS,
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_file_name(value: str) -> bool:
    return PurePosixPath(value).suffix.lower() in SOURCE_SUFFIXES


def _normal_path(path: str) -> str:
    """Return a path without ``./`` and the folders that ``..`` leaves again."""
    return posixpath.normpath(path.strip())
