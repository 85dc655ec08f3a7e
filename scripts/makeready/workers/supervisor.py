"""Work in a supervised child process, with a time limit on each step.

The engine may hang or crash on a book; the child is then killed, and the parent reports it.
"""

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
from pathlib import Path
from typing import Any, Generic, TypeVar

from makeready.errors import (
    LIBRARY_CRASHED,
    OUT_OF_MEMORY,
    TOO_DEEP,
    WORKER_ENDED,
    EngineError,
    MakereadyError,
    file_error,
    missing_module,
    reason_of,
)
from makeready.workers.child import begin_child, signals_deferred
from makeready.workers.context import process_context
from makeready.workers.progress import Report, Step
from makeready.workers.temporary_files import (
    delete_temporary_folder,
    new_temporary_folder,
    use_temporary_folder,
)

T = TypeVar("T")
Work = Callable[[Any, Report], T]

_MORE_MEMORY = "Free some memory, or typeset fewer sections at once with --jobs."
_HINTS = {
    TOO_DEEP: "Use fewer blocks inside each other.",
    OUT_OF_MEMORY: _MORE_MEMORY,
    WORKER_ENDED: _MORE_MEMORY,
}
"""Failures that are the fault of the book or of the machine, not of makeready."""

_CRASH_HINT = "Look for something very large or unusual there, or free some memory."
_POLL_SECONDS = 0.5
"""How often a silent child is checked for a missed deadline."""


@dataclass(frozen=True, slots=True)
class Terminated:
    """A child process that ended without a result: its last step, and why it ended.

    ``seconds`` is the time limit that the step exceeded, or None; ``reason`` is any other cause.
    """

    step: Step
    seconds: float | None = None
    reason: str = ""


def run_supervised(
    work: Callable[[Any, Report], T], request: object, report: Report, step_seconds: float
) -> T | Terminated:
    """Run ``work(request, report)`` in a child; kill it when one step takes too long.

    A MakereadyError is raised here as it was in the child; a crash, or any other exception, is
    returned as `Terminated`.
    """
    with SupervisedProcess(_always, work) as process:
        return process.run(request, report, step_seconds)


def supervised_result(
    work: Callable[[Any, Report], T], request: object, report: Report, step_seconds: float
) -> T:
    """Do as `run_supervised`, but raise EngineError where the child ended without a result."""
    result = run_supervised(work, request, report, step_seconds)
    if isinstance(result, Terminated):
        raise termination_error(result)
    return result


def run_all_supervised(
    work: Callable[[Any, Report], T],
    requests: Sequence[object],
    report: Callable[[int, Step], None],
    step_seconds: float,
    max_parallel: int,
) -> Iterator[tuple[int, T | Terminated | MakereadyError]]:
    """Run many requests as `run_supervised` does, at most ``max_parallel`` of them at a time.

    Yields the index and the outcome of each as it ends. A MakereadyError is yielded, not raised,
    so that the other requests go on.
    """
    waiting = list(enumerate(requests))
    running: dict[int, SupervisedProcess[T]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < max_parallel:
                index, request = waiting.pop(0)
                running[index] = SupervisedProcess(_always, work)
                running[index].submit(request, partial(report, index), step_seconds)
            wait([process.pipe for process in running.values()], _POLL_SECONDS)
            for index, process in list(running.items()):
                try:
                    outcome: T | Terminated | MakereadyError | None = process.poll()
                except MakereadyError as error:
                    outcome = error
                if outcome is not None:
                    running.pop(index).close()
                    yield index, outcome
    finally:
        for process in running.values():
            process.close()


def _always(work: Work[T]) -> Work[T]:
    """Return the work itself, where `SupervisedProcess` wants a function that makes it."""
    return work


@dataclass
class _CurrentStep:
    """The step a child is in, its deadline, and the callback that reports the next one."""

    report: Report
    step_seconds: float
    step: Step = field(default_factory=lambda: Step("Starting"))
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.reset_deadline()

    def reset_deadline(self) -> None:
        """Set the deadline to ``step_seconds`` from now."""
        self.deadline = time.monotonic() + self.step_seconds


class SupervisedProcess(Generic[T]):
    """A child process that serves one request after another and keeps its state in between.

    ``make_work(setup)``, called in the child, returns the function that serves requests. A child
    that was killed or crashed is started again with the next request. Use it as a context
    manager: on exit the child is killed with every process it started.
    """

    def __init__(self, make_work: Callable[[Any], Work[T]], setup: object) -> None:
        self._make_work = make_work
        self._setup = setup
        self._child: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._temporary: Path | None = None
        self._current: _CurrentStep | None = None

    def __enter__(self) -> SupervisedProcess[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pipe(self) -> Connection:
        """The connection to the child, while there is one."""
        assert self._pipe is not None
        return self._pipe

    def run(self, request: object, report: Report, step_seconds: float) -> T | Terminated:
        """Serve a request in the child and return its result; each step has ``step_seconds``."""
        self.submit(request, report, step_seconds)
        try:
            while (outcome := self.poll()) is None:
                wait([self.pipe], min(_POLL_SECONDS, step_seconds))
        except KeyboardInterrupt:
            self.close()
            raise
        return outcome

    def submit(self, request: object, report: Report, step_seconds: float) -> None:
        """Send a request to the child, starting it if there is none; `poll` has the outcome."""
        if self._child is None:
            context = process_context()
            self._pipe, child_pipe = context.Pipe()
            self._temporary = new_temporary_folder()
            arguments = (
                self._make_work,
                self._setup,
                child_pipe,
                self._pipe,
                self._temporary,
            )
            with signals_deferred():
                self._child = context.Process(target=_serve, args=arguments)
                self._child.start()
            child_pipe.close()
        self._current = _CurrentStep(report, step_seconds)
        # If the child is gone, `poll` finds out.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(request)

    def poll(self) -> T | Terminated | None:
        """Return the outcome of the request, None while the child is at work.

        Reports the steps the child has begun since the last call, and kills it when the current
        one is past its deadline. Raises the MakereadyError that the child raised.
        """
        current, child = self._current, self._child
        assert current is not None
        assert child is not None
        try:
            if (outcome := self._read_messages(current)) is not None:
                return outcome
        except (EOFError, ConnectionResetError):
            child.join(1)
            return self._terminate(Terminated(current.step, reason=_exit_reason(child)))
        if child.is_alive():
            is_late = time.monotonic() >= current.deadline
            late = Terminated(current.step, seconds=current.step_seconds)
            return self._terminate(late) if is_late else None
        # A killed child's pipe stays open while workers it forked hold an end of it, so the
        # process itself has to be checked too.
        if self.pipe.poll():
            return None
        return self._terminate(Terminated(current.step, reason=_exit_reason(child)))

    def _read_messages(self, current: _CurrentStep) -> T | Terminated | None:
        while self.pipe.poll():
            kind, value = self.pipe.recv()
            if kind == "step":
                current.step = value
                current.reset_deadline()
                current.report(value)
            elif kind == "done":
                result: T = value
                return result
            else:
                return self._failed(kind, value, current)
        return None

    def _terminate(self, terminated: Terminated) -> Terminated:
        self.close()
        return terminated

    def _failed(self, kind: str, value: Any, current: _CurrentStep) -> Terminated:
        """Return a crash as `Terminated`, or raise the child's MakereadyError.

        After an error that the work raised (``raised``) the child can serve another request;
        otherwise it is closed.
        """
        if kind != "raised":
            self.close()
        if kind == "failed":
            return Terminated(current.step, reason=value)
        raise value

    def close(self) -> None:
        """Kill the child, if there is one, and every process it started.

        Their temporary files are deleted.
        """
        if self._child is not None and self._pipe is not None:
            _kill_group(self._child)
            self._pipe.close()
        if self._temporary is not None:
            delete_temporary_folder(self._temporary)
            self._temporary = None
        self._child = self._pipe = None


def _exit_reason(child: BaseProcess) -> str:
    code = child.exitcode
    if code == -signal.SIGKILL:
        return WORKER_ENDED
    if code is not None and code < 0:
        # A library that gets no memory ends the process by one of several signals.
        return f"{LIBRARY_CRASHED} with signal {-code}, perhaps for lack of memory"
    return f"{LIBRARY_CRASHED} with exit code {code}"


def _kill_group(child: BaseProcess) -> None:
    """Kill a child and every process it started, even where it has ended itself."""
    if child.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.join()


def _serve(
    make_work: Callable[[Any], Work[object]],
    setup: object,
    pipe: Connection,
    parent_end: Connection,
    temporary: Path,
) -> None:
    """Serve requests until the parent closes the pipe; runs in the child."""
    begin_child()
    use_temporary_folder(temporary)
    # A process group of its own, so that its workers can be killed with it. The parent alone
    # may hold the other end of the pipe, or its death would go unnoticed here.
    with suppress(OSError):
        os.setpgid(0, 0)
    parent_end.close()
    try:
        _serve_requests(make_work, setup, pipe)
    finally:
        # Nobody is left to give the workers anything to do, and they would wait for ever.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(os.getpid(), signal.SIGKILL)


def _serve_requests(
    make_work: Callable[[Any], Work[object]], setup: object, pipe: Connection
) -> None:
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        request = pipe.recv()
        try:
            work = make_work(setup)
            while True:
                pipe.send(_serve_request(work, request, pipe))
                request = pipe.recv()
        except MakereadyError as error:
            pipe.send(("refused", error))
        except ImportError as error:
            pipe.send(("refused", missing_module(error)))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except BaseException as error:
            pipe.send(("failed", reason_of(error)))


def _serve_request(work: Work[object], request: object, pipe: Connection) -> tuple[str, object]:
    """Return the message that answers a request: ``done`` or ``raised``, and its value."""
    try:
        return "done", work(request, lambda step: pipe.send(("step", step)))
    except MakereadyError as error:
        return "raised", error
    except OSError as error:
        # Errors of the pipe have no file, and end the process.
        if isinstance(error, BrokenPipeError | ConnectionError) or error.errno is None:
            raise
        return "raised", file_error(error)


def termination_error(terminated: Terminated) -> EngineError:
    """Return the error to raise for a child that ended without a result.

    It is for work that has no findings to report the failure in.
    """
    if terminated.seconds is not None:
        return EngineError(
            f"{terminated.step} took longer than {terminated.seconds:g} s.",
            "Allow more time with --time-limit, or look for a very large table or image.",
        )
    hint = _HINTS.get(terminated.reason, "This is a bug in makeready; please report it.")
    if terminated.reason.startswith(LIBRARY_CRASHED):
        hint = _CRASH_HINT
    return EngineError(f"{terminated.step} failed: {terminated.reason}.", hint)
