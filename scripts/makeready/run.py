"""One run: a book is read, and every edition that is ordered is made and checked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from makeready.artefacts import write_whole
from makeready.book.model import Book, Edition, EditionKind, PageMap
from makeready.composing import ComposingRoom
from makeready.errors import FindingsError
from makeready.faces import Face
from makeready.findings import Findings, SourceLocation
from makeready.layout.environment import Layouts
from makeready.manifest import Artefact, describe, write_manifest
from makeready.manuscript.reader import read_book
from makeready.order import (
    COVER,
    GUIDES,
    REFERENCE,
    WRAP,
    Order,
    Outcome,
    apply_ignores,
    ebook_stem,
    file_name,
    passes,
    print_edition_of,
)
from makeready.progress import Report, Step
from makeready.stopwatch import Stopwatch

if TYPE_CHECKING:
    from makeready.pdf.editions import FinishedPdf
    from makeready.pdf.pagination import Pagination

_DRAFTS = ".draft"


def make_book(order: Order, report: Report, room: ComposingRoom) -> Outcome:
    """Read the book and make what is ordered of it."""
    stopwatch, findings = Stopwatch(), Findings()
    room.begin_cover()
    room.begin_faces()
    with stopwatch.stage("Reading"):
        book = read_book(
            order.book, findings, lambda name: report(Step("Reading", name)), room.readings
        )
    written: list[Artefact] = []
    if book is not None and not findings.errors:
        run = _Run(order, book, findings, report, stopwatch, room)
        with _faults_told(findings, book):
            run.make_all(written)
    if book is not None:
        unused = order.is_whole and not findings.errors
        apply_ignores(book.ignores, findings, report_unused=unused)
    with stopwatch.stage("Writing"):
        room.trim()
        slug = book.metadata.slug if book is not None else ""
        write_manifest(order.output, written, findings.counts(), order.has, slug)
    return Outcome(tuple(written), tuple(findings), stopwatch.sheet())


@contextmanager
def _faults_told(findings: Findings, book: Book) -> Iterator[None]:
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

    order: Order
    book: Book
    findings: Findings
    report: Report
    stopwatch: Stopwatch
    room: ComposingRoom
    layouts: Layouts = field(init=False)
    faces: tuple[Face, ...] = field(init=False)
    pages: dict[str, PageMap | None] = field(default_factory=dict)
    """Of each print edition that was typeset; None of one that could not be."""

    def make_all(self, written: list[Artefact]) -> None:
        """Make what is ordered, and add to ``written`` what was."""
        with self.stage("Making the faces ready"):
            self.layouts = self.room.layouts(self.book.root)
            self.faces = self.room.faces(self.layouts)
            self.room.markups.begin(self.book, self.layouts, self.faces)
            self.room.crew.stopwatch = self.stopwatch
            editions = self.order.editions_of(self.book)
        if self.order.cover_only:
            for edition in self.book.editions:
                if edition.kind is EditionKind.PRINT:
                    written += self.make_wrap(edition)
            written += self.make_cover()
        for edition in editions:
            with _faults_told(self.findings, self.book):
                written += self.make(edition)

    @contextmanager
    def stage(self, stage: str, edition: str = "") -> Iterator[None]:
        """Tell of a stage, and take its time, for as long as the context lasts."""
        self.report(Step(stage, edition=edition))
        with self.stopwatch.stage(stage, edition):
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
        from makeready.pdf.editions import make_interior, make_screen  # noqa: PLC0415
        from makeready.pdf.fragments.settle import UnsettableError  # noqa: PLC0415

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
            has_passed = bool(written) and self.order.reference
            return written + (self._make_reference(pagination, edition) if has_passed else [])
        except UnsettableError:
            return []
        finally:
            self.findings.take(found)

    def _make_reference(self, pagination: Pagination, edition: Edition) -> list[Artefact]:
        """Make the engine's own file of an edition, to hold ours against."""
        from makeready.pdf.reference import reference_pdf  # noqa: PLC0415

        name = f"{self.book.metadata.slug}-{edition.name}-reference.pdf"
        with self.stage("Typesetting for reference", edition.name):
            content, pages = reference_pdf(pagination, edition)
        with self.stopwatch.stage("Writing", edition.name):
            write_whole(self.order.output / name, content)
            return [self._described(name, edition.name, REFERENCE, pages)]

    def _written(self, edition: Edition, finished: FinishedPdf, found: Findings) -> list[Artefact]:
        """Write a PDF, check it, and put it in its place when it has passed."""
        from makeready.checks.demands import demands_of  # noqa: PLC0415
        from makeready.checks.interior import check_interior  # noqa: PLC0415
        from makeready.checks.screen import check_screen  # noqa: PLC0415

        if not passes(self.book.ignores, found):
            return []
        name = file_name(self.book, edition)
        with self._draft(name, edition, finished.content) as draft:
            with self.stage("Checking", edition.name):
                if edition.kind is EditionKind.PRINT:
                    check_interior(draft, demands_of(edition), found)
                else:
                    check_screen(draft, edition, found)
            if not passes(self.book.ignores, found):
                return []
            with self.stopwatch.stage("Writing", edition.name):
                draft.replace(self.order.output / name)
                return [self._described(name, edition.name, edition.kind, finished.page_count)]

    @contextmanager
    def _draft(self, name: str, edition: Edition, content: bytes) -> Iterator[Path]:
        """Write a file to be checked; it goes when the context ends, if it has not been moved."""
        draft = self.order.output / _DRAFTS / name
        try:
            with self.stopwatch.stage("Writing", edition.name):
                write_whole(draft, content)
            yield draft
        finally:
            shutil.rmtree(draft.parent, ignore_errors=True)

    def _described(self, name: str, edition: str, kind: str, pages: int | None = None) -> Artefact:
        slug = self.book.metadata.slug
        return describe(self.order.output, name, edition, str(kind), pages, book=slug)

    def _make_epub(self, edition: Edition) -> list[Artefact]:
        from makeready.conformance import claim_if_it_holds  # noqa: PLC0415
        from makeready.epub.package import assemble, write_epub  # noqa: PLC0415

        page_map = self._page_map(edition)
        with self.stage("Packing", edition.name):
            publication = assemble(
                self.book, edition, self.layouts, self.faces, page_map, self.room.images
            )
        with self.stage("Checking", edition.name):
            claim_if_it_holds(publication, self.book, edition, self.findings)
        cover = self.make_cover(edition.name)
        if not cover:
            return []
        name = file_name(self.book, edition)
        with self.stopwatch.stage("Writing", edition.name):
            picture = (self.order.output / cover[0].path).read_bytes()
            modified = self.book.metadata.modified
            write_epub(publication, picture, modified, self.order.output / name)
            return [*cover, self._described(name, edition.name, edition.kind)]

    def _listed(self, edition: Edition) -> Edition | None:
        """Return the print edition whose pages an e-book lists, if it is to list any."""
        return print_edition_of(edition, self.book) if self.order.page_list else None

    def _page_map(self, edition: Edition) -> PageMap | None:
        """Return the pages that an e-book lists; its print edition is typeset for them."""
        printed = self._listed(edition)
        if printed is None:
            return None
        if printed.name not in self.pages:
            from makeready.pdf.fragments.settle import UnsettableError  # noqa: PLC0415
            from makeready.pdf.page_list import listed_pages  # noqa: PLC0415

            # What is wrong with its pages is for a build of the print edition to tell.
            pagination = self._pagination(Findings(), printed.name)
            with self.stage("Typesetting", printed.name), suppress(UnsettableError):
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
        with self.stage("Drawing the cover", edition):
            picture = self.room.cover(self.book, self.layouts, self.faces).finish()
        for finding in picture.findings:
            found.keep(finding)
        self.findings.take(found)
        if not passes(self.book.ignores, found):
            return []
        name = f"{ebook_stem(self.book, edition)}-cover.jpg"
        with self.stopwatch.stage("Writing", edition):
            write_whole(self.order.output / name, picture.jpeg)
            return [self._described(name, edition, COVER)]

    def make_wrap(self, edition: Edition, pages: int | None = None) -> list[Artefact]:
        """Make the printed cover of an edition, of so many pages or of those it is set to now."""
        from makeready.pdf.fragments.settle import UnsettableError  # noqa: PLC0415
        from makeready.pdf.guides import guided  # noqa: PLC0415
        from makeready.pdf.wrap import make_wrap  # noqa: PLC0415

        found = Findings()
        pagination = self._pagination(found, edition.name)
        try:
            if pages is None:
                with self.stage("Typesetting", edition.name):
                    if pagination.refuses(edition):
                        return []
                    settled = pagination.paginate(edition).settled
                    pages = settled.imposition.page_count
            with self.stage("Drawing the cover", edition.name):
                wrap = make_wrap(pagination, edition, pages, self.room.wraps)
        except UnsettableError:
            return []
        finally:
            self.findings.take(found)
        if wrap is None or not passes(self.book.ignores, found):
            return []
        name = f"{self.book.metadata.slug}-{edition.name}-cover.pdf"
        if not self._wrap_passes(edition, pages, name, wrap.content):
            return []
        files = {name: (WRAP, wrap.content)}
        if self.order.guides:
            content = guided(wrap.content, wrap.geometry, wrap.barcode)
            files[f"{self.book.metadata.slug}-{edition.name}-cover-guides.pdf"] = (GUIDES, content)
        with self.stopwatch.stage("Writing", edition.name):
            for name, (_, content) in files.items():
                write_whole(self.order.output / name, content)
            return [
                self._described(name, edition.name, kind, 1) for name, (kind, _) in files.items()
            ]

    def _wrap_passes(self, edition: Edition, pages: int, name: str, content: bytes) -> bool:
        """Check a wrap; the one that stands in its place already has passed."""
        from makeready.checks.cover import check_cover, cover_demands_of  # noqa: PLC0415

        standing = self.order.output / name
        if standing.is_file() and standing.read_bytes() == content:
            return True
        found = Findings()
        demands = cover_demands_of(edition, pages, self.book.metadata)
        with (
            self._draft(name, edition, content) as draft,
            self.stage("Checking", edition.name),
        ):
            check_cover(draft, demands, found)
        self.findings.take(found)
        return passes(self.book.ignores, found)

    def _pagination(self, found: Findings, edition: str) -> Pagination:
        from makeready.pdf.pagination import Pagination  # noqa: PLC0415

        crew = self.room.crew
        crew.begin_tally()

        def on_section(name: str) -> None:
            self.report(Step("Typesetting", name, edition, crew.tally))

        def stage(name: str) -> AbstractContextManager[None]:
            return self.stage(name, edition)

        store = self.room.store()
        return Pagination(
            self.book,
            self.layouts,
            self.faces,
            found,
            crew,
            store,
            on_section,
            stage,
            self.room.markups,
        )
