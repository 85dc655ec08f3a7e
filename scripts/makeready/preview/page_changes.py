"""The process that compares the pages of an edition with what they were."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pypdfium2

from makeready.build.request import BuildRequest
from makeready.build.session import BuildSession
from makeready.comparison.compare_files import compare_files
from makeready.comparison.page_change import ComparedPages
from makeready.comparison.page_words import Box
from makeready.comparison.wording import change_in_words, counts_in_words
from makeready.errors import FindingsError, UsageError
from makeready.external.git import Commit, Repository, repository_of
from makeready.findings import Severity
from makeready.preview.made import (
    ChangedPair,
    ChangesRequest,
    MadeChanges,
    MadePages,
    PagePart,
    PagesRequest,
)
from makeready.preview.page_maker import PageMaker
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import Work

START = ":start"
"""Stands for the pages that were made first; git has no revision of that name."""

_START_NAME = "the preview was started"
_HEAD, _HEAD_NAME = "HEAD", "the last commit"
_NICENESS = 10
_MOST_KEPT = 4


def begin_comparing(request: BuildRequest) -> Work[MadeChanges]:
    """Keep the pages of revisions open between requests; runs in the child.

    It takes the processor only while nothing more urgent wants it.
    """
    with suppress(OSError):
        os.nice(_NICENESS)
    return PageChanges(replace(request, jobs=1)).make


@dataclass
class PageChanges:
    """Compares pages; those of a revision are made once."""

    build: BuildRequest
    _of_revisions: dict[tuple[str, str], MadePages] = field(default_factory=dict)
    _shown: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The revision that each edition was compared with last, whose pages may still be shown."""

    _files: int = 0

    def make(self, request: ChangesRequest, report: Report) -> MadeChanges:
        """Serve a request."""
        old, name = request.old, _START_NAME
        if old is None:
            old, name = self._at_revision(request, report)
        new = request.new
        assert old.file is not None
        assert new.file is not None
        digests = [page.digest for page in old.pages], [page.digest for page in new.pages]
        comparison = compare_files(
            old.file,
            new.file,
            lambda number, count: report(Step("Comparing", f"page {number + 1} of {count}")),
            digests,
        )
        with (
            pypdfium2.PdfDocument(old.file) as old_document,
            pypdfium2.PdfDocument(new.file) as new_document,
        ):
            before, after = _Pages(old, old_document), _Pages(new, new_document)
            pairs = tuple(
                ChangedPair(change_in_words(one), before.old_part(one), after.new_part(one))
                for one in comparison.shown()
            )
        return MadeChanges(
            new.edition,
            request.since,
            name,
            counts_in_words(comparison),
            pairs,
            old.file,
            new.file,
        )

    def _at_revision(self, request: ChangesRequest, report: Report) -> tuple[MadePages, str]:
        """Return the pages of the book at a revision, and what that is called."""
        repository = repository_of(self.build.book)
        if repository is None:
            raise UsageError("The book is not in a git repository.")
        commit = repository.commit(request.since)
        called = _HEAD_NAME if request.since == _HEAD else request.since
        name = f"{called} ({commit.short}, {commit.day})"
        key = request.new.edition, commit.name
        if key not in self._of_revisions:
            self._delete_oldest()
            book = exported(repository, commit, request.folder)
            self._files += 1
            file = request.folder / f"{commit.name}-{self._files}.pdf"
            self._of_revisions[key] = self._made(book, request.new.edition, file, report)
        self._shown[request.new.edition] = key
        return self._of_revisions[key], name

    def _delete_oldest(self) -> None:
        """Make room for one more revision, but keep those that are shown."""
        unused = [key for key in self._of_revisions if key not in self._shown.values()]
        for key in unused[: max(len(self._of_revisions) - _MOST_KEPT + 1, 0)]:
            file = self._of_revisions.pop(key).file
            assert file is not None
            file.unlink(missing_ok=True)

    def _made(self, book: Path, edition: str, file: Path, report: Report) -> MadePages:
        build = replace(self.build, book=book, editions=())
        session = BuildSession(build, None)
        try:
            pages = PagesRequest(build, edition, False, frozenset(), file)
            made = PageMaker(session).make(pages, report)
        finally:
            session.close()
        assert isinstance(made, MadePages)
        if made.edition != edition:
            raise FindingsError(f"The book had no edition “{edition}” at that revision.", "")
        if made.file is None:
            errors = [one.message for one in made.findings if one.severity is Severity.ERROR]
            reason = errors[0] if errors else made.error
            raise FindingsError(f"The pages at that revision cannot be made: {reason}", "")
        # Lines are for the way to the source, of which there is none.
        return replace(made, lines={}, findings=())


def exported(repository: Repository, commit: Commit, folder: Path) -> Path:
    """Return the folder of the book at a commit, which is there whole or not at all."""
    book, partial = folder / f"book-{commit.name}", folder / f"partial-{commit.name}"
    if not book.exists():
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        repository.export(commit, partial)
        partial.rename(book)
    return book


@dataclass
class _Pages:
    """The pages of a file, measured in the open ``document``."""

    made: MadePages
    document: pypdfium2.PdfDocument

    def old_part(self, one: ComparedPages) -> PagePart | None:
        """Return what is different about an old page."""
        return self._part(one.old, one.old_label, one.old_boxes, one.removed)

    def new_part(self, one: ComparedPages) -> PagePart | None:
        """Return what is different about a new page."""
        return self._part(one.new, one.new_label, one.new_boxes, one.added)

    def _part(
        self, number: int | None, label: str, boxes: tuple[Box, ...], texts: tuple[str, ...]
    ) -> PagePart | None:
        if number is None:
            return None
        page = self.document[number]
        trim, crop = page.get_trimbox(), page.get_cropbox()
        page.close()
        shares = tuple(_share(box, trim, crop) for box in boxes)
        # Blank pages of several sizes have one digest.
        digest = f"{self.made.edition} {self.made.pages[number].digest}"
        return PagePart(number, label, digest, shares, texts)


def _share(
    box: Box, trim: tuple[float, ...], crop: tuple[float, ...]
) -> tuple[float, float, float, float]:
    """Return a box, which is measured from the corner of ``crop``, in shares of ``trim``."""
    width, height = trim[2] - trim[0], trim[3] - trim[1]
    return (
        (crop[0] + box.left - trim[0]) / width,
        (trim[3] - crop[1] - box.top) / height,
        (box.right - box.left) / width,
        (box.top - box.bottom) / height,
    )
