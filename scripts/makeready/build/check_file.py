"""``makeready check FILE``: check a PDF of any program against the rules of a printer."""

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
from makeready.checks.reading.document import error_text, open_pdf, report_unmeasurable
from makeready.errors import UsageError
from makeready.findings import Findings, SourceLocation, relocated
from makeready.printers.sizes import TrimSize
from makeready.printers.unsupported import UnsupportedError
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Report, Step

T = TypeVar("T")

_MALFORMED = (
    pikepdf.PikepdfError,
    pypdfium2.PdfiumError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
)
"""The exceptions that libraries raise for malformed files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalFiles:
    """Files for one printer, and the binding to order; ``trim`` None is read from the file."""

    interior: Path
    printer: str
    cover: Path | None = None
    binding: str = ""
    paper: str = ""
    ink: str = "black"
    trim: TrimSize | None = None
    spine_mm: float | None = None


def check_external_files(files: ExternalFiles, report: Report, step_seconds: float) -> BuildResult:
    """Check files of any program in a child process, each step within a time limit."""
    for path in filter(None, (files.interior, files.cover)):
        if not path.is_file():
            raise UsageError(f"File not found: {path.as_posix()}.", "Give the path of a PDF.")
    result = run_limited(_check_external_files, files, report, step_seconds)
    if not isinstance(result, Stopped):
        return result
    findings, location = Findings(), SourceLocation(files.interior.as_posix())
    findings.add("PRN-069", location, reason=result.reason, hint=result.hint)
    return BuildResult(findings=tuple(findings))


def _check_external_files(files: ExternalFiles, report: Report) -> BuildResult:
    findings = Findings()
    interior, cover = files.interior, files.cover
    report(Step("Checking", interior.name))
    checked = _checked(interior, findings, lambda found: _interior(files, found, report))
    requirements, pages = checked or (None, 0)
    if cover is not None and requirements is not None:
        report(Step("Checking", cover.name))
        _checked(cover, findings, lambda found: _cover(files, requirements, pages, found))
    return BuildResult(findings=tuple(findings))


def _interior(
    files: ExternalFiles, findings: Findings, report: Report
) -> tuple[PrintRequirements, int] | None:
    path = files.interior
    with open_pdf(path, findings) as pdf:
        if pdf is None:
            return None
        pages = len(pdf.pages)
        if not pages:
            findings.add("PRN-063", SourceLocation(path.name))
            return None
        requirements = requirements_for(
            pdf,
            files.printer,
            binding=files.binding,
            paper=files.paper,
            ink=files.ink,
            trim=files.trim,
        )
        check_name(path, requirements.profile.rules.file.interior_name, requirements, findings)
        _report_unsupported_trim(requirements, findings, SourceLocation(path.name))
    check_interior_pages(
        path,
        requirements,
        findings,
        on_progress=lambda pages: report(Step("Measuring", pages)),
    )
    return requirements, pages


def _report_unsupported_trim(
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
    files: ExternalFiles, requirements: PrintRequirements, pages: int, findings: Findings
) -> None:
    assert files.cover is not None
    check_name(files.cover, requirements.profile.rules.file.cover_name, requirements, findings)
    check_cover(files.cover, cover_requirements_for(requirements, pages, files.spine_mm), findings)


def _checked(path: Path, findings: Findings, work: Callable[[Findings], T]) -> T | None:
    """Run the checks of one file; its findings are located at the path that was given."""
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
        report_unmeasurable(error_text(error, path), found, location)
    for finding in found:
        findings.append(relocated(finding, SourceLocation(path.as_posix())))
    return result
