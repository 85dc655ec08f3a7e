"""How a command ends: what it tells of, what it writes down, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from makeready.build.request import BuildRequest, BuildResult
from makeready.cli.reporter import Screen
from makeready.findings import Severity


def without_profile(result: BuildResult, *, profile: bool) -> BuildResult:
    """Return an outcome with its times where they were asked for, and without them else."""
    return result if profile else replace(result, profile=None)


def stamp_files(stamp: Path | None, made: Sequence[tuple[BuildRequest, BuildResult]]) -> None:
    """Write down which files were made of which books."""
    if stamp is None:
        return
    lines = []
    for request, result in made:
        lines.append(f"# book: {request.book}")
        lines += [str(request.output / artefact.path) for artefact in result.artefacts]
    stamp.write_text("\n".join(lines) + "\n", "utf-8")


def finish(screen: Screen, result: BuildResult, *, strict: bool, notes: bool) -> NoReturn:
    """Show what came of a command, and end it."""
    show(screen, result, notes=notes)
    screen.document(result)
    sys.exit(exit_code(result, strict=strict))


def exit_code(result: BuildResult, *, strict: bool) -> int:
    """Return the exit code of an outcome; with ``strict`` a warning fails too."""
    warned = any(finding.severity is Severity.WARNING for finding in result.findings)
    return 1 if result.failed or (strict and warned) else 0


def show(screen: Screen, result: BuildResult, *, notes: bool, seconds: float | None = None) -> None:
    """Show the files that were made and what was found, and the times if they are there."""
    screen.files(result.artefacts, seconds)
    screen.findings(result.findings, notes=notes)
    if result.profile is not None and not screen.json_only:
        from makeready.cli.tables import show_profile  # noqa: PLC0415

        show_profile(result.profile)
