"""One run: a book is read, and every edition that is ordered is made and checked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from makeready.book.model import Book, Edition, EditionKind, PageMap
from makeready.build.manifest import Artefact, describe, write_manifest
from makeready.build.request import (
    COVER,
    GUIDES,
    REFERENCE,
    WRAP,
    BuildRequest,
    BuildResult,
    apply_ignores,
    ebook_stem,
    file_name,
    passes,
    print_edition_of,
)
from makeready.build.session import BuildSession
from makeready.errors import FindingsError
from makeready.files import write_whole
from makeready.findings import Findings, SourceLocation
from makeready.fonts import Font
from makeready.manuscript.reader import read_book
from makeready.templates.environment import Layouts
from makeready.workers.profile import Profiler
from makeready.workers.progress import Report, Step

if TYPE_CHECKING:
    from makeready.build.pdf_editions import FinishedPdf
    from makeready.pagination.pagination import Pagination

_DRAFTS = ".draft"


def make_book(request: BuildRequest, report: Report, session: BuildSession) -> BuildResult:
    """Read the book and make what is ordered of it."""
    profiler, findings = Profiler(), Findings()
    session.begin_cover()
    session.begin_fonts()
    with profiler.stage("Reading"):
        book = read_book(
            request.book,
            findings,
            lambda name: report(Step("Reading", name)),
            session.unchanged_sections,
        )
    written: list[Artefact] = []
    if book is not None and not findings.errors:
        run = _Run(request, book, findings, report, profiler, session)
        with _faults_reported(findings, book):
            run.make_all(written)
    if book is not None:
        unused = request.is_whole and not findings.errors
        apply_ignores(book.ignores, findings, report_unused=unused)
    with profiler.stage("Writing"):
        session.trim()
        slug = book.metadata.slug if book is not None else ""
        write_manifest(request.output, written, findings.counts(), request.has, slug)
    return BuildResult(tuple(written), tuple(findings), profiler.profile())


@contextmanager
def _faults_reported(findings: Findings, book: Book) -> Iterator[None]:
    """Make a finding of a fault that ends the context."""
    try:
        yield
    except FindingsError as error:
        its_own = error.path and (book.root / error.path).is_file()
        location = SourceLocation(error.path, error.line) if its_own else None
        problem = error.problem if its_own else error.message
        findings.add("MET-091", location, problem=problem, hint=error.hint)


@dataclass
class _Run:
    """One run: what every edition shares."""

    request: BuildRequest
    book: Book
    findings: Findings
    report: Report
    profiler: Profiler
    session: BuildSession
    layouts: Layouts = field(init=False)
    fonts: tuple[Font, ...] = field(init=False)
    pages: dict[str, PageMap | None] = field(default_factory=dict)
    """Of each print edition that was typeset; None of one that could not be."""

    def make_all(self, written: list[Artefact]) -> None:
        """Make what is ordered, and add to ``written`` what was."""
        with self.stage("Preparing fonts"):
            self.layouts = self.session.layouts(self.book.root)
            self.fonts = self.session.fonts(self.layouts)
            self.session.documents.begin(self.book, self.layouts, self.fonts)
            self.session.section_pool.profiler = self.profiler
            editions = self.request.editions_of(self.book)
        if self.request.cover_only:
            for edition in self.book.editions:
                if edition.kind is EditionKind.PRINT:
                    written += self.make_wrap(edition)
            written += self.make_cover()
        for edition in editions:
            with _faults_reported(self.findings, self.book):
                written += self.make(edition)

    @contextmanager
    def stage(self, stage: str, edition: str = "") -> Iterator[None]:
        """Tell of a stage, and take its time, for as long as the context lasts."""
        self.report(Step(stage, edition=edition))
        with self.profiler.stage(stage, edition):
            yield

    def make(self, edition: Edition) -> list[Artefact]:
        """Make one edition; it is written only when nothing at error level is in it."""
        if edition.kind is EditionKind.EPUB:
            return self._make_epub(edition)
        written = self._make_pdf(edition)
        if written and edition.kind is EditionKind.PRINT:
            written += self.make_wrap(edition, written[0].pages)
        return written

    def _make_pdf(self, edition: Edition) -> list[Artefact]:
        # The engine is imported only after fontconfig is sealed.
        from makeready.build.pdf_editions import make_interior, make_screen  # noqa: PLC0415
        from makeready.pagination.fixed_point import SectionFailedError  # noqa: PLC0415

        make = make_interior if edition.kind is EditionKind.PRINT else make_screen
        found = Findings()
        self.pages[edition.name] = None
        try:
            with self.stage("Typesetting", edition.name):
                pagination = self._pagination(found, edition.name)
                if pagination.refuses(edition):
                    return []
                finished = make(pagination, edition)
            self.pages[edition.name] = finished.page_map
            written = self._written(edition, finished, found)
            has_passed = bool(written) and self.request.reference
            return written + (self._make_reference(pagination, edition) if has_passed else [])
        except SectionFailedError:
            return []
        finally:
            self.findings.extend(found)

    def _make_reference(self, pagination: Pagination, edition: Edition) -> list[Artefact]:
        """Make the engine's own file of an edition, to hold ours against."""
        from makeready.pagination.reference import reference_pdf  # noqa: PLC0415

        name = f"{self.book.metadata.slug}-{edition.name}-reference.pdf"
        with self.stage("Typesetting reference", edition.name):
            content, pages = reference_pdf(pagination, edition)
        with self.profiler.stage("Writing", edition.name):
            write_whole(self.request.output / name, content)
            return [self._described(name, edition.name, REFERENCE, pages)]

    def _written(self, edition: Edition, finished: FinishedPdf, found: Findings) -> list[Artefact]:
        """Write a PDF, check it, and put it in its place when it has passed."""
        from makeready.checks.print.interior import check_interior  # noqa: PLC0415
        from makeready.checks.print.requirements import requirements_of  # noqa: PLC0415
        from makeready.checks.print.screen_pdf import check_screen  # noqa: PLC0415

        if not passes(self.book.ignores, found):
            return []
        name = file_name(self.book, edition)
        with self._draft(name, edition, finished.content) as draft:
            with self.stage("Checking", edition.name):
                if edition.kind is EditionKind.PRINT:
                    check_interior(draft, requirements_of(edition), found)
                else:
                    check_screen(draft, edition, found)
            if not passes(self.book.ignores, found):
                return []
            with self.profiler.stage("Writing", edition.name):
                draft.replace(self.request.output / name)
                return [self._described(name, edition.name, edition.kind, finished.page_count)]

    @contextmanager
    def _draft(self, name: str, edition: Edition, content: bytes) -> Iterator[Path]:
        """Write a file to be checked; it goes when the context ends, if it has not been moved."""
        draft = self.request.output / _DRAFTS / name
        try:
            with self.profiler.stage("Writing", edition.name):
                write_whole(draft, content)
            yield draft
        finally:
            shutil.rmtree(draft.parent, ignore_errors=True)

    def _described(self, name: str, edition: str, kind: str, pages: int | None = None) -> Artefact:
        slug = self.book.metadata.slug
        return describe(self.request.output, name, edition, str(kind), pages, book=slug)

    def _make_epub(self, edition: Edition) -> list[Artefact]:
        from makeready.build.conformance import claim_if_it_holds  # noqa: PLC0415
        from makeready.epub.package import assemble, write_epub  # noqa: PLC0415

        page_map = self._page_map(edition)
        with self.stage("Packing", edition.name):
            publication = assemble(
                self.book, edition, self.layouts, self.fonts, page_map, self.session.images
            )
        with self.stage("Checking", edition.name):
            claim_if_it_holds(publication, self.book, edition, self.findings)
        cover = self.make_cover(edition.name)
        if not cover:
            return []
        name = file_name(self.book, edition)
        with self.profiler.stage("Writing", edition.name):
            picture = (self.request.output / cover[0].path).read_bytes()
            modified = self.book.metadata.modified
            write_epub(publication, picture, modified, self.request.output / name)
            return [*cover, self._described(name, edition.name, edition.kind)]

    def _listed(self, edition: Edition) -> Edition | None:
        """Return the print edition whose pages an e-book lists, if it is to list any."""
        return print_edition_of(edition, self.book) if self.request.page_list else None

    def _page_map(self, edition: Edition) -> PageMap | None:
        """Return the pages that an e-book lists; its print edition is typeset for them."""
        printed = self._listed(edition)
        if printed is None:
            return None
        if printed.name not in self.pages:
            from makeready.pagination.fixed_point import SectionFailedError  # noqa: PLC0415
            from makeready.pagination.page_list import listed_pages  # noqa: PLC0415

            # What is wrong with its pages is for a build of the print edition to tell.
            pagination = self._pagination(Findings(), printed.name)
            with self.stage("Typesetting", printed.name), suppress(SectionFailedError):
                if not pagination.refuses(printed):
                    settled = pagination.paginate(printed).settled
                    self.pages[printed.name] = listed_pages(settled, self.book.metadata, printed)
        if self.pages.get(printed.name) is None:
            names = {"edition": edition.name, "printed": printed.name}
            self.findings.add("EPU-011", SourceLocation("book.toml"), **names)
        return self.pages.get(printed.name)

    def make_cover(self, edition: str = "") -> list[Artefact]:
        """Make the cover's picture, of an edition or of the book."""
        found = Findings()
        with self.stage("Drawing cover", edition):
            picture = self.session.cover(self.book, self.layouts, self.fonts).finish()
        for finding in picture.findings:
            found.append(finding)
        self.findings.extend(found)
        if not passes(self.book.ignores, found):
            return []
        name = f"{ebook_stem(self.book, edition)}-cover.jpg"
        with self.profiler.stage("Writing", edition):
            write_whole(self.request.output / name, picture.jpeg)
            return [self._described(name, edition, COVER)]

    def make_wrap(self, edition: Edition, pages: int | None = None) -> list[Artefact]:
        """Make the printed cover of an edition, of so many pages or of those it is set to now."""
        from makeready.cover.guides import guided  # noqa: PLC0415
        from makeready.cover.wrap import make_wrap  # noqa: PLC0415
        from makeready.pagination.fixed_point import SectionFailedError  # noqa: PLC0415

        found = Findings()
        pagination = self._pagination(found, edition.name)
        try:
            if pages is None:
                with self.stage("Typesetting", edition.name):
                    if pagination.refuses(edition):
                        return []
                    settled = pagination.paginate(edition).settled
                    pages = settled.imposition.page_count
            with self.stage("Drawing cover", edition.name):
                wrap = make_wrap(pagination, edition, pages, self.session.wraps)
        except SectionFailedError:
            return []
        finally:
            self.findings.extend(found)
        if wrap is None or not passes(self.book.ignores, found):
            return []
        name = f"{self.book.metadata.slug}-{edition.name}-cover.pdf"
        if not self._wrap_passes(edition, pages, name, wrap.content):
            return []
        files = {name: (WRAP, wrap.content)}
        if self.request.guides:
            content = guided(wrap.content, wrap.geometry, wrap.barcode)
            files[f"{self.book.metadata.slug}-{edition.name}-cover-guides.pdf"] = (GUIDES, content)
        with self.profiler.stage("Writing", edition.name):
            for name, (_, content) in files.items():
                write_whole(self.request.output / name, content)
            return [
                self._described(name, edition.name, kind, 1) for name, (kind, _) in files.items()
            ]

    def _wrap_passes(self, edition: Edition, pages: int, name: str, content: bytes) -> bool:
        """Check a wrap; the one that stands in its place already has passed."""
        from makeready.checks.print.cover import check_cover, cover_requirements_of  # noqa: PLC0415

        standing = self.request.output / name
        if standing.is_file() and standing.read_bytes() == content:
            return True
        found = Findings()
        requirements = cover_requirements_of(edition, pages, self.book.metadata)
        with (
            self._draft(name, edition, content) as draft,
            self.stage("Checking", edition.name),
        ):
            check_cover(draft, requirements, found)
        self.findings.extend(found)
        return passes(self.book.ignores, found)

    def _pagination(self, found: Findings, edition: str) -> Pagination:
        from makeready.pagination.pagination import Pagination  # noqa: PLC0415

        section_pool = self.session.section_pool
        section_pool.reset_counts()

        def on_section(name: str) -> None:
            self.report(Step("Typesetting", name, edition, section_pool.counts))

        def stage(name: str) -> AbstractContextManager[None]:
            return self.stage(name, edition)

        store = self.session.store()
        return Pagination(
            self.book,
            self.layouts,
            self.fonts,
            found,
            section_pool,
            store,
            on_section,
            stage,
            self.session.documents,
        )
