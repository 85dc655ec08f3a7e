"""Workers between one build and the next, and when one of them dies."""

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


class _Counting(ForkPool):
    def __init__(self) -> None:
        super().__init__(2, start_worker)
        self.given: list[Future[Any]] = []
        self.pids: set[int] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        self.given.append(future)
        return future


@pytest.fixture
def fork_pool() -> Iterator[_Counting]:
    """A pool that records the tasks it is given."""
    fork_pool = _Counting()
    yield fork_pool
    fork_pool.shutdown()


def _typeset_book(store: Path, fork_pool: ForkPool | None = None) -> TypesetBook:
    typeset_book = TypesetBook(BOOKS / "leaflet", store)
    if fork_pool is not None:
        typeset_book.pagination.section_pool = SectionPool(2, 120, fork_pool)
    return typeset_book


def test_workers_who_had_nothing_to_do_rehearse_once(tmp_path: Path, fork_pool: _Counting) -> None:
    made = _typeset_book(tmp_path).interior()
    typeset_book = _typeset_book(tmp_path, fork_pool)
    section_pool = typeset_book.pagination.section_pool
    section_pool.warm_up()
    assert fork_pool.given == []
    assert typeset_book.interior() == made
    before = len(fork_pool.given)
    section_pool.warm_up()
    assert len(fork_pool.given) == before + 2
    section_pool.warm_up()
    assert len(fork_pool.given) == before + 2
    # Workers who forget what they have met are as they were at first.
    section_pool.invalidate()
    section_pool.warm_up()
    assert len(fork_pool.given) == before + 4
    assert all(future.result(60).result.page_count for future in fork_pool.given[-4:])


def test_a_section_whose_worker_is_killed_is_set_once_more(
    tmp_path: Path, fork_pool: _Counting
) -> None:
    made = _typeset_book(tmp_path / "alone").interior()
    typeset_book = _typeset_book(tmp_path / "workers", fork_pool)
    victims = [fork_pool.submit(os.getpid).result(60)]

    def kill(_: str) -> None:
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)

    typeset_book.pagination.on_section = kill
    assert typeset_book.interior() == made
    assert victims == []


def test_no_section_is_blamed_for_a_fork_server_that_is_gone(
    tmp_path: Path, fork_pool: _Counting
) -> None:
    typeset_book = _typeset_book(tmp_path, fork_pool)
    leader = fork_pool._process.pid
    assert leader is not None
    os.kill(leader, signal.SIGKILL)
    with pytest.raises(PoolUnavailableError, match="the process that starts the workers ended"):
        typeset_book.interior()
    assert list(typeset_book.findings) == []
