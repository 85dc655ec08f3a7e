"""Workers that a foreman forks: it makes itself ready once, and each of them is as ready."""

from __future__ import annotations

import gc
import itertools
import pickle
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

from makeready.errors import reason_of
from makeready.workers.context import process_context

P = ParamSpec("P")
T = TypeVar("T")

_NUMBER_BYTES = 8
_DONE, _RAISED, _DIED, _UNREADY = b"d", b"r", b"x", b"u"


class PoolUnavailableError(BrokenExecutor):
    """There is nobody to lead the workers: he could not make ready, or has ended."""


class ForkPool(Executor):
    """Has work done by ``jobs`` processes, each of which has one piece of it at a time.

    The foreman is a process of its own that begins at once, calls ``make_ready`` beside
    whatever its parent does, and forks a worker where one is needed. It has no threads, so that
    it can fork another whenever one has died; the work of one that died raises BrokenExecutor,
    and no other does. Without that process all work raises PoolUnavailableError. Work and
    its results must be picklable.
    """

    def __init__(self, jobs: int, make_ready: Callable[[], object]) -> None:
        context = process_context()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve_pool, args=(jobs, make_ready, theirs, self._pipe)
        )
        self._process.start()
        theirs.close()
        self._numbers = itertools.count()
        self._begun: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None
        self._fault = ""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker do the work."""
        future: Future[T] = Future()
        # Nobody takes back what has been sent.
        future.set_running_or_notify_cancel()
        content = pickle.dumps((fn, args, kwargs))
        with self._lock:
            if self._fault:
                raise PoolUnavailableError(self._fault)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, daemon=True)
                self._listener.start()
            number = next(self._numbers)
            self._begun[number] = future
            # One that is gone is seen by who listens.
            with suppress(OSError):
                self._pipe.send_bytes(number.to_bytes(_NUMBER_BYTES, "big") + content)
        return future

    def _listen(self) -> None:
        fault = "the process that leads the workers ended"
        with suppress(EOFError, OSError):
            while True:
                number, kind, content = _parted(self._pipe.recv_bytes())
                if kind == _UNREADY:
                    fault = content.decode()
                    break
                _settle(self._begun.pop(number), kind, content)
        with self._lock:
            self._fault = fault
            left = list(self._begun.values())
        for future in left:
            future.set_exception(PoolUnavailableError(fault))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """End the workers, whatever they are at."""
        self._process.kill()
        self._process.join()
        if self._listener is not None:
            self._listener.join()
        self._pipe.close()


def _settle(future: Future[Any], kind: bytes, content: bytes) -> None:
    if kind == _DIED:
        future.set_exception(BrokenExecutor("the process that did it ended"))
        return
    try:
        result = pickle.loads(content)  # noqa: S301 - it comes from a fork of this process
    except Exception as error:
        future.set_exception(RuntimeError(reason_of(error)))
        return
    if kind == _DONE:
        future.set_result(result)
    else:
        future.set_exception(result)


def _framed(number: int, kind: bytes, content: bytes = b"") -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + kind + content


def _parted(message: bytes) -> tuple[int, bytes, bytes]:
    head = _NUMBER_BYTES + 1
    number = int.from_bytes(message[:_NUMBER_BYTES], "big")
    return number, message[_NUMBER_BYTES:head], message[head:]


@dataclass
class _Worker:
    """A process at work, and the number of what it has in hand."""

    process: BaseProcess
    pipe: Connection
    number: int | None = None


@dataclass
class _Workers:
    """The workers of a foreman, and the work that waits for one."""

    jobs: int
    parent: Connection
    waiting: deque[bytes] = field(default_factory=deque)
    workers: list[_Worker] = field(default_factory=list)

    def assign(self) -> None:
        """Give the work that waits to whoever is idle, and fork those that are not there yet."""
        while self.waiting:
            idle = next((w for w in self.workers if w.number is None), None)
            if idle is None:
                if len(self.workers) == self.jobs:
                    return
                idle = self._forked()
            message = self.waiting.popleft()
            idle.number = int.from_bytes(message[:_NUMBER_BYTES], "big")
            # One that died while it was idle is seen when its answer is looked for.
            with suppress(OSError):
                idle.pipe.send_bytes(message[_NUMBER_BYTES:])

    def _forked(self) -> _Worker:
        context = process_context()
        ours, theirs = context.Pipe()
        others = (self.parent, ours, *(worker.pipe for worker in self.workers))
        process = context.Process(target=_work, args=(theirs, others), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self.workers.append(worker)
        return worker

    def receive(self, worker: _Worker) -> None:
        """Take what a worker says, and tell the parent."""
        number = worker.number
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self.workers.remove(worker)
            worker.pipe.close()
            worker.process.join()
            if number is not None:
                self.parent.send_bytes(_framed(number, _DIED))
            return
        worker.number = None
        if number is not None:
            self.parent.send_bytes(_framed(number, said[:1], said[1:]))


def _serve_pool(
    jobs: int, make_ready: Callable[[], object], parent: Connection, theirs: Connection
) -> None:
    """Lead workers for as long as the parent lives; runs in the foreman."""
    theirs.close()
    crowd = _Workers(jobs, parent)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        try:
            make_ready()
        except Exception as error:
            parent.send_bytes(_framed(0, _UNREADY, reason_of(error).encode()))
            return
        # What all workers share is not to be looked through for garbage: that would copy it.
        gc.collect()
        gc.freeze()
        while True:
            by_pipe = {worker.pipe: worker for worker in crowd.workers}
            for ready in wait([parent, *by_pipe]):
                if ready is parent:
                    crowd.waiting.append(parent.recv_bytes())
                else:
                    crowd.receive(by_pipe[ready])  # type: ignore[index]
            crowd.assign()


def _work(pipe: Connection, others: tuple[Connection, ...]) -> None:
    """Do one piece of work after another; runs in a worker."""
    # A pipe is seen to end only where nobody else holds an end of it.
    for other in others:
        other.close()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            pipe.send_bytes(_done(pipe.recv_bytes()))


def _done(content: bytes) -> bytes:
    try:
        function, arguments, named = pickle.loads(content)  # noqa: S301 - a fork's parent sent it
        return _DONE + pickle.dumps(function(*arguments, **named))
    except Exception as error:
        return _RAISED + _pickled(error)


def _pickled(error: Exception) -> bytes:
    """Pickle an exception, or one that says the same where it cannot be."""
    try:
        content = pickle.dumps(error)
        pickle.loads(content)  # noqa: S301 - written a line above
    except Exception:
        return pickle.dumps(RuntimeError(reason_of(error)))
    return content
