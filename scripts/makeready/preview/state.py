"""What the server knows of the book: its pages, covers, e-books and findings, as they were made."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from lxml import etree

from makeready.findings import Finding, Severity
from makeready.pdf.fragment import TextLine
from makeready.preview.epub_files import EpubFiles
from makeready.preview.made import (
    Checked,
    EditionName,
    MadeBook,
    MadeChanges,
    MadeCover,
    MadePages,
    Shown,
    Working,
)
from makeready.preview.page_images import PageImages, TrimmedPage
from makeready.preview.source_positions import SourcePositions, box_of

_MOST_FINDINGS = 1000
_MOST_EXACT = 100
"""Of more findings the block is marked, and not the line in it."""

_SEVERITIES = list(Severity)


@dataclass
class EditionState:
    """An edition's last good pages, with what was found when they were made last.

    ``problem`` says why newer pages could not be made, empty if they could.
    """

    pages: MadePages
    size: TrimmedPage
    is_right_to_left: bool
    seconds: float
    revision: int
    positions: SourcePositions
    changed: frozenset[str] = frozenset()
    numbers: dict[str, int] = field(init=False)
    """The number of a page in the file, from 0, by its digest."""

    def __post_init__(self) -> None:
        pages = enumerate(self.pages.pages)
        self.numbers = {page.digest: number for number, page in pages if page.section}


@dataclass
class State:
    """All that browsers are shown; ``revision`` counts its changes.

    It begins with a random number, so that a server that takes the place of another has others.
    """

    book: Path
    images: PageImages = field(default_factory=PageImages)
    revision: int = field(default_factory=lambda: secrets.randbelow(2**40))
    title: str = ""
    language: str = ""
    findings_revision: int = 0
    working: str = ""
    problem: str = ""
    editions: tuple[EditionName, ...] = ()
    shown: dict[str, EditionState] = field(default_factory=dict)
    covers: dict[str, MadeCover] = field(default_factory=dict)
    books: dict[str, tuple[MadeBook, EpubFiles]] = field(default_factory=dict)
    changes: dict[str, tuple[int, MadeChanges]] = field(default_factory=dict)
    """What has changed in each edition, with the revision that it came with."""

    _books_before: dict[str, tuple[MadeBook, EpubFiles]] = field(default_factory=dict)
    _lines: dict[str, Sequence[TextLine]] = field(default_factory=dict)
    _of_pages: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    _of_covers: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    _of_files: tuple[Finding, ...] = ()
    """The findings that only the check of finished files has."""

    def take(self, message: object) -> None:
        """Take what was made into account."""
        self.revision += 1
        if isinstance(message, Working):
            self.working = message.text
            return
        if isinstance(message, MadeChanges):
            self._take_changes(message)
            return
        self.findings_revision = self.revision
        if isinstance(message, Shown):
            self._take_pages(message)
        elif isinstance(message, MadeCover):
            self._take_cover(message)
        elif isinstance(message, Checked):
            self._take_checked(message)

    def findings(self, edition: str) -> list[Finding]:
        """Return what is known to be wrong, the worst first, as an edition's pages show it."""
        known = [*self._of_pages.get(edition, ()), *self._of_covers.get(edition, ())]
        found = {_key(finding): finding for finding in self._of_files}
        found |= {_key(finding): finding for finding in known}
        ordered = sorted(found.values(), key=_order)
        return ordered[:_MOST_FINDINGS]

    def summary(self) -> dict[str, Any]:
        """Return what browsers are sent at each change; it says what has to be asked for again."""
        return {
            "revision": self.revision,
            "title": self.title,
            "language": self.language,
            "working": self.working,
            "problem": self.problem,
            "findings": self.findings_revision,
            "editions": [
                {
                    "name": one.name,
                    "kind": one.kind,
                    "revision": self._revision_of(one.name),
                    "cover": self.covers[one.name].digest if one.name in self.covers else "",
                    "changes": self.changes[one.name][0] if one.name in self.changes else 0,
                }
                for one in self.editions
            ],
        }

    def _revision_of(self, edition: str) -> int | str:
        if edition in self.books:
            return self.books[edition][0].digest
        return self.shown[edition].revision if edition in self.shown else 0

    def ebook(self, edition: str, digest: str) -> EpubFiles | None:
        """Return the e-book with this digest; a browser may still show the one before the last."""
        for books in (self.books, self._books_before):
            if edition in books and books[edition][0].digest == digest:
                return books[edition][1]
        return None

    def _take_pages(self, message: Shown) -> None:
        pages = message.pages
        if pages.editions:
            self.title, self.language, self.editions = pages.title, pages.language, pages.editions
        self._of_pages[pages.edition] = pages.findings
        if not pages.edition:
            # The book could not be read, so all editions have what was found.
            self._of_pages = dict.fromkeys((*self._of_pages, *self.shown), pages.findings)
        self.problem = pages.error
        if pages.file is None:
            if pages.editions and not pages.edition:
                return
            errors = [one for one in pages.findings if one.severity is Severity.ERROR]
            if not pages.error:
                self.problem = errors[0].message if errors else "The pages could not be made."
            return
        self._lines |= pages.lines
        before = self.shown.get(pages.edition)
        size, is_right_to_left = self.images.open(pages.file)
        file = pages.file
        self.shown[pages.edition] = EditionState(
            pages,
            size,
            is_right_to_left,
            message.seconds,
            self.revision,
            SourcePositions(
                self.book,
                pages.pages,
                pages.sections,
                self._lines,
                lambda page, lines: self.images.texts(
                    file, page, [box_of(one, size.height_pt) for one in lines]
                ),
            ),
            message.changed,
        )
        in_use = {key for shown in self.shown.values() for key in shown.pages.sections}
        for key in self._lines.keys() - in_use:
            del self._lines[key]
        if before is not None and before.pages.file is not None:
            self.images.close(before.pages.file)
            before.pages.file.unlink(missing_ok=True)

    def _take_cover(self, cover: MadeCover) -> None:
        before = self.covers.get(cover.edition)
        self._of_covers[cover.edition] = cover.findings
        if cover.file is None:
            self.covers.pop(cover.edition, None)
        else:
            self.images.open(cover.file)
            self.covers[cover.edition] = cover
        if before is not None and before.file is not None:
            self.images.close(before.file)
            before.file.unlink(missing_ok=True)

    def _take_changes(self, made: MadeChanges) -> None:
        _, before = self.changes.get(made.edition, (0, None))
        self.changes[made.edition] = self.revision, made
        kept = {file for _, one in self.changes.values() for file in (one.old_file, one.new_file)}
        for file in {before.old_file, before.new_file} - kept if before is not None else set():
            if file is not None:
                self.images.close(file)
        for file in (made.old_file, made.new_file):
            if file is not None:
                self.images.open(file)

    def _take_checked(self, checked: Checked) -> None:
        if checked.is_whole:
            known = {
                _key(finding)
                for found in (*self._of_pages.values(), *self._of_covers.values())
                for finding in found
            }
            self._of_files = tuple(one for one in checked.findings if _key(one) not in known)
        for made in checked.books:
            before = self.books.get(made.edition)
            if before is None or before[0].digest != made.digest:
                with suppress(OSError, BadZipFile, KeyError, etree.LxmlError):
                    self.books[made.edition] = made, EpubFiles(made.file)
                    if before is not None:
                        older = self._books_before.get(made.edition)
                        self._books_before[made.edition] = before
                        if older is not None:
                            older[1].close()


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.id, finding.message, finding.location


def _order(finding: Finding) -> tuple[int, str, int]:
    location = finding.location
    path, line = (location.path, location.line or 0) if location else ("", 0)
    return _SEVERITIES.index(finding.severity), path, line


def places_of(
    positions: SourcePositions, findings: Sequence[Finding]
) -> list[list[tuple[int, int]]]:
    """Return for each finding the pages and the lines on them that it is about."""
    found, exactly = [], len(findings) <= _MOST_EXACT
    for finding in findings:
        location = finding.location
        is_in_text = location is not None and location.line is not None
        placed = []
        if location is not None and is_in_text:
            placed = positions.places(location, exactly=exactly)
        found.append([(one.page, one.number) for one in placed])
    return found
