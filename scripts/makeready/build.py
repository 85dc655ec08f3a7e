"""The whole line: a folder of Markdown in, the finished editions and their manifest out."""

from __future__ import annotations

from functools import partial

from makeready.errors import UsageError
from makeready.findings import Findings, SourceLocation
from makeready.foreman import Foreman
from makeready.order import Order, Outcome
from makeready.progress import Report
from makeready.watchdog import Stopped, engine_error, guarded
from makeready.workers import make_engine_ready


def build(order: Order, report: Report, step_seconds: float) -> Outcome:
    """Make editions in a child process; a step that hangs or crashes becomes a finding."""
    make_output_folder(order)
    result = guarded(make_ordered, order, report, step_seconds)
    return stopped_outcome(order, result) if isinstance(result, Stopped) else result


def make_output_folder(order: Order) -> None:
    """Make the folder that the finished files go to."""
    try:
        order.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{order.output} cannot be the output folder: {error.strerror}.",
            "Name another folder with --output.",
        ) from error


def stopped_outcome(order: Order, stopped: Stopped) -> Outcome:
    """Return what came of a build that ended without a result: a finding, if it has a place."""
    name = stopped.step.name
    source = f"{name}.md"
    if not name or not (order.book / source).is_file():
        raise engine_error(stopped)
    findings = Findings()
    location, step = SourceLocation(source), str(stopped.step)
    if stopped.seconds is not None:
        findings.add("LAY-009", location, step=step, seconds=f"{stopped.seconds:g}")
    else:
        findings.add("LAY-010", location, step=step, reason=stopped.reason)
    return Outcome(findings=tuple(findings))


def make_ordered(order: Order, report: Report) -> Outcome:
    """Make what is ordered; runs in the child."""
    order = order.absolute() if order.scheduler else order
    foreman = begin_foreman(order)
    # While the foreman makes the engine ready, the rest of us is imported here.
    from makeready.composing import ComposingRoom  # noqa: PLC0415
    from makeready.run import make_book  # noqa: PLC0415

    room = ComposingRoom(order, foreman)
    try:
        return make_book(order, report, room)
    finally:
        room.dismiss()


def begin_foreman(order: Order) -> Foreman | None:
    """Have workers made ready, where several are to work and they are to be the run's own."""
    if order.jobs == 1 or order.shared is not None or order.scheduler:
        return None
    return Foreman(order.jobs, partial(make_engine_ready, order.book))
