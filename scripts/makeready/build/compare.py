"""``makeready diff``: the pages of two files, or of a book at two times, compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from makeready.book.config import read_config
from makeready.book.model import BOOK_FILE, Edition, EditionKind
from makeready.build.job import build
from makeready.build.request import BuildRequest
from makeready.comparison.compare_files import Comparison, compare_files
from makeready.comparison.comparison_pdf import comparison_pdf
from makeready.errors import FindingsError, UsageError
from makeready.external.git import repository_of
from makeready.findings import Findings
from makeready.fonts import seal_fontconfig
from makeready.fonts.instances import load_book_fonts
from makeready.templates.environment import Layouts
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Report, Step

_PAGED = (EditionKind.PRINT, EditionKind.SCREEN)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two files: where it is, and what it is called."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Work:
    old: Side
    new: Side
    cache: Path
    draws: bool


def compare(
    old: Side, new: Side, cache: Path, report: Report, step_seconds: float, *, draws: bool
) -> tuple[Comparison, bytes]:
    """Compare two PDFs in a child process.

    The bytes are those of a PDF with both side by side, none unless it ``draws`` one.
    """
    for side in (old, new):
        if not side.path.is_file():
            raise UsageError(f"File not found: {side.path.as_posix()}.", "Give the path of a PDF.")
    done = run_limited(_compare, _Work(old, new, cache, draws), report, step_seconds)
    if isinstance(done, Stopped):
        raise FindingsError(f"The files cannot be compared: {done.reason}.", done.hint)
    return done


def _compare(work: _Work, report: Report) -> tuple[Comparison, bytes]:
    report(Step("Reading", f"{work.old.name} and {work.new.name}"))

    def on_page(number: int, count: int) -> None:
        report(Step("Comparing", f"page {number + 1} of {count}"))

    comparison = compare_files(work.old.path, work.new.path, on_page)
    if not work.draws:
        return comparison, b""
    report(Step("Drawing comparison"))
    layouts = Layouts()
    fonts = load_book_fonts(layouts.data_files("fonts.toml"), None, work.cache / "faces")
    seal_fontconfig(fonts)
    content = comparison_pdf(
        comparison,
        work.old.path,
        work.new.path,
        (work.old.name, work.new.name),
        layouts.stylesheet("comparison.css"),
        fonts,
    )
    return comparison, content


@contextmanager
def sides_of_folders(
    old: BuildRequest, new: BuildRequest, edition: str, report: Report, step_seconds: float
) -> Iterator[tuple[Side, Side]]:
    """Yield the pages of an edition of two books, which are built in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="makeready-") as folder:
        sides = []
        for name, request in (("old", old), ("new", new)):
            chosen = edition or _first_paged(request.book).name
            path = _built(
                replace(request, output=Path(folder) / name), chosen, report, step_seconds
            )
            sides.append(Side(path, request.book.as_posix()))
        yield sides[0], sides[1]


@contextmanager
def sides_since(
    request: BuildRequest, since: str, edition: str, report: Report, step_seconds: float
) -> Iterator[tuple[Side, Side]]:
    """Yield the pages of an edition of a book at a revision in git, and as they are now."""
    repository = repository_of(request.book)
    if repository is None:
        raise UsageError(
            f"{request.book.as_posix()} is not in a git repository, so nothing is known of "
            f"“{since}”.",
            "Give two PDFs: makeready diff old.pdf new.pdf",
        )
    commit = repository.commit(since)
    with tempfile.TemporaryDirectory(prefix="makeready-") as folder:
        book = Path(folder) / "book"
        book.mkdir()
        repository.export(commit, book)
        chosen = edition or _first_paged(request.book).name
        before = replace(request, book=book)
        with sides_of_folders(before, request, chosen, report, step_seconds) as (old, new):
            yield replace(old, name=f"{since} ({commit.day})"), replace(new, name="now")


def _first_paged(folder: Path) -> Edition:
    """Return the first print edition of a book, or else its first screen edition."""
    if not (folder / BOOK_FILE).is_file():
        raise UsageError(f"{folder.as_posix()} has no {BOOK_FILE}.", "Give the folder of a book.")
    findings = Findings()
    config = read_config(folder, findings)
    editions = config.editions if config is not None else ()
    for kind in _PAGED:
        for edition in editions:
            if edition.kind is kind:
                return edition
    reason = next((one.message for one in findings.errors), "it has no edition with pages")
    raise UsageError(f"{folder.as_posix()} cannot be compared: {reason}", "Give two PDFs.")


def _built(request: BuildRequest, edition: str, report: Report, step_seconds: float) -> Path:
    """Build the pages of an edition, and return the path of the file."""
    wanted = replace(request, editions=(edition,), as_draft=True, pages_only=True)
    result = build(wanted, report, step_seconds)
    if not result.artefacts:
        reason = next((one.message for one in result.findings if one.severity == "error"), "")
        raise FindingsError(
            f"{request.book.as_posix()} has no pages to compare: {reason}",
            "Run `makeready build` there to see all that is wrong.",
        )
    return request.output / result.artefacts[0].path
