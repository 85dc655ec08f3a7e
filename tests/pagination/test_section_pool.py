"""A section pool warms up its workers, and survives workers that die."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from typeset_fixtures import TypesetBook

from conftest import BOOKS
from makeready.pagination.section_pool import SectionPool
from makeready.pagination.worker_start import start_worker
from makeready.workers.fork_pool import ForkPool, PoolUnavailableError


class _RecordingPool(ForkPool):
    def __init__(self) -> None:
        super().__init__(2, start_worker)
        self.tasks: list[Future[Any]] = []
        self.pids: set[int] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        self.tasks.append(future)
        return future


@pytest.fixture
def fork_pool() -> Iterator[_RecordingPool]:
    """A pool that records the tasks it is given."""
    fork_pool = _RecordingPool()
    yield fork_pool
    fork_pool.shutdown()


def _typeset_book(store: Path, fork_pool: ForkPool | None = None) -> TypesetBook:
    typeset_book = TypesetBook(BOOKS / "leaflet", store)
    if fork_pool is not None:
        typeset_book.pagination.section_pool = SectionPool(2, 120, fork_pool)
    return typeset_book


def test_workers_warm_up_once_before_they_are_needed(
    tmp_path: Path, fork_pool: _RecordingPool
) -> None:
    expected = _typeset_book(tmp_path).interior()
    typeset_book = _typeset_book(tmp_path, fork_pool)
    section_pool = typeset_book.pagination.section_pool
    section_pool.warm_up()
    assert fork_pool.tasks == []
    assert typeset_book.interior() == expected
    before = len(fork_pool.tasks)
    section_pool.warm_up()
    assert len(fork_pool.tasks) == before + 2
    section_pool.warm_up()
    assert len(fork_pool.tasks) == before + 2
    # After their caches are dropped, they warm up again.
    section_pool.invalidate()
    section_pool.warm_up()
    assert len(fork_pool.tasks) == before + 4
    assert all(future.result(60).result.page_count for future in fork_pool.tasks[-4:])


def test_a_section_whose_worker_is_killed_is_typeset_once_more(
    tmp_path: Path, fork_pool: _RecordingPool
) -> None:
    expected = _typeset_book(tmp_path / "alone").interior()
    typeset_book = _typeset_book(tmp_path / "workers", fork_pool)
    victims = [fork_pool.submit(os.getpid).result(60)]

    def kill(_: str) -> None:
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)

    typeset_book.pagination.on_section = kill
    assert typeset_book.interior() == expected
    assert victims == []


def test_no_section_is_blamed_for_a_fork_server_that_is_gone(
    tmp_path: Path, fork_pool: _RecordingPool
) -> None:
    typeset_book = _typeset_book(tmp_path, fork_pool)
    server = fork_pool._process.pid
    assert server is not None
    os.kill(server, signal.SIGKILL)
    with pytest.raises(PoolUnavailableError, match="the process that starts the workers ended"):
        typeset_book.interior()
    assert list(typeset_book.findings) == []
