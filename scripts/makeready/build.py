"""The whole line: a folder of Markdown in, the finished editions and their manifest out."""

from __future__ import annotations

from makeready.composing import ComposingRoom
from makeready.errors import UsageError
from makeready.findings import Finding, Findings, SourceLocation
from makeready.order import Order, Outcome
from makeready.progress import Report
from makeready.run import make_book
from makeready.watchdog import Stopped, engine_error, guarded


def build(order: Order, report: Report, step_seconds: float) -> Outcome:
    """Make editions in a child process; a step that hangs or crashes becomes a finding."""
    make_output_folder(order)
    result = guarded(_build, order, report, step_seconds)
    if isinstance(result, Outcome):
        return result
    return Outcome(findings=(stopped_finding(order, result),))


def make_output_folder(order: Order) -> None:
    """Make the folder that the finished files go to."""
    try:
        order.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{order.output} cannot be the output folder: {error.strerror}.",
            "Name another folder with --output.",
        ) from error


def stopped_finding(order: Order, stopped: Stopped) -> Finding:
    """Return what is to be said of a build that ended without a result."""
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
    """Make what is ordered; runs in the child."""
    room = ComposingRoom(order)
    try:
        return make_book(order, report, room)
    finally:
        room.dismiss()
