"""``makeready typography``: measure how the lines and pages of finished PDFs are set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from makeready.book.model import Book, EditionKind
from makeready.build.check_book import read_requested
from makeready.build.manifest import finished_files
from makeready.build.request import BuildRequest
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_objects import ObjectKind, PageObject
from makeready.errors import FindingsError, MakereadyError, UsageError
from makeready.findings import Finding, Findings, SourceLocation
from makeready.pdf_content.boxes import Box
from makeready.typography.figures import worst_of
from makeready.typography.measure import Typography, measure_pdf
from makeready.typography.pictures import PlacePicture, pictures_of
from makeready.typography.places import Place, PlaceKind
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Report, Step

PAGED_KINDS = frozenset({EditionKind.PRINT.value, EditionKind.SCREEN.value})
"""The kinds of artefacts that have pages of text."""
_COUNTED_ONLY = (PlaceKind.HYPHEN,)
"""Places of which none is worse than another, and which every page has."""


@dataclass(frozen=True, slots=True)
class LocatedPlace:
    """A place, and the line of the manuscript that it is from, if that is known.

    ``picture`` shows it, if pictures are asked for.
    """

    place: Place
    location: SourceLocation | None = None
    picture: PlacePicture | None = None


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """What was measured of a file: all of it but the places, and the worst of each kind."""

    path: Path
    typography: Typography
    worst: dict[PlaceKind, tuple[LocatedPlace, ...]]


@dataclass(frozen=True, slots=True)
class _How:
    """How a file is measured: see `measure_files`."""

    worst: int
    space_em: float | None
    draws: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """The files that were measured, the errors of the others, and why a book cannot be read."""

    files: tuple[MeasuredFile, ...] = ()
    errors: tuple[MakereadyError, ...] = ()
    findings: tuple[Finding, ...] = ()


def measure_files(
    files: Sequence[Path],
    request: BuildRequest | None,
    report: Report,
    step_seconds: float,
    *,
    worst: int,
    space_em: float | None = None,
    draws: bool = False,
) -> Measured:
    """Measure files, or the finished PDFs of the book requested, in child processes.

    ``worst`` is how many places of a kind are kept; those of a book are looked up in its
    manuscript. ``space_em`` is the word space of the font, if it is known. Whoever ``draws`` has
    pictures of the places too.
    """
    for path in files:
        if not path.is_file():
            raise UsageError(f"File not found: {path.as_posix()}.", "Give the path of a PDF.")
    how = _How(worst, space_em, draws)
    if request is not None:
        work = partial(_measure_of_book, files=files, how=how)
        measured = run_limited(work, request, report, step_seconds)
        if isinstance(measured, Stopped):
            raise FindingsError(f"The book was not measured: {measured.reason}.", measured.hint)
        return measured
    one_file = partial(_measure, book=None, how=how)
    return _all_of(files, lambda path: run_limited(one_file, path, report, step_seconds))


def _all_of(files: Iterable[Path], measure: Callable[[Path], MeasuredFile | Stopped]) -> Measured:
    """Measure files; the error of one does not stop the others."""
    measured, errors = list[MeasuredFile](), list[MakereadyError]()
    for path in files:
        try:
            one = measure(path)
        except FindingsError as error:
            errors.append(error)
            continue
        if isinstance(one, Stopped):
            problem = f"{path.as_posix()} cannot be measured: {one.reason}."
            errors.append(FindingsError(problem, one.hint))
        else:
            measured.append(one)
    return Measured(tuple(measured), tuple(errors))


def _measure_of_book(
    request: BuildRequest,
    report: Report,
    *,
    files: Sequence[Path],
    how: _How,
) -> Measured:
    findings = Findings()
    book = read_requested(request, findings, report)
    if book is None:
        return Measured(findings=tuple(findings))
    return _all_of(
        files or list(_finished_pdfs(request, book)),
        lambda path: _measure(path, report, book=book, how=how),
    )


def _finished_pdfs(request: BuildRequest, book: Book) -> Iterator[Path]:
    """Yield the finished PDFs with the pages of a book; UsageError if there is none."""
    paths = [
        request.output / artefact.path
        for artefact in finished_files(request.output, book.metadata.slug)
        if artefact.kind in PAGED_KINDS
    ]
    if not paths:
        raise UsageError(
            f"No finished PDF of this book in {request.output.as_posix()}.",
            "Run `makeready build` first, or name the folder with --output.",
        )
    yield from paths


def figures_of_file(path: Path, report: Report) -> dict[str, int | float | None] | None:
    """Return the figures of a PDF as they are in JSON; None if it has no text."""
    try:
        return measure_pdf(path, on_progress=partial(_report, report, path)).figures.as_data()
    except FindingsError:
        return None


def _report(report: Report, path: Path, page: int, pages: int) -> None:
    report(Step("Measuring", f"{path.name}, page {page + 1} of {pages}"))


def _measure(path: Path, report: Report, *, book: Book | None, how: _How) -> MeasuredFile:
    report(Step("Measuring", path.name))
    typography = measure_pdf(path, how.space_em, partial(_report, report, path))
    # Lines are looked up one by one.
    report(Step("Looking up lines of", path.name))
    locator = ManuscriptLocator(SourceLocation(""), book)
    worst = {
        kind: worst_of(typography.places, kind, how.worst)
        for kind in PlaceKind
        if kind not in _COUNTED_ONLY
    }
    pictures: dict[Place, PlacePicture] = {}
    if how.draws:
        report(Step("Drawing places of", path.name))
        every = [place for places in worst.values() for place in places]
        pictures = pictures_of(path, every, typography.leading_pt)
    return MeasuredFile(
        path,
        replace(typography, places=()),
        {
            kind: tuple(
                LocatedPlace(place, _location_of(place, locator), pictures.get(place))
                for place in places
            )
            for kind, places in worst.items()
        },
    )


def _location_of(place: Place, locator: ManuscriptLocator) -> SourceLocation | None:
    shown = PageObject(ObjectKind.TEXT, Box(0, 0, 0, 0), text=place.before + place.text)
    location = locator.location_of(shown)
    return location if location.path else None
