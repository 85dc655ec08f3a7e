"""``makeready measures``: how densely the editions of a book are set, and in other sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from makeready.book.model import Book, Edition, EditionKind
from makeready.build.check_book import read_requested
from makeready.build.request import BuildRequest
from makeready.build.session import BuildSession
from makeready.errors import UsageError
from makeready.findings import Finding, Findings, Severity
from makeready.fonts import Font
from makeready.pagination.density import Density, density_of
from makeready.pagination.measures import TypeSize
from makeready.pagination.page_geometry import page_geometry
from makeready.printers.print_job import PrintJob, print_job
from makeready.printers.refusals import refusals_of
from makeready.printers.spine import job_spine
from makeready.printers.unsupported import UnsupportedError
from makeready.templates.environment import Layouts
from makeready.workers.progress import Report
from makeready.workers.supervisor import Terminated, run_supervised, termination_error

_STEPS_PT = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0)
"""Sizes beside that of the edition."""

_LEAST_PT = 7.0
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class SizeRow:
    """An edition in a type size; ``spine_mm`` is None where the printer has no rule for it.

    ``is_own`` marks the size that the edition has. ``most_pages`` is what the printer binds.
    """

    density: Density
    spine_mm: float | None
    is_own: bool
    most_pages: int | None


@dataclass(frozen=True, slots=True)
class EditionSizes:
    """A print edition in several type sizes."""

    edition: str
    trim: str
    rows: tuple[SizeRow, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The editions of a book, and the errors because of which there may be none."""

    editions: tuple[EditionSizes, ...]
    errors: tuple[Finding, ...] = ()


def measure_density(
    request: BuildRequest, sizes_pt: Sequence[float], report: Report, step_seconds: float
) -> Measured:
    """Return the density of print editions, of a book that is read in a child process.

    Without ``sizes_pt`` each is shown in its own size and some beside it.
    """
    measured = run_supervised(_measure, (request, tuple(sizes_pt)), report, step_seconds)
    if isinstance(measured, Terminated):
        raise termination_error(measured)
    return measured


def _measure(ordered: tuple[BuildRequest, tuple[float, ...]], report: Report) -> Measured:
    request, sizes_pt = ordered
    findings = Findings()
    book = read_requested(request, findings, report)
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    if book is None:
        return Measured((), errors)
    editions = [e for e in request.editions_of(book) if e.kind is EditionKind.PRINT]
    if not editions:
        raise UsageError("The book has no such print edition.", "Name one, or add one.")
    session = BuildSession(request, None)
    try:
        layouts = session.layouts(book.root)
        fonts = session.fonts(layouts)
        measured = tuple(
            EditionSizes(
                edition.name,
                f"{edition.trim_width_pt / 72:g} × {edition.trim_height_pt / 72:g} in",
                tuple(_rows(book, edition, layouts, fonts, sizes_pt)),
            )
            for edition in editions
            if not refusals_of(edition)
        )
    finally:
        session.close()
    return Measured(measured, errors)


def _rows(
    book: Book,
    edition: Edition,
    layouts: Layouts,
    fonts: tuple[Font, ...],
    sizes_pt: Sequence[float],
) -> Iterator[SizeRow]:
    job = print_job(edition)
    own = _estimated(book, job, layouts, fonts, TypeSize(edition.size_pt, edition.leading_pt))
    sizes = set(sizes_pt) or {
        size for step in _STEPS_PT if (size := own.size_pt + step) >= _LEAST_PT
    }
    for size_pt in sorted(sizes | {own.size_pt}):
        is_own = size_pt == own.size_pt
        density = own if is_own else _estimated(book, job, layouts, fonts, TypeSize(size_pt))
        spine_mm = None
        with suppress(UnsupportedError):
            spine_mm = job_spine(_without_template(job), density.pages).width_mm
        yield SizeRow(density, spine_mm, is_own, job.maximum_pages)


def _without_template(job: PrintJob) -> PrintJob:
    """Return a job without the spine of a template, which is one for another page count."""
    return replace(job, edition=replace(job.edition, spine_mm=None))


def _estimated(
    book: Book, job: PrintJob, layouts: Layouts, fonts: tuple[Font, ...], size: TypeSize
) -> Density:
    """Return the density in a size; the gutter follows the page count, as in a build."""
    pages, density = 0, None
    for _ in range(_ROUNDS):
        geometry = page_geometry(
            *job.trim,
            job.profile.gutter_pt(pages),
            job.profile.outside_margin_pt(bleed=book.needs_bleed(job.edition)),
            layouts.data_files("measures.toml"),
            book.metadata.language,
            size,
        )
        density = density_of(book, job, geometry, fonts)
        if density.pages == pages:
            break
        pages = density.pages
    assert density is not None
    return density
