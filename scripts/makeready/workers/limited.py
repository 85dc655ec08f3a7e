"""Work on a file of unknown origin, in a child process with limits on its memory and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from makeready.errors import LIBRARY_CRASHED, OUT_OF_MEMORY, TOO_DEEP, WORKER_ENDED
from makeready.workers.progress import Report
from makeready.workers.supervisor import Terminated, run_supervised, termination_error

T = TypeVar("T")

_NOT_OURS = frozenset({OUT_OF_MEMORY, TOO_DEEP, WORKER_ENDED})


@dataclass(frozen=True, slots=True)
class Stopped:
    """Work that a file did not let finish: the reason, without a full stop, and a hint."""

    reason: str
    hint: str


def run_limited(
    work: Callable[[Any, Report], T], request: object, report: Report, step_seconds: float
) -> T | Stopped:
    """Run ``work(request, report)`` in a child; stop it at the limit of its memory or time.

    Raises a MakereadyError of the work, and EngineError for a fault of makeready.
    """
    result = run_supervised(work, request, report, step_seconds)
    if not isinstance(result, Terminated):
        return result
    if result.seconds is not None:
        return Stopped(
            f"{result.step} took longer than {result.seconds:g} s",
            "Allow more time with --time-limit, if you trust the file.",
        )
    if result.reason in _NOT_OURS or result.reason.startswith(LIBRARY_CRASHED):
        return Stopped(f"{result.step} failed: {result.reason}", "Save the file again.")
    raise termination_error(result)
