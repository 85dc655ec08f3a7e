"""The process that compares the pages of an edition with what they were."""

from __future__ import annotations

import os
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
from makeready.external.git import repository_of
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
    return _PageChanges(replace(request, jobs=1)).make


@dataclass
class _PageChanges:
    """Compares pages; those of a revision are made once."""

    build: BuildRequest
    _of_revisions: dict[tuple[str, str], MadePages] = field(default_factory=dict)
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
        before, after = _Pages(old), _Pages(new)
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
            while len(self._of_revisions) >= _MOST_KEPT:
                del self._of_revisions[next(iter(self._of_revisions))]
            book = request.folder / f"book-{commit.name}"
            if not book.exists():
                book.mkdir(parents=True)
                repository.export(commit, book)
            self._files += 1
            file = request.folder / f"{commit.name}-{self._files}.pdf"
            self._of_revisions[key] = self._made(book, request.new.edition, file, report)
        return self._of_revisions[key], name

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
            raise FindingsError(f"The book had no edition “{edition}” then.", "")
        if made.file is None:
            errors = [one.message for one in made.findings if one.severity is Severity.ERROR]
            raise FindingsError(
                f"The pages of then cannot be made: {errors[0] if errors else made.error}", ""
            )
        # Lines are for the way to the source, of which there is none.
        return replace(made, lines={}, findings=())


@dataclass
class _Pages:
    """The pages of a file, measured."""

    made: MadePages

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
        assert self.made.file is not None
        document = pypdfium2.PdfDocument(self.made.file)
        page = document[number]
        trim, crop = page.get_trimbox(), page.get_cropbox()
        page.close()
        document.close()
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
