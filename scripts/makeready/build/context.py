"""What all editions of one run share: the book, what it is made with, and where files go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.model import Book, Edition, PageMap
from makeready.build.manifest import Artefact, describe
from makeready.build.request import BuildRequest, passes
from makeready.build.session import BuildSession
from makeready.errors import FindingsError
from makeready.files import write_whole
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font
from makeready.pagination.pagination import Pagination
from makeready.printers.print_job import PrintJob, print_job, shown_edition
from makeready.printers.unsupported import UnsupportedError
from makeready.templates.environment import Layouts
from makeready.workers.profile import Profiler
from makeready.workers.progress import Report, Step


@dataclass
class BuildContext:
    """One run of a build; ``findings`` and ``page_maps`` grow as editions are made."""

    request: BuildRequest
    book: Book
    findings: Findings
    report: Report
    profiler: Profiler
    session: BuildSession
    layouts: Layouts = field(init=False)
    fonts: tuple[Font, ...] = field(init=False)
    page_maps: dict[str, PageMap | None] = field(default_factory=dict)
    """Of each print edition that was typeset; None of one that could not be."""

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
            its_own = error.path and (self.book.root / error.path).is_file()
            location = SourceLocation(error.path, error.line) if its_own else None
            problem = error.problem if its_own else error.message
            values = {"problem": problem, "hint": error.hint, "edition": edition}
            self.findings.add("MET-091", location, **values)

    def print_job(self, edition: Edition, findings: Findings) -> PrintJob | None:
        """Resolve the print job whose pages an edition shows; a refusal is a finding, and None."""
        shown = shown_edition(edition, self.book)
        try:
            job = print_job(shown)
            job.refuse_unsupported()
        except UnsupportedError as error:
            findings.add(
                "PRN-020",
                shown.location(error.key),
                edition=shown.name,
                problem=error.message,
                hint=error.hint,
            )
            return None
        return job

    def pagination(self, findings: Findings, edition: str) -> Pagination:
        """Return what typesets an edition, its findings going to ``findings``."""
        pool = self.session.section_pool
        pool.reset_counts()

        def on_section(name: str) -> None:
            self.report(Step("Typesetting", name, edition, pool.counts))

        def stage(name: str) -> AbstractContextManager[None]:
            return self.stage(name, edition)

        return Pagination(
            self.book,
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
        """Whether findings are no errors but those that the book accepts."""
        return passes(self.book.ignores, findings)

    @contextmanager
    def draft(self, name: str, edition: str, content: bytes) -> Iterator[Path]:
        """Write a file to be checked; it is removed after the context, unless it was moved."""
        draft = self.request.draft_folder / name
        try:
            with self.profiler.stage("Writing", edition):
                write_whole(draft, content)
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def write(
        self, name: str, content: bytes, edition: str, kind: str, pages: int | None = None
    ) -> Artefact:
        """Write an artefact, and return its entry for the manifest."""
        with self.profiler.stage("Writing", edition):
            write_whole(self.request.output / name, content, self.request.draft_folder)
            return self.describe(name, edition, kind, pages)

    def publish(self, draft: Path, edition: str, kind: str, pages: int | None = None) -> Artefact:
        """Move a draft that passed its check to its place, and return its manifest entry."""
        with self.profiler.stage("Writing", edition):
            draft.replace(self.request.output / draft.name)
            return self.describe(draft.name, edition, kind, pages)

    def describe(self, name: str, edition: str, kind: str, pages: int | None = None) -> Artefact:
        """Return the manifest entry of a file that was written."""
        slug = self.book.metadata.slug
        return describe(self.request.output, name, edition, str(kind), pages, book=slug)
