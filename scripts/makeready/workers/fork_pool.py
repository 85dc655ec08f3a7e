"""A pool of worker processes forked from one server process that is initialised once.

``multiprocessing``'s own pools initialise each worker by itself. Here a *fork server* imports
and initialises everything once, and each worker is a fork of it, so that a new worker is ready
at once and shares the server's memory.
"""

from __future__ import annotations

import gc
import itertools
import math
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from makeready.errors import WORKER_ENDED, reason_of
from makeready.workers.child import begin_child, start
from makeready.workers.context import process_context
from makeready.workers.temporary_files import (
    delete_temporary_folder,
    new_temporary_folder,
    use_temporary_folder,
)

P = ParamSpec("P")
T = TypeVar("T")

_ID_BYTES = 8
_DONE, _RAISED, _DIED, _LATE, _START_FAILED = b"d", b"r", b"x", b"l", b"u"
"""The kinds of reply: a result, an exception, a worker's death, one that was killed as its task
took too long, a failed initialisation."""

_GRACE_SECONDS = 2.0
"""What a worker gets beyond the limit, within which it may end the task by itself."""


class PoolUnavailableError(BrokenExecutor):
    """The pool's fork server could not be initialised, or has ended."""


class TaskTimeoutError(Exception):
    """A task took longer than the ``seconds`` that the pool allows."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it took longer than {seconds:g} s")
        self.seconds = seconds


class ForkPool(Executor):
    """An executor of ``jobs`` worker processes, each of which runs one task at a time.

    A worker whose task takes longer than ``task_seconds`` is killed, whatever library it is in;
    the task raises TaskTimeoutError.

    The fork server is a process of its own. It starts at once, calls ``initialise`` while its
    parent goes on, and forks a worker where one is needed. It has no threads, so it can safely
    fork another whenever one has died. The task of a worker that died raises BrokenExecutor;
    other tasks are not affected. Without the fork server every task raises
    PoolUnavailableError. Tasks and their results must be picklable.
    """

    def __init__(
        self, jobs: int, initialise: Callable[[], object], task_seconds: float = math.inf
    ) -> None:
        context = process_context()
        self._task_seconds = task_seconds
        self._pipe, server_pipe = context.Pipe()
        self._temporary = new_temporary_folder()
        self._process = context.Process(
            target=_run_fork_server,
            args=(jobs, initialise, task_seconds, server_pipe, self._pipe, self._temporary),
        )
        start(self._process)
        server_pipe.close()
        self._task_ids = itertools.count()
        self._pending: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._listener: threading.Thread | None = None
        self._failure = ""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedule a call in a worker; its future cannot be cancelled."""
        future: Future[T] = Future()
        # The fork server has no message that takes a task back.
        future.set_running_or_notify_cancel()
        task = pickle.dumps((fn, args, kwargs))
        with self._lock:
            if self._failure:
                raise PoolUnavailableError(self._failure)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, daemon=True)
                self._listener.start()
            task_id = next(self._task_ids)
            self._pending[task_id] = future
            # If the fork server is gone, the listener fails the future.
            with suppress(OSError):
                self._pipe.send_bytes(task_id.to_bytes(_ID_BYTES, "big") + task)
        return future

    def _listen(self) -> None:
        """Resolve futures as replies arrive; runs in a thread until the fork server ends."""
        failure = "the process that starts the workers ended"
        with suppress(EOFError, OSError):
            while True:
                task_id, kind, content = _decode_reply(self._pipe.recv_bytes())
                if kind == _START_FAILED:
                    failure = content.decode()
                    break
                future = self._pending.pop(task_id)
                if kind == _LATE:
                    future.set_exception(TaskTimeoutError(self._task_seconds))
                else:
                    _resolve(future, kind, content)
        with self._lock:
            self._failure = failure
            unresolved = list(self._pending.values())
        for future in unresolved:
            future.set_exception(PoolUnavailableError(failure))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Kill the fork server and its workers, whatever they are doing."""
        self._process.kill()
        self._process.join()
        if self._listener is not None:
            self._listener.join()
        self._pipe.close()
        delete_temporary_folder(self._temporary)


def _resolve(future: Future[Any], kind: bytes, content: bytes) -> None:
    """Give a future the result or the exception that a reply carries."""
    if kind == _DIED:
        future.set_exception(BrokenExecutor(WORKER_ENDED))
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


def _encode_reply(task_id: int, kind: bytes, content: bytes = b"") -> bytes:
    return task_id.to_bytes(_ID_BYTES, "big") + kind + content


def _decode_reply(message: bytes) -> tuple[int, bytes, bytes]:
    """Return the task's id, the kind of reply (one byte) and its content."""
    head = _ID_BYTES + 1
    return int.from_bytes(message[:_ID_BYTES], "big"), message[_ID_BYTES:head], message[head:]


@dataclass
class _Worker:
    """A worker process, its pipe, and the id of the task it is running."""

    process: BaseProcess
    pipe: Connection
    task_id: int | None = None
    deadline: float = math.inf


@dataclass
class _TaskDispatcher:
    """The fork server's side of the pool: its workers, and the tasks queued for them."""

    jobs: int
    task_seconds: float
    parent: Connection
    queue: deque[bytes] = field(default_factory=deque)
    workers: list[_Worker] = field(default_factory=list)

    def dispatch(self) -> None:
        """Send queued tasks to idle workers, forking workers up to ``jobs``."""
        while self.queue:
            idle = next((w for w in self.workers if w.task_id is None), None)
            if idle is None:
                if len(self.workers) == self.jobs:
                    return
                idle = self._fork_worker()
            message = self.queue.popleft()
            idle.task_id = int.from_bytes(message[:_ID_BYTES], "big")
            idle.deadline = time.monotonic() + self.task_seconds + _GRACE_SECONDS
            # If the worker died while it was idle, `receive` finds its pipe closed.
            with suppress(OSError):
                idle.pipe.send_bytes(message[_ID_BYTES:])

    def _fork_worker(self) -> _Worker:
        context = process_context()
        pipe, worker_pipe = context.Pipe()
        inherited = (self.parent, pipe, *(worker.pipe for worker in self.workers))
        process = context.Process(target=_run_worker, args=(worker_pipe, inherited), daemon=True)
        start(process)
        worker_pipe.close()
        worker = _Worker(process, pipe)
        self.workers.append(worker)
        return worker

    @property
    def seconds_left(self) -> float | None:
        """The time until the next deadline of a task; None if no task has one."""
        deadlines = [worker.deadline for worker in self.workers if worker.task_id is not None]
        first = min(deadlines, default=math.inf)
        return None if math.isinf(first) else max(0.0, first - time.monotonic())

    def kill_late(self) -> None:
        """Kill the workers whose tasks are past their deadline, and report that."""
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.task_id is not None and worker.deadline <= now and not worker.pipe.poll():
                task_id, worker.task_id = worker.task_id, None
                worker.process.kill()
                self.receive(worker)
                self.parent.send_bytes(_encode_reply(task_id, _LATE))

    def receive(self, worker: _Worker) -> None:
        """Forward a worker's reply to the parent, or report that the worker has died."""
        task_id = worker.task_id
        try:
            reply = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self.workers.remove(worker)
            worker.pipe.close()
            worker.process.join()
            if task_id is not None:
                self.parent.send_bytes(_encode_reply(task_id, _DIED))
            return
        worker.task_id = None
        if task_id is not None:
            self.parent.send_bytes(_encode_reply(task_id, reply[:1], reply[1:]))


def _run_fork_server(
    jobs: int,
    initialise: Callable[[], object],
    task_seconds: float,
    parent: Connection,
    parent_end: Connection,
    temporary: Path,
) -> None:
    """Initialise, and dispatch tasks for as long as the parent lives; runs in the fork server."""
    begin_child()
    use_temporary_folder(temporary)
    # A pipe is seen to close only when no other process holds an end of it.
    parent_end.close()
    dispatcher = _TaskDispatcher(jobs, task_seconds, parent)
    with suppress(EOFError, OSError):
        try:
            initialise()
        except Exception as error:
            parent.send_bytes(_encode_reply(0, _START_FAILED, reason_of(error).encode()))
            return
        # A collection in a worker would write to the pages it shares with the fork server,
        # and so copy them: frozen objects are not traversed.
        gc.collect()
        gc.freeze()
        while True:
            by_pipe = {worker.pipe: worker for worker in dispatcher.workers}
            for pipe in wait([parent, *by_pipe], dispatcher.seconds_left):
                if pipe is parent:
                    dispatcher.queue.append(parent.recv_bytes())
                else:
                    dispatcher.receive(by_pipe[pipe])  # type: ignore[index]
            dispatcher.kill_late()
            dispatcher.dispatch()


def _run_worker(pipe: Connection, inherited: tuple[Connection, ...]) -> None:
    """Run one task after another; runs in a worker."""
    begin_child()
    # A pipe is seen to close only when no other process holds an end of it.
    for connection in inherited:
        connection.close()
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(_run_task(pipe.recv_bytes()))


def _run_task(content: bytes) -> bytes:
    """Call a pickled function; return the kind of reply and the pickled result or exception."""
    try:
        function, arguments, keywords = pickle.loads(content)  # noqa: S301 - the parent sent it
        return _DONE + pickle.dumps(function(*arguments, **keywords))
    except Exception as error:
        return _RAISED + _pickle_exception(error)


def _pickle_exception(error: Exception) -> bytes:
    """Pickle an exception, or a RuntimeError with its text where it does not survive pickling."""
    try:
        content = pickle.dumps(error)
        pickle.loads(content)  # noqa: S301 - written a line above
    except Exception:
        return pickle.dumps(RuntimeError(reason_of(error)))
    return content
