"""One pool of worker processes that the build processes of several books share."""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.managers import BaseManager
from signal import SIGKILL
from typing import Any, ParamSpec, TypeVar

from makeready.workers.child import begin_child, signals_deferred
from makeready.workers.context import process_context
from makeready.workers.fork_pool import ForkPool

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PoolAddress:
    """The socket of a shared pool, and the key that authenticates its clients."""

    address: str
    key: bytes


class _Pool:
    """The pool's workers, as the server process exposes them to its clients."""

    def __init__(self, jobs: int, initialise: Callable[[], object], task_seconds: float) -> None:
        self._fork_pool = ForkPool(jobs, initialise, task_seconds)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in a worker and return its result."""
        try:
            return self._fork_pool.submit(function, *arguments).result()
        except BrokenExecutor:
            # The system may have killed the worker for want of memory: try once more.
            return self._fork_pool.submit(function, *arguments).result()


_pool: _Pool | None = None


def _start_pool(jobs: int, initialise: Callable[[], object], task_seconds: float) -> None:
    """Start the pool; runs in the server process."""
    global _pool  # noqa: PLW0603 - a manager's clients get what a function returns
    begin_child()
    with suppress(OSError):
        os.setpgid(0, 0)
    _pool = _Pool(jobs, initialise, task_seconds)


def _exposed_pool() -> _Pool | None:
    return _pool


class _Server(BaseManager):
    """The process that owns the pool and serves it over a socket."""


_Server.register("pool", callable=_exposed_pool, exposed=("run",))


@contextmanager
def shared_pool(
    jobs: int, initialise: Callable[[], object], task_seconds: float = math.inf
) -> Iterator[PoolAddress]:
    """Run a pool of ``jobs`` initialised workers for as long as the context lasts.

    Yields the address by which a `SharedPoolExecutor` in another process reaches it.
    """
    server = _Server(ctx=process_context())
    with signals_deferred():
        server.start(_start_pool, (jobs, initialise, task_seconds))
    try:
        yield PoolAddress(str(server.address), bytes(multiprocessing.current_process().authkey))
    finally:
        pid = server._process.pid  # type: ignore[attr-defined]
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, SIGKILL)
        server._process.join()  # type: ignore[attr-defined]


class SharedPoolExecutor(Executor):
    """An executor whose tasks run in a shared pool, at most ``jobs`` of them at a time.

    The limit keeps the pool's queue short, so that the books that share it take turns.
    """

    def __init__(self, address: PoolAddress, jobs: int) -> None:
        server = _Server(address.address, authkey=address.key)
        server.connect()
        self._pool = server.pool()  # type: ignore[attr-defined]
        self._threads = ThreadPoolExecutor(jobs)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedule a call in the shared pool; keyword arguments are not supported."""
        assert not kwargs
        return self._threads.submit(self._pool.run, fn, *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more tasks; the shared pool goes on."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
