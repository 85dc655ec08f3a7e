"""Work done in a child process with a time limit on each step, so that no book hangs a build."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from makeready.errors import EngineError, MakereadyError, reason_of
from makeready.workers.context import process_context
from makeready.workers.progress import Report, Step

T = TypeVar("T")
Work = Callable[[Any, Report], T]

_ALIVE_SECONDS = 0.5
"""How often a child that says nothing is looked at."""


@dataclass(frozen=True, slots=True)
class Terminated:
    """A child that ended without a result: the step it was in, and why."""

    step: Step
    seconds: float | None = None
    reason: str = ""


def run_supervised(
    work: Callable[[Any, Report], T], request: object, report: Report, step_seconds: float
) -> T | Terminated:
    """Run ``work(order, report)`` in a child; stop it when one step takes too long.

    An exception of ours is raised here as it was there; a crash of the child, or an exception
    nobody foresaw, is returned as `Terminated` with the step it happened in.
    """
    with SupervisedProcess(_once, work) as resident:
        return resident.ask(request, report, step_seconds)


def supervised_result(
    work: Callable[[Any, Report], T], request: object, report: Report, step_seconds: float
) -> T:
    """Do as `run_supervised`; a child that ended without a result is an error."""
    result = run_supervised(work, request, report, step_seconds)
    if isinstance(result, Terminated):
        raise termination_error(result)
    return result


def run_supervised_together(
    work: Callable[[Any, Report], T],
    orders: Sequence[object],
    report: Callable[[int, Step], None],
    step_seconds: float,
    at_once: int,
) -> Iterator[tuple[int, T | Terminated | MakereadyError]]:
    """Run many requests as `run_supervised` does, some at a time; yield each result by its index.

    An exception of ours stops none of the others: it is what came of its order.
    """
    waiting = list(enumerate(orders))
    at_work: dict[int, SupervisedProcess[T]] = {}
    try:
        while waiting or at_work:
            while waiting and len(at_work) < at_once:
                place, request = waiting.pop(0)
                at_work[place] = SupervisedProcess(_once, work)
                at_work[place].begin_work(request, partial(report, place), step_seconds)
            wait([resident.pipe for resident in at_work.values()], _ALIVE_SECONDS)
            for place, resident in list(at_work.items()):
                try:
                    came: T | Terminated | MakereadyError | None = resident.answer()
                except MakereadyError as error:
                    came = error
                if came is not None:
                    at_work.pop(place).end()
                    yield place, came
    finally:
        for resident in at_work.values():
            resident.end()


def _once(work: Work[T]) -> Work[T]:
    return work


@dataclass
class _CurrentStep:
    """Work in hand: who is told of its steps, and until when the one it is in may last."""

    report: Report
    step_seconds: float
    step: Step = field(default_factory=lambda: Step("Starting"))
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.go_on()

    def go_on(self) -> None:
        """Give it the time of a step from now."""
        self.deadline = time.monotonic() + self.step_seconds


class SupervisedProcess(Generic[T]):
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
        self._watched: _CurrentStep | None = None

    def __enter__(self) -> SupervisedProcess[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pipe(self) -> Connection:
        """What the child answers through, for as long as it is at work."""
        assert self._pipe is not None
        return self._pipe

    def ask(self, request: object, report: Report, step_seconds: float) -> T | Terminated:
        """Have the child do ``work(order, report)``, each of its steps within a time."""
        self.begin_work(request, report, step_seconds)
        try:
            while (answer := self.answer()) is None:
                wait([self.pipe], min(_ALIVE_SECONDS, step_seconds))
        except KeyboardInterrupt:
            self.end()
            raise
        return answer

    def begin_work(self, request: object, report: Report, step_seconds: float) -> None:
        """Give the child its order; `answer` tells what comes of it."""
        if self._child is None:
            context = process_context()
            self._pipe, theirs = context.Pipe()
            arguments = (self._begin, self._setup, theirs, self._pipe)
            self._child = context.Process(target=_serve, args=arguments)
            self._child.start()
            theirs.close()
        self._watched = _CurrentStep(report, step_seconds)
        # A child that is gone is seen when its answer is looked for.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(request)

    def answer(self) -> T | Terminated | None:
        """Return what came of the order, or None while the child is at work."""
        watched, child = self._watched, self._child
        assert watched is not None
        assert child is not None
        try:
            if (said := self._said(watched)) is not None:
                return said
        except (EOFError, ConnectionResetError):
            child.join(1)
            return self._stopped(Terminated(watched.step, reason=_death(child)))
        if child.is_alive():
            late = time.monotonic() >= watched.deadline
            stopped = Terminated(watched.step, seconds=watched.step_seconds)
            return self._stopped(stopped) if late else None
        # Workers that a child began hold its end of the pipe open when it is killed, so that
        # the pipe alone does not tell.
        if self.pipe.poll():
            return None
        return self._stopped(Terminated(watched.step, reason=_death(child)))

    def _said(self, watched: _CurrentStep) -> T | Terminated | None:
        while self.pipe.poll():
            kind, value = self.pipe.recv()
            if kind == "step":
                watched.step = value
                watched.go_on()
                watched.report(value)
            elif kind == "done":
                result: T = value
                return result
            else:
                return self._not_done(kind, value, watched)
        return None

    def _stopped(self, stopped: Terminated) -> Terminated:
        self.end()
        return stopped

    def _not_done(self, kind: str, value: Any, watched: _CurrentStep) -> Terminated:
        """Return why the work was not done, or raise it; only ``raised`` leaves the child fit."""
        if kind != "raised":
            self.end()
        if kind == "failed":
            return Terminated(watched.step, reason=value)
        raise value

    def end(self) -> None:
        """End the child, if there is one, and every process it began."""
        if self._child is not None and self._pipe is not None:
            _end(self._child)
            self._pipe.close()
        self._child = self._pipe = None


def _death(child: BaseProcess) -> str:
    return f"the process ended with code {child.exitcode}"


def _end(child: BaseProcess) -> None:
    """End the child and every worker it began, whether or not it lives itself."""
    if child.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.join()


def _serve(
    begin: Callable[[Any], Work[object]], setup: object, pipe: Connection, theirs: Connection
) -> None:
    # A group of its own, so that all its workers end with it. The other end of the pipe is
    # held by the parent alone, so that its death is seen here.
    with suppress(OSError):
        os.setpgid(0, 0)
    theirs.close()
    try:
        _work_on(begin, setup, pipe)
    finally:
        # Whoever gave the orders is served, or gone; workers would wait for more for ever.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(os.getpid(), signal.SIGKILL)


def _work_on(begin: Callable[[Any], Work[object]], setup: object, pipe: Connection) -> None:
    with suppress(EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        request = pipe.recv()
        try:
            work = begin(setup)
            while True:
                pipe.send(_answer(work, request, pipe))
                request = pipe.recv()
        except MakereadyError as error:
            pipe.send(("refused", error))
        except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
            raise
        except BaseException as error:
            pipe.send(("failed", reason_of(error)))


def _answer(work: Work[object], request: object, pipe: Connection) -> tuple[str, object]:
    try:
        return "done", work(request, lambda step: pipe.send(("step", step)))
    except MakereadyError as error:
        return "raised", error


def termination_error(stopped: Terminated) -> EngineError:
    """Tell of a child that ended without a result, where no finding can carry it."""
    if stopped.seconds is not None:
        return EngineError(
            f"{stopped.step} took longer than {stopped.seconds:g} seconds.",
            "Give it more time with --time-limit, or take out what is unusual in it.",
        )
    return EngineError(
        f"{stopped.step} failed: {stopped.reason}.", "Please report this: it is our bug."
    )
