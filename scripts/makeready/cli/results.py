"""The end of a command: the result it shows, the list of files it writes, its exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from makeready.build.request import BuildRequest, BuildResult
from makeready.cli.reporter import Reporter
from makeready.findings import Severity


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a result on request."""

    profile: bool
    notes: bool


def without_profile(result: BuildResult, *, profile: bool) -> BuildResult:
    """Return a result without its times, unless they were asked for."""
    return result if profile else replace(result, profile=None)


def stamp_files(stamp: Path | None, built: Sequence[tuple[BuildRequest, BuildResult]]) -> None:
    """Write to a file which files were made of which books."""
    if stamp is None:
        return
    lines = []
    for request, result in built:
        lines.append(f"# book: {request.book}")
        lines += [str(request.output / artefact.path) for artefact in result.artefacts]
    stamp.write_text("\n".join(lines) + "\n", "utf-8")


def finish(reporter: Reporter, result: BuildResult, *, strict: bool, notes: bool) -> NoReturn:
    """Show the result of a command, and end the process."""
    show(reporter, result, notes=notes)
    reporter.print_result_json(result)
    sys.exit(exit_code(result, strict=strict))


def exit_code(result: BuildResult, *, strict: bool) -> int:
    """Return the exit code of a result; with ``strict`` a warning fails too."""
    has_warnings = any(finding.severity is Severity.WARNING for finding in result.findings)
    return 1 if result.failed or (strict and has_warnings) else 0


def show(
    reporter: Reporter, result: BuildResult, *, notes: bool, seconds: float | None = None
) -> None:
    """Show the files, the findings and, if a result has them, the times."""
    reporter.files(result.artefacts, seconds)
    reporter.folders(result.folders)
    reporter.findings(result.findings, notes=notes)
    if result.profile is not None and not reporter.json_only:
        from makeready.cli.tables import show_profile  # noqa: PLC0415

        show_profile(result.profile)
