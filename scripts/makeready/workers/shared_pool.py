"""One pool of worker processes for several books: each submits to it from a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.managers import BaseManager
from signal import SIGKILL
from typing import Any, ParamSpec, TypeVar

from makeready.workers.context import process_context
from makeready.workers.fork_pool import ForkPool

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PoolAddress:
    """Where a shared pool is asked, and the key that shows who may ask."""

    address: str
    key: bytes


class _Pool:
    """The workers; one that dies takes its own work along, and no other."""

    def __init__(self, jobs: int, initialise: Callable[[], object]) -> None:
        self._fork_pool = ForkPool(jobs, initialise)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Have a worker do the work, and wait for its result."""
        try:
            return self._fork_pool.submit(function, *arguments).result()
        except BrokenExecutor:
            # Its worker may have been ended by somebody else, for want of memory, say.
            return self._fork_pool.submit(function, *arguments).result()


_pool: _Pool | None = None


def _start_pool(jobs: int, initialise: Callable[[], object]) -> None:
    """Begin the pool, in the process that serves it."""
    global _pool  # noqa: PLW0603 - the manager gives its clients what a function returns
    with suppress(OSError):
        os.setpgid(0, 0)
    _pool = _Pool(jobs, initialise)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, SIGKILL)


def _served_pool() -> _Pool | None:
    return _pool


class _Server(BaseManager):
    pass


_Server.register("pool", callable=_served_pool, exposed=("run",))


@contextmanager
def shared_pool(jobs: int, initialise: Callable[[], object]) -> Iterator[PoolAddress]:
    """Start a pool of ``jobs`` workers, each initialised, for as long as the context lasts."""
    server = _Server(ctx=process_context())
    server.start(_start_pool, (jobs, initialise))
    try:
        yield PoolAddress(str(server.address), bytes(multiprocessing.current_process().authkey))
    finally:
        pid = server._process.pid  # type: ignore[attr-defined]
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, SIGKILL)
        server._process.join()  # type: ignore[attr-defined]


class SharedPoolExecutor(Executor):
    """An executor whose work is done by a shared pool, ``jobs`` pieces of it at a time.

    No more wait there for one book, so that books take turns.
    """

    def __init__(self, address: PoolAddress, jobs: int) -> None:
        server = _Server(address.address, authkey=address.key)
        server.connect()
        self._pool = server.pool()  # type: ignore[attr-defined]
        self._threads = ThreadPoolExecutor(jobs)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have the pool do the work."""
        assert not kwargs
        return self._threads.submit(self._pool.run, fn, *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; the pool stays."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
