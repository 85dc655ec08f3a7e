"""Work done in a child process with a time limit on each step, so that no book hangs a build."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from makeready.errors import EngineError, MakereadyError
from makeready.progress import Report, Step

T = TypeVar("T")
Work = Callable[[Any, Report], T]

_ALIVE_SECONDS = 0.5
"""How often a child that says nothing is looked at."""


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
    with Resident(_once, work) as resident:
        return resident.ask(order, report, step_seconds)


def _once(work: Work[T]) -> Work[T]:
    return work


class Resident(Generic[T]):
    """A child that does work again and again, and keeps what it has made ready in between.

    ``begin(setup)``, called in the child, returns the work. A child that was stopped, or ended
    in a way nobody foresaw, is begun anew with the next work; to be used as a context, which
    ends it and every process it began.
    """

    def __init__(self, begin: Callable[[Any], Work[T]], setup: object) -> None:
        self._begin = begin
        self._setup = setup
        self._child: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Resident[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ask(self, order: object, report: Report, step_seconds: float) -> T | Stopped:
        """Have the child do ``work(order, report)``, each of its steps within a time."""
        child, pipe = self._ready()
        step = Step("Starting")
        answered = False
        try:
            pipe.send(order)
            while True:
                if not _answers(child, pipe, step_seconds):
                    return Stopped(step, seconds=step_seconds)
                kind, value = pipe.recv()
                if kind == "step":
                    step = value
                    report(step)
                elif kind == "failed":
                    return Stopped(step, reason=value)
                elif kind == "refused":
                    raise value
                else:
                    answered = True
                    if kind == "raised":
                        raise value
                    result: T = value
                    return result
        except (EOFError, BrokenPipeError, ConnectionResetError):
            child.join(1)
            return Stopped(step, reason=f"the process ended with code {child.exitcode}")
        finally:
            if not answered:
                self.end()

    def _ready(self) -> tuple[BaseProcess, Connection]:
        if self._child is None or self._pipe is None:
            context = _context()
            self._pipe, theirs = context.Pipe()
            arguments = (self._begin, self._setup, theirs, self._pipe)
            self._child = context.Process(target=_serve, args=arguments)
            self._child.start()
            theirs.close()
        return self._child, self._pipe

    def end(self) -> None:
        """End the child, if there is one, and every process it began."""
        if self._child is not None and self._pipe is not None:
            _end(self._child)
            self._pipe.close()
        self._child = self._pipe = None


def _answers(child: BaseProcess, pipe: Connection, seconds: float) -> bool:
    """Wait for a message; tell whether there is one, or (`EOFError`) that the child is gone.

    Workers that a child began hold its end of the pipe open when it is killed, so that the
    pipe alone does not tell.
    """
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if pipe.poll(min(left, _ALIVE_SECONDS)):
            return True
        if not child.is_alive() and not pipe.poll():
            raise EOFError
    return pipe.poll()


def _end(child: BaseProcess) -> None:
    """End the child and every worker it began, whether or not it lives itself."""
    if child.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.join()


def _context() -> ForkContext | SpawnContext:
    """Fork where that is safe and quick; the frameworks of macOS do not survive a fork."""
    if sys.platform == "linux":
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


def _serve(
    begin: Callable[[Any], Work[object]], setup: object, pipe: Connection, theirs: Connection
) -> None:
    # A group of its own, so that all its workers end with it. The other end of the pipe is
    # held by the parent alone, so that its death is seen here.
    with suppress(OSError):
        os.setpgid(0, 0)
    theirs.close()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        order = pipe.recv()
        try:
            work = begin(setup)
            while True:
                pipe.send(_answer(work, order, pipe))
                order = pipe.recv()
        except MakereadyError as error:
            pipe.send(("refused", error))
        except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
            raise
        except RecursionError:
            pipe.send(("failed", "blocks are nested too deeply"))
        except MemoryError:
            pipe.send(("failed", "it needs more memory than there is"))
        except BaseException as error:
            pipe.send(("failed", f"{type(error).__name__}: {error}"))


def _answer(work: Work[object], order: object, pipe: Connection) -> tuple[str, object]:
    try:
        return "done", work(order, lambda step: pipe.send(("step", step)))
    except MakereadyError as error:
        return "raised", error


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
