"""Work done in a child process with a time limit on each step, so that no book hangs a build."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from makeready.errors import EngineError, MakereadyError
from makeready.progress import Report, Step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stopped:
    """A child that ended without a result: the step it was in, and why."""

    step: Step
    seconds: float | None = None
    reason: str = ""


def guarded(
    work: Callable[[Any, Report], T], order: object, report: Report, step_seconds: float
) -> T | Stopped:
    """Run ``work(order, report)`` in a child; stop it when one step takes too long.

    An exception of ours is raised here as it was there; a crash of the child, or an exception
    nobody foresaw, is returned as `Stopped` with the step it happened in.
    """
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(work, order, theirs))
    child.start()
    theirs.close()
    step = Step("Starting")
    try:
        while True:
            if not ours.poll(step_seconds):
                return Stopped(step, seconds=step_seconds)
            kind, value = ours.recv()
            if kind == "step":
                step = value
                report(step)
            elif kind == "raised":
                raise value
            elif kind == "failed":
                return Stopped(step, reason=value)
            else:
                result: T = value
                return result
    except EOFError:
        child.join(1)
        return Stopped(step, reason=f"the process ended with code {child.exitcode}")
    finally:
        _end(child)
        ours.close()


def _end(child: BaseProcess) -> None:
    """End the child and every worker it began."""
    if child.pid is not None and child.is_alive():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.join()


def _context() -> ForkContext | SpawnContext:
    """Fork where that is safe and quick; the frameworks of macOS do not survive a fork."""
    if sys.platform == "linux":
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


def _run(work: Callable[[Any, Report], object], order: object, pipe: Connection) -> None:
    # A group of its own, so that all its workers end with it.
    with suppress(OSError):
        os.setpgid(0, 0)
    try:
        result = work(order, lambda step: pipe.send(("step", step)))
    except MakereadyError as error:
        pipe.send(("raised", error))
    except RecursionError:
        pipe.send(("failed", "blocks are nested too deeply"))
    except MemoryError:
        pipe.send(("failed", "it needs more memory than there is"))
    except KeyboardInterrupt:
        pass
    except BaseException as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
    else:
        pipe.send(("done", result))
    finally:
        pipe.close()


def engine_error(stopped: Stopped) -> EngineError:
    """Tell of a child that ended without a result, where no finding can carry it."""
    if stopped.seconds is not None:
        return EngineError(
            f"{stopped.step} took longer than {stopped.seconds:g} seconds.",
            "Give it more time with --time-limit, or take out what is unusual in it.",
        )
    return EngineError(
        f"{stopped.step} failed: {stopped.reason}.", "Please report this: it is our bug."
    )
