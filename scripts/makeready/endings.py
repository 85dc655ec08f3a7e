"""How a command ends: what it tells of, what it writes down, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from makeready.console import Screen
from makeready.findings import Severity
from makeready.order import Order, Outcome


def told(outcome: Outcome, *, profile: bool) -> Outcome:
    """Return an outcome with its times where they were asked for, and without them else."""
    return outcome if profile else replace(outcome, time_sheet=None)


def stamp_files(stamp: Path | None, made: Sequence[tuple[Order, Outcome]]) -> None:
    """Write down which files were made of which books."""
    if stamp is None:
        return
    lines = []
    for order, outcome in made:
        lines.append(f"# book: {order.book}")
        lines += [str(order.output / artefact.path) for artefact in outcome.artefacts]
    stamp.write_text("\n".join(lines) + "\n", "utf-8")


def finish(screen: Screen, outcome: Outcome, *, strict: bool, notes: bool) -> NoReturn:
    """Show what came of a command, and end it."""
    show(screen, outcome, notes=notes)
    screen.document(outcome)
    sys.exit(code_of(outcome, strict=strict))


def code_of(outcome: Outcome, *, strict: bool) -> int:
    """Return the exit code of an outcome; with ``strict`` a warning fails too."""
    warned = any(finding.severity is Severity.WARNING for finding in outcome.findings)
    return 1 if outcome.failed or (strict and warned) else 0


def show(screen: Screen, outcome: Outcome, *, notes: bool, seconds: float | None = None) -> None:
    """Show the files that were made and what was found, and the times if they are there."""
    screen.files(outcome.artefacts, seconds)
    screen.findings(outcome.findings, notes=notes)
    if outcome.time_sheet is not None and not screen.json_only:
        from makeready.tables import show_time_sheet  # noqa: PLC0415

        show_time_sheet(outcome.time_sheet)
