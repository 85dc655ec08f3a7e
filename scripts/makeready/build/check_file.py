"""``makeready check FILE``: a PDF of any program, held against the rules of a printer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pikepdf
import pypdfium2

from makeready.build.request import BuildResult
from makeready.checks.print.cover import check_cover, cover_requirements_for
from makeready.checks.print.full_interior import check_interior_pages
from makeready.checks.print.requirements import PrintRequirements, requirements_for
from makeready.checks.print.whole_file import check_name
from makeready.checks.reading.document import error_text, open_pdf
from makeready.errors import UsageError
from makeready.findings import Findings, SourceLocation, relocated
from makeready.printers.sizes import TrimSize
from makeready.printers.unsupported import UnsupportedError
from makeready.workers.progress import Report, Step
from makeready.workers.supervisor import supervised_result

T = TypeVar("T")

_MALFORMED = (
    pikepdf.PdfError,
    pypdfium2.PdfiumError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
)
"""What a file that keeps to no standard makes the libraries say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalFiles:
    """The files for one printer, and what is to be ordered; ``trim`` None is read off the file."""

    interior: Path
    printer: str
    cover: Path | None = None
    binding: str = ""
    paper: str = ""
    ink: str = "black"
    trim: TrimSize | None = None
    spine_mm: float | None = None


def prove(submission: ExternalFiles, report: Report, step_seconds: float) -> BuildResult:
    """Check files from elsewhere in a child process, each within a time."""
    for path in filter(None, (submission.interior, submission.cover)):
        if not path.is_file():
            raise UsageError(f"File not found: {path.as_posix()}.", "Give the path of a PDF.")
    return supervised_result(_prove, submission, report, step_seconds)


def _prove(submission: ExternalFiles, report: Report) -> BuildResult:
    findings = Findings()
    interior, cover = submission.interior, submission.cover
    report(Step("Checking", interior.name))
    told = _checked(interior, findings, lambda found: _interior(submission, found, report))
    requirements, pages = told or (None, 0)
    if cover is not None and requirements is not None:
        report(Step("Checking", cover.name))
        _checked(cover, findings, lambda found: _cover(submission, requirements, pages, found))
    return BuildResult(findings=tuple(findings))


def _interior(
    submission: ExternalFiles, findings: Findings, report: Report
) -> tuple[PrintRequirements, int] | None:
    path = submission.interior
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return None
        pages = len(pdf.pages)
        if not pages:
            findings.add("PRN-063", SourceLocation(path.name))
            return None
        requirements = requirements_for(
            pdf,
            submission.printer,
            binding=submission.binding,
            paper=submission.paper,
            ink=submission.ink,
            trim=submission.trim,
        )
        check_name(path, requirements.profile.rules.file.interior_name, requirements, findings)
        _tell_refused_trim(requirements, findings, SourceLocation(path.name))
    check_interior_pages(
        path,
        requirements,
        findings,
        on_progress=lambda pages: report(Step("Measuring ink", f"on {pages}")),
    )
    return requirements, pages


def _tell_refused_trim(
    requirements: PrintRequirements, findings: Findings, location: SourceLocation
) -> None:
    try:
        requirements.profile.minimum_pages(requirements.trim, requirements.paper, requirements.ink)
    except UnsupportedError as error:
        # A paper that nobody named is asked for where it is needed: by the cover.
        if error.key == "trim":
            findings.add("PRN-062", location, problem=error.message, hint=error.hint)
        elif requirements.paper:
            raise


def _cover(
    submission: ExternalFiles, requirements: PrintRequirements, pages: int, findings: Findings
) -> None:
    assert submission.cover is not None
    check_name(submission.cover, requirements.profile.rules.file.cover_name, requirements, findings)
    check_cover(
        submission.cover, cover_requirements_for(requirements, pages, submission.spine_mm), findings
    )


def _checked(path: Path, findings: Findings, work: Callable[[Findings], T]) -> T | None:
    """Do a file's checks; what is found gets the path that was given."""
    found, result = Findings(), None
    location = SourceLocation(path.name)
    try:
        result = work(found)
    except UnsupportedError as error:
        if error.key in ("printer", "binding", "ink", "paper"):
            listed = error.hint or "`makeready printers` lists the printers."
            hint = f"{listed} Set it with --{error.key}."
            raise UsageError(error.message, hint) from error
        found.add("PRN-062", location, problem=error.message, hint=error.hint)
    except _MALFORMED as error:
        if not found.errors:
            found.add("PRN-052", location, reason=error_text(error, path))
    for finding in found:
        findings.append(relocated(finding, SourceLocation(path.as_posix())))
    return result
