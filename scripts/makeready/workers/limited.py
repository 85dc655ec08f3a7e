"""Work on a file of unknown origin, in a child process with limits on its memory and time."""

from __future__ import annotations

import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from makeready.errors import OUT_OF_MEMORY, TOO_DEEP, WORKER_ENDED
from makeready.workers.progress import Report
from makeready.workers.supervisor import Terminated, run_supervised, termination_error

T = TypeVar("T")

_MOST_MEMORY_BYTES = 4 * 2**30
_NOT_OURS = frozenset({OUT_OF_MEMORY, TOO_DEEP, WORKER_ENDED})
_CRASH = "its process ended"
"""The beginning of the reason for a crash of a library that is not written in Python."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Work that a file did not let finish: the reason, without a full stop, and a hint."""

    reason: str
    hint: str


def run_limited(
    work: Callable[[Any, Report], T], request: object, report: Report, step_seconds: float
) -> T | Stopped:
    """Run ``work(request, report)`` in a child; stop it at 4 GB of memory or the time limit.

    Raises a MakereadyError of the work, and EngineError for a fault of makeready.
    """
    result = run_supervised(partial(_within_memory, work), request, report, step_seconds)
    if not isinstance(result, Terminated):
        return result
    if result.seconds is not None:
        return Stopped(
            f"{result.step} took longer than {result.seconds:g} s",
            "Allow more time with --time-limit, if you trust the file.",
        )
    if result.reason in _NOT_OURS or result.reason.startswith(_CRASH):
        return Stopped(f"{result.step} failed: {result.reason}", "Save the file again.")
    raise termination_error(result)


def _within_memory(work: Callable[[Any, Report], T], request: object, report: Report) -> T:
    """Do the work with a limit on the memory of this process and of those that it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    # Not every system has the limit, and one may have a lower one already.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, hard))
    return work(request, report)
