"""The lists of sections compared with the files there are."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from makeready.book.config import BookConfig
from makeready.book.kinds import KINDS, Division, Kind
from makeready.book.model import BOOK_FILE
from makeready.book.section_lists import SOURCE_SUFFIXES, ListedSection
from makeready.findings import Findings, SourceLocation

_DIVISIONS = {
    Division.FRONT: "the front matter",
    Division.BODY: "the body",
    Division.BACK: "the back matter",
}
_ABOUT_THE_FOLDER = frozenset(
    {"readme", "summary", "changelog", "changes", "contributing", "license", "licence", "authors"}
) | {"code_of_conduct", "code-of-conduct", "security", "todo", "notice", "copying"}
"""Files that many folders have, which are about the folder and no part of a book."""


def check_list(
    root: Path, config: BookConfig, findings: Findings
) -> list[tuple[ListedSection, Kind]]:
    """Return the listed sections that can be read, each with its kind.

    Of a section of several files, those that are missing are left out.
    """
    files = _FilesOfList(root, config)
    readable: list[tuple[ListedSection, Kind]] = []
    names: set[str] = set()
    paths: set[str] = set()
    for section in config.sections:
        location = SourceLocation(BOOK_FILE, section.line)
        twice = [path for path in section.files if path in paths]
        if section.kind is None:
            if section.files[0] not in files.at_top:
                files.near(section.files[0])
            own_file = section.files[0] if section.files[0] in files.at_top else ""
            advice = (
                f'Or give its file a kind: {{ chapter = "{own_file}" }}.'
                if own_file
                else _nearest_kind(section.name)
            )
            findings.add("MAN-004", location, name=section.name, suggestion=advice)
        elif section.name in names or twice:
            findings.add("MAN-003", location, name=section.name or twice[0])
        else:
            missing = files.report_missing(section, location, findings)
            present = tuple(path for path in section.files if path not in missing)
            if section.division not in section.kind.divisions and (present or not missing):
                findings.add(
                    "MAN-005",
                    location,
                    name=section.shown_name,
                    kind=section.kind.name,
                    division=_DIVISIONS[section.division],
                    allowed=" or ".join(d.value for d in section.kind.divisions),
                )
            if present or not missing:
                lacks_start = section.files[:1] != present[:1]
                part = replace(section, files=present, lacks_start=lacks_start)
                readable.append((part, section.kind))
                names |= {section.name} if section.name else set()
        paths.update(section.files)
    if config.sections and config.lists_are_valid:
        files.report_unlisted(findings)
    return readable


class _FilesOfList:
    """The files in a book's folder, and in the folders of the files that are listed."""

    def __init__(self, root: Path, config: BookConfig) -> None:
        self._root = root
        self._is_made = config.is_made
        self._listed = {path for section in config.sections for path in section.files}
        self.at_top = _markdown_files(root, "", {".md"})
        """The files that could be listed by their names."""
        self._folders = sorted(
            {
                folder
                for path in self._listed
                if (folder := PurePosixPath(path).parent.as_posix()) != "."
                and not _is_outside(folder)
            }
        )
        # A missing file and a file of a similar name that is not listed are one mistake.
        self._similar: set[str] = set()

    def report_missing(
        self, section: ListedSection, location: SourceLocation, findings: Findings
    ) -> list[str]:
        """Report the files of a section that are missing, and return them."""
        missing: list[str] = []
        for path in section.files:
            if _is_outside(path):
                findings.add("MAN-025", location, path=path)
            elif os.path.lexists(self._root / path) or (
                section.name and section.kind is not None and self._is_made(section.kind)
            ):
                continue
            elif section.name:
                near = self.near(path)
                suggestion = f" There is a file {near}." if near else ""
                findings.add("MAN-001", location, name=section.name, suggestion=suggestion)
            else:
                near = self.near(path)
                suggestion = f" Did you mean “{near}”?" if near else ""
                findings.add("MAN-045", location, path=path, suggestion=suggestion)
            missing.append(path)
        return missing

    def near(self, path: str) -> str:
        """Return the unlisted file in the same folder whose name is most like another."""
        folder = PurePosixPath(path).parent.as_posix()
        names = self.at_top if folder == "." else _markdown_files(self._root, folder)
        stems = {name.removesuffix(".md"): name for name in sorted(names - self._listed)}
        close = difflib.get_close_matches(path.removesuffix(".md"), stems, n=1, cutoff=0.75)
        near = stems[close[0]] if close else ""
        self._similar.add(near)
        return near

    def report_unlisted(self, findings: Findings) -> None:
        """Report the files that are not listed: they are missing from the book."""
        known = self._listed | self._similar
        for path in sorted(self.at_top - known):
            if PurePosixPath(path).stem.lower() not in _ABOUT_THE_FOLDER:
                findings.add("MAN-002", SourceLocation(path, 1), name=path.removesuffix(".md"))
        for folder in self._folders:
            for path in sorted(_markdown_files(self._root, folder) - known):
                if PurePosixPath(path).stem.lower() not in _ABOUT_THE_FOLDER:
                    findings.add("MAN-047", SourceLocation(path, 1))


def _markdown_files(
    root: Path, folder: str, suffixes: Iterable[str] = SOURCE_SUFFIXES - {".txt"}
) -> set[str]:
    """Return the paths of the Markdown files in a folder of the book."""
    try:
        real_root = root.resolve()
        is_inside = (root / folder).resolve().is_relative_to(real_root)
        entries = list((root / folder).iterdir()) if is_inside else []
    except (OSError, RuntimeError, ValueError):
        return set()
    return {
        entry.relative_to(root).as_posix()
        for entry in entries
        if entry.suffix.lower() in suffixes and entry.name[0] != "." and entry.is_file()
    }


def _is_outside(path: str) -> bool:
    """Return whether a path without dots leads out of the book's folder."""
    return path.startswith("/") or path == ".." or path.startswith("../")


def _nearest_kind(name: str) -> str:
    close = difflib.get_close_matches(name.rstrip("-0123456789"), KINDS, n=1, cutoff=0.5)
    return f"Did you mean “{close[0]}”?" if close else f"Known kinds: {', '.join(KINDS)}."
