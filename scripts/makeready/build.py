"""The whole line: a folder of Markdown in, the finished editions and their manifest out."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from makeready.artefacts import write_whole
from makeready.book.model import Book, Edition, EditionKind, Ignore
from makeready.errors import UsageError
from makeready.faces import Face, libraries_by_name, load_faces, seal_fontconfig
from makeready.findings import Finding, Findings, SourceLocation
from makeready.layout.environment import Layouts
from makeready.manifest import Artefact, describe, write_manifest
from makeready.manuscript.reader import read_book
from makeready.manuscript.readings import Readings
from makeready.printers.profile import least_pages
from makeready.watchdog import Report, Step, Stopped, engine_error, guarded

if TYPE_CHECKING:
    from makeready.pdf.fragments.crew import Crew
    from makeready.pdf.fragments.store import FragmentStore
    from makeready.pdf.pagination import Pagination

COVER = "cover"
_DRAFTS = ".draft"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: editions by name or by kind (all, when neither is named).

    ``cover_only`` makes the cover's picture and nothing else. ``jobs`` sections are set at a
    time, each within ``section_seconds``.
    """

    book: Path
    output: Path
    cache: Path
    editions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    cover_only: bool = False
    jobs: int = 1
    section_seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made and found."""

    artefacts: tuple[Artefact, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is a finding at error level."""
        return any(finding.severity == "error" for finding in self.findings)


def build(order: Order, report: Report, step_seconds: float) -> Outcome:
    """Make editions in a child process; a step that hangs or crashes becomes a finding."""
    try:
        order.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{order.output} cannot be the output folder: {error.strerror}.",
            "Name another folder with --output.",
        ) from error
    result = guarded(_build, order, report, step_seconds)
    if isinstance(result, Outcome):
        return result
    return Outcome(findings=(_stopped_finding(order, result),))


def _stopped_finding(order: Order, stopped: Stopped) -> Finding:
    name = stopped.step.name
    source = f"{name}.md"
    if not name or not (order.book / source).is_file():
        raise engine_error(stopped)
    findings = Findings()
    location = SourceLocation(source)
    if stopped.seconds is not None:
        return findings.add(
            "LAY-009", location, step=str(stopped.step), seconds=f"{stopped.seconds:g}"
        )
    return findings.add("LAY-010", location, step=str(stopped.step), reason=stopped.reason)


def _build(order: Order, report: Report) -> Outcome:
    """Read the book and make what is ordered; runs in the child."""
    findings = Findings()
    readings = Readings(order.cache / "readings")
    book = read_book(order.book, findings, lambda name: report(Step("Reading", name)), readings)
    if book is None or findings.errors:
        return _outcome(book, order, findings, ())
    run = _Run(order, book, findings, report)
    written: list[Artefact] = []
    try:
        if order.cover_only:
            written += run.make_cover()
        for edition in _ordered(order, book):
            written += run.make(edition)
    finally:
        run.crew.dismiss()
    run.store.trim()
    if written:
        write_manifest(order.output, written, findings.counts())
    return _outcome(book, order, findings, written)


def _outcome(
    book: Book | None, order: Order, findings: Findings, written: Sequence[Artefact]
) -> Outcome:
    if book is not None:
        whole = not (order.editions or order.kinds or order.cover_only)
        apply_ignores(book.ignores, findings, report_unused=whole and not findings.errors)
    return Outcome(tuple(written), tuple(findings))


def apply_ignores(ignores: Iterable[Ignore], findings: Findings, *, report_unused: bool) -> None:
    """Drop the findings that the book accepts; an ignore that drops none is a finding itself."""
    for ignore in ignores:
        dropped = [
            finding
            for finding in findings
            if finding.id == ignore.id
            and (not ignore.path or (finding.location and finding.location.path == ignore.path))
        ]
        for finding in dropped:
            findings.drop(finding)
        if not dropped and report_unused:
            findings.add("MET-090", SourceLocation("book.toml", ignore.line), id=ignore.id)


def _ordered(order: Order, book: Book) -> tuple[Edition, ...]:
    """Return the editions an order names, in the order of the book's own list."""
    if order.cover_only:
        return ()
    known = {edition.name for edition in book.editions}
    for name in order.editions:
        if name not in known:
            raise UsageError(
                f"The book has no edition “{name}”.", f"It has: {', '.join(sorted(known))}."
            )
    if not order.editions and not order.kinds:
        return book.editions
    return tuple(
        edition
        for edition in book.editions
        if edition.name in order.editions or edition.kind.value in order.kinds
    )


@dataclass
class _Run:
    """One run: what every edition shares."""

    order: Order
    book: Book
    findings: Findings
    report: Report
    layouts: Layouts = field(init=False)
    faces: tuple[Face, ...] = field(init=False)
    crew: Crew = field(init=False)
    store: FragmentStore = field(init=False)

    def __post_init__(self) -> None:
        self.layouts = Layouts(self.book.root)
        self.report(Step("Making the faces ready"))
        declaration = self.layouts.data_file("fonts.toml")
        self.faces = load_faces(declaration, self.order.cache / "faces")
        seal_fontconfig(self.order.cache / "fontconfig", self.faces)
        # The engine is imported only after fontconfig is sealed.
        with libraries_by_name():
            from makeready.pdf.fragments.crew import Crew  # noqa: PLC0415
        from makeready.pdf.fragments.store import FragmentStore  # noqa: PLC0415

        self.crew = Crew(self.order.jobs, self.order.section_seconds)
        self.store = FragmentStore(self.order.cache / "fragments")

    def make(self, edition: Edition) -> list[Artefact]:
        """Make one edition; it is written only when nothing at error level is in it."""
        if edition.kind is EditionKind.EPUB:
            return self._make_epub(edition)
        return self._make_pdf(edition)

    def _make_pdf(self, edition: Edition) -> list[Artefact]:
        # The engine is imported only after fontconfig is sealed.
        from makeready.checks.interior import check_interior  # noqa: PLC0415
        from makeready.checks.screen import check_screen  # noqa: PLC0415
        from makeready.pdf.editions import make_interior, make_screen  # noqa: PLC0415
        from makeready.pdf.fragments.settle import UnsettableError  # noqa: PLC0415

        printed = edition.kind is EditionKind.PRINT
        found = Findings()
        pagination = self._pagination(found, edition.name)
        if pagination.refuses(edition):
            self.findings.take(found)
            return []
        try:
            finished = (make_interior if printed else make_screen)(pagination, edition)
        except UnsettableError:
            self.findings.take(found)
            return []
        name = self.file_name(edition)
        draft = self.order.output / _DRAFTS / name
        try:
            if self._passes(found):
                write_whole(draft, finished.content)
                self.report(Step("Checking", edition.name))
                if printed:
                    check_interior(draft, edition, least_pages(edition), found)
                else:
                    check_screen(draft, edition, found)
            if not self._passes(found):
                return []
            draft.replace(self.order.output / name)
        finally:
            shutil.rmtree(draft.parent, ignore_errors=True)
            self.findings.take(found)
        pages = finished.page_count
        return [describe(self.order.output, name, edition.name, edition.kind.value, pages)]

    def _make_epub(self, edition: Edition) -> list[Artefact]:
        from makeready.epub.package import write_epub  # noqa: PLC0415

        cover = self.make_cover(edition.name)
        if not cover:
            return []
        self.report(Step("Packing", edition.name))
        name = self.file_name(edition)
        picture = (self.order.output / cover[0].path).read_bytes()
        write_epub(self.book, edition, self.layouts, self.faces, picture, self.order.output / name)
        return [*cover, describe(self.order.output, name, edition.name, edition.kind.value)]

    def make_cover(self, edition: str = "") -> list[Artefact]:
        """Make the cover's picture, of an edition or of the book."""
        from makeready.pdf.editions import make_cover_picture  # noqa: PLC0415

        self.report(Step("Drawing the cover"))
        found = Findings()
        picture = make_cover_picture(self._pagination(found, COVER))
        self.findings.take(found)
        if not self._passes(found):
            return []
        name = f"{self.book.metadata.slug}-cover.jpg"
        write_whole(self.order.output / name, picture)
        return [describe(self.order.output, name, edition, COVER)]

    def _pagination(self, found: Findings, edition: str) -> Pagination:
        from makeready.pdf.pagination import Pagination  # noqa: PLC0415

        def on_section(name: str) -> None:
            self.report(Step(f"Typesetting {edition}:", name))

        return Pagination(
            self.book, self.layouts, self.faces, found, self.crew, self.store, on_section
        )

    def _passes(self, found: Findings) -> bool:
        """Tell whether an edition may be written: no error but those the book accepts."""
        left = Findings()
        left.take(found)
        apply_ignores(self.book.ignores, left, report_unused=False)
        return not left.errors

    def file_name(self, edition: Edition) -> str:
        """Name an edition's file; a book's only EPUB goes by the book's own name."""
        slug = self.book.metadata.slug
        if edition.kind is not EditionKind.EPUB:
            return f"{slug}-{edition.name}.pdf"
        epubs = sum(other.kind is EditionKind.EPUB for other in self.book.editions)
        return f"{slug}.epub" if epubs == 1 else f"{slug}-{edition.name}.epub"
