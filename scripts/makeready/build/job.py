"""A build as a job: run in a child process, whose hang or crash becomes a finding."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest, BuildResult
from makeready.errors import UsageError
from makeready.external.system_libraries import require_engine
from makeready.findings import Findings, SourceLocation
from makeready.pagination.worker_start import start_worker
from makeready.workers.fork_pool import ForkPool
from makeready.workers.progress import Report
from makeready.workers.supervisor import Terminated, run_supervised, termination_error

GRACE_SECONDS = 5.0
"""What a step gets beyond its time limit, within which the section that exceeds it is named."""


def build(request: BuildRequest, report: Report, step_seconds: float) -> BuildResult:
    """Make editions in a child process; a step that hangs or crashes becomes a finding."""
    prepare(request)
    with holding_output(request, report, step_seconds) as held:
        result = run_supervised(make_requested, held, report, step_seconds + GRACE_SECONDS)
    return terminated_result(request, result) if isinstance(result, Terminated) else result


def prepare(request: BuildRequest) -> None:
    """Create the output folder; UsageError if that is impossible.

    Raises MissingToolError where the engine cannot be loaded, before it prints that itself.
    """
    require_engine()
    try:
        request.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"Cannot create the output folder {request.output}: {error.strerror}.",
            "Name another folder with --output.",
        ) from error


def terminated_result(request: BuildRequest, stopped: Terminated) -> BuildResult:
    """Return a result for a child that ended without one: a finding about the section it was at."""
    name = stopped.step.name
    # A section in a table of a list is named by its file while it is read.
    source = name if (request.book / name).is_file() else f"{name}.md"
    if not name or not (request.book / source).is_file():
        if stopped.seconds is not None:
            stopped = replace(stopped, seconds=request.section_seconds)
        raise termination_error(stopped)
    findings = Findings()
    location, step = SourceLocation(source), str(stopped.step)
    if stopped.seconds is not None:
        findings.add("LAY-009", location, step=step, seconds=f"{request.section_seconds:g}")
    else:
        findings.add("LAY-010", location, step=step, reason=stopped.reason)
    return BuildResult(findings=tuple(findings))


def make_requested(request: BuildRequest, report: Report) -> BuildResult:
    """Make what is requested; runs in the child."""
    request = request.absolute() if request.scheduler else request
    fork_pool = start_fork_pool(request)
    # While the fork server starts the engine, this process imports the rest.
    from makeready.build.run import make_book  # noqa: PLC0415
    from makeready.build.session import BuildSession  # noqa: PLC0415

    session = BuildSession(request, fork_pool)
    try:
        return make_book(request, report, session)
    finally:
        session.close()


def start_fork_pool(request: BuildRequest) -> ForkPool | None:
    """Start worker processes for this run, unless it uses none, a shared pool or a cluster."""
    if request.jobs == 1 or request.shared is not None or request.scheduler:
        return None
    return ForkPool(request.jobs, partial(start_worker, request.book), request.section_seconds)
