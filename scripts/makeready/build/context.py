"""What all editions of one run share: the book, what it is made with, and where files go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from makeready.book.model import Book, Edition, EditionKind, PageMap
from makeready.build.coarse_images import CoarseImages
from makeready.build.manifest import DRAFT, Artefact, describe
from makeready.build.request import BuildRequest, draft_name, passes
from makeready.build.session import BuildSession
from makeready.errors import FindingsError
from makeready.files import write_whole
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font
from makeready.pagination.pagination import Pagination
from makeready.printers.print_job import PrintJob, print_job, shown_edition
from makeready.printers.refusals import pages_are_known, refusals_of, stand_in_job
from makeready.printers.unsupported import UnsupportedError
from makeready.templates.environment import Layouts
from makeready.workers.profile import Profiler
from makeready.workers.progress import Report, Step

if TYPE_CHECKING:
    from makeready.build.proof_context import ProofContext

REFUSED = "PRN-020"
"""The rule that a printer offers what an edition asks for."""


@dataclass
class BuildContext:
    """One run of a build; ``findings`` and ``page_maps`` grow as editions are made.

    Of a book that is not ``sound``, because it has an error that it does not accept, nothing is
    written but drafts.
    """

    request: BuildRequest
    book: Book
    findings: Findings
    report: Report
    profiler: Profiler
    session: BuildSession
    sound: bool = True
    layouts: Layouts = field(init=False)
    fonts: tuple[Font, ...] = field(init=False)
    page_maps: dict[str, PageMap | None] = field(default_factory=dict)
    """Of each print edition that was typeset; None of one that could not be."""

    proof: ProofContext | None = None
    coarse_images: CoarseImages = field(default_factory=CoarseImages)

    def prepare(self) -> None:
        """Prepare layouts, fonts and workers for the book."""
        with self.stage("Preparing fonts"):
            self.layouts = self.session.layouts(self.book.root)
            self.fonts = self.session.fonts(self.layouts)
            self.session.documents.start_run(self.book, self.layouts, self.fonts)
            self.session.section_pool.profiler = self.profiler

    @contextmanager
    def stage(self, stage: str, edition: str = "") -> Iterator[None]:
        """Report a stage, and measure its time, for as long as the context lasts."""
        self.report(Step(stage, edition=edition))
        with self.profiler.stage(stage, edition):
            yield

    @contextmanager
    def errors_reported(self, edition: str = "") -> Iterator[None]:
        """Make a finding of an error that a file of the book is at fault for."""
        try:
            yield
        except FindingsError as error:
            its_own = error.path and os.path.lexists(self.book.root / error.path)
            location = SourceLocation(error.path, error.line) if its_own else None
            problem = error.problem if its_own else error.message
            values = {"problem": problem, "hint": error.hint, "edition": edition}
            self.findings.add("MET-091", location, **values)

    def print_job(self, edition: Edition, findings: Findings) -> PrintJob | None:
        """Resolve the print job whose pages an edition shows; what is refused becomes findings.

        A job that stands in for a refused one has the same pages, or those of a draft; None where
        the pages are unknown. On a screen only what decides the pages matters.
        """
        shown = shown_edition(edition, self.book)
        refusals = refusals_of(shown)
        if not refusals:
            return print_job(shown)
        is_known = pages_are_known(refusals)
        if edition.kind is EditionKind.PRINT or not is_known:
            report_refusals(shown, findings)
        return stand_in_job(shown) if self.request.as_draft or is_known else None

    def book_of(self, edition: Edition) -> Book:
        """Return the book with its notes where an edition has them."""
        return self.session.notes.book_of(self.book, edition)

    def pagination(self, findings: Findings, edition: Edition) -> Pagination:
        """Return what typesets an edition, its findings going to ``findings``."""
        pool = self.session.section_pool
        pool.reset_counts()

        def on_section(name: str) -> None:
            self.report(Step("Typesetting", name, edition.name, pool.counts))

        def stage(name: str) -> AbstractContextManager[None]:
            return self.stage(name, edition.name)

        return Pagination(
            self.book_of(edition),
            self.layouts,
            self.fonts,
            findings,
            pool,
            self.session.store(),
            on_section,
            stage,
            self.session.documents,
            self.session.images_folder,
        )

    def passes(self, findings: Findings) -> bool:
        """Return whether a file with these findings is written: it is sound, or a draft."""
        return self.request.as_draft or (self.sound and passes(self.book.ignores, findings))

    @contextmanager
    def unchecked(self, name: str, edition: str, content: bytes) -> Iterator[Path]:
        """Write a file to be checked; it is removed after the context, unless it was moved."""
        unchecked = self.request.temporary_folder / name
        try:
            with self.profiler.stage("Writing", edition):
                write_whole(unchecked, content)
            yield unchecked
        finally:
            unchecked.unlink(missing_ok=True)

    def write(
        self, name: str, content: bytes, edition: str, kind: str, pages: int | None = None
    ) -> Artefact:
        """Write an artefact, and return its entry for the manifest."""
        with self.profiler.stage("Writing", edition):
            write_whole(self.request.output / name, content, self.request.temporary_folder)
            return self.describe(name, edition, kind, pages)

    def write_draft(
        self, name: str, content: bytes, edition: str, pages: int | None = None
    ) -> Artefact:
        """Write a draft of the file ``name``, and return its entry for the manifest."""
        return self.write(draft_name(name), content, edition, DRAFT, pages)

    def publish(self, checked: Path, edition: str, kind: str, pages: int | None = None) -> Artefact:
        """Move a file that passed its check to its place, and return its manifest entry."""
        with self.profiler.stage("Writing", edition):
            checked.replace(self.request.output / checked.name)
            return self.describe(checked.name, edition, kind, pages)

    def describe(self, name: str, edition: str, kind: str, pages: int | None = None) -> Artefact:
        """Return the manifest entry of a file that was written."""
        slug = self.book.metadata.slug
        return describe(self.request.output, name, edition, str(kind), pages, book=slug)


def report_refusals(edition: Edition, findings: Findings) -> tuple[UnsupportedError, ...]:
    """Report what the printer of an edition does not offer, and return it."""
    refusals = refusals_of(edition)
    for refusal in refusals:
        findings.add(
            REFUSED,
            edition.location(refusal.key),
            edition=edition.name,
            problem=refusal.message,
            hint=refusal.hint,
        )
    return refusals
