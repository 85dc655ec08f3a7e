"""One pool of worker processes for several books: each submits to it from a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.managers import BaseManager
from pathlib import Path
from signal import SIGKILL
from typing import Any, ParamSpec, TypeVar

from makeready.faces import Face, libraries_by_name, load_faces, seal_fontconfig
from makeready.layout.environment import house_styles
from makeready.processes import process_context

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a shared pool is asked, and the key that shows who may ask."""

    address: str
    key: bytes


class _Pool:
    """The workers; one that dies takes its own work along, and no other."""

    def __init__(self, jobs: int, faces: Sequence[Face]) -> None:
        self._jobs = jobs
        self._lock = threading.Lock()
        # The engine is imported only after fontconfig is sealed, and once for all workers;
        # what they then set is sealed for the faces of its book.
        seal_fontconfig(faces)
        with libraries_by_name():
            import makeready.pdf.fragments.crew  # noqa: F401, PLC0415
        self._executor = ProcessPoolExecutor(jobs, process_context())
        self._executor.submit(os.getpid).result()

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Have a worker do the work, and wait for its result."""
        executor = self._executor
        try:
            return executor.submit(function, *arguments).result()
        except BrokenProcessPool:
            self._renew(executor)
        # It may be this work that ended the worker: it is done once more, by itself.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
            return apart.submit(function, *arguments).result()

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._executor is broken:
                # This process has threads by now: a fork of it may hang.
                context = multiprocessing.get_context("spawn")
                self._executor = ProcessPoolExecutor(self._jobs, context)


_pool: _Pool | None = None


def _begin_pool(jobs: int, faces: Sequence[Face]) -> None:
    """Begin the pool, in the process that serves it."""
    global _pool  # noqa: PLW0603 - the manager gives its clients what a function returns
    with suppress(OSError):
        os.setpgid(0, 0)
    _pool = _Pool(jobs, faces)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, SIGKILL)


def _the_pool() -> _Pool | None:
    return _pool


class _Server(BaseManager):
    pass


_Server.register("pool", callable=_the_pool, exposed=("run",))


@contextmanager
def shared_pool(jobs: int, cache: Path) -> Iterator[Address]:
    """Begin a pool of ``jobs`` workers for as long as the context lasts."""
    faces = load_faces(house_styles() / "fonts.toml", cache / "faces")
    server = _Server(ctx=process_context())
    server.start(_begin_pool, (jobs, faces))
    try:
        yield Address(str(server.address), bytes(multiprocessing.current_process().authkey))
    finally:
        pid = server._process.pid  # type: ignore[attr-defined]
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, SIGKILL)
        server._process.join()  # type: ignore[attr-defined]


class SharedWorkers(Executor):
    """An executor whose work is done by a shared pool, ``jobs`` pieces of it at a time.

    No more wait there for one book, so that books take turns.
    """

    def __init__(self, address: Address, jobs: int) -> None:
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
