"""Workers that a foreman forks: what one does, and what becomes of the work of one that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from makeready.errors import FindingsError
from makeready.workers.fork_pool import ForkPool, PoolUnavailableError

_ready: list[int] = []


def _make_ready() -> None:
    _ready.append(os.getpid())


def _is_ready() -> tuple[list[int], int]:
    return _ready, os.getpid()


def _refuse() -> None:
    raise FindingsError("It is refused.", "Ask again.", "book.toml", 7)


class _OddError(Exception):
    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def _break_oddly() -> None:
    raise _OddError(1, 2)


def _die_slowly() -> None:
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)


def _square(number: int) -> int:
    time.sleep(0.01)
    return number * number


@pytest.fixture
def fork_pool() -> Iterator[ForkPool]:
    """A foreman of two workers."""
    fork_pool = ForkPool(2, _make_ready)
    yield fork_pool
    fork_pool.shutdown()


def test_what_is_made_ready_once_is_ready_in_every_worker(fork_pool: ForkPool) -> None:
    told = [fork_pool.submit(_is_ready) for _ in range(4)]
    made = {tuple(future.result(20)[0]) for future in told}
    workers = {future.result(20)[1] for future in told}
    assert len(made) == 1
    assert len(next(iter(made))) == 1
    assert os.getpid() not in workers
    assert not workers & set(next(iter(made)))


def test_what_is_raised_is_raised_here(fork_pool: ForkPool) -> None:
    with pytest.raises(FindingsError) as refused:
        fork_pool.submit(_refuse).result(20)
    assert (refused.value.path, refused.value.line) == ("book.toml", 7)
    # One that cannot be sent as it is says the same.
    with pytest.raises(RuntimeError, match="_OddError: 1 and 2"):
        fork_pool.submit(_break_oddly).result(20)


def test_a_worker_that_dies_takes_its_own_work_along_and_no_other(fork_pool: ForkPool) -> None:
    squares = [fork_pool.submit(_square, n) for n in range(8)]
    deadly = [fork_pool.submit(_die_slowly) for _ in range(2)]
    squares += [fork_pool.submit(_square, n) for n in range(8, 40)]
    assert [future.result(20) for future in squares] == [n * n for n in range(40)]
    for future in deadly:
        with pytest.raises(BrokenExecutor):
            future.result(20)


def test_whoever_no_longer_waits_holds_up_nobody(fork_pool: ForkPool) -> None:
    squares = [fork_pool.submit(_square, n) for n in range(8)]
    for future in squares[:4]:
        future.cancel()
    assert [future.result(20) for future in squares[4:]] == [16, 25, 36, 49]
    assert fork_pool.submit(_square, 9).result(20) == 81


def test_a_foreman_that_cannot_make_ready_says_why() -> None:
    fork_pool = ForkPool(2, _refuse)
    first = fork_pool.submit(_square, 2)
    with pytest.raises(PoolUnavailableError, match="It is refused"):
        first.result(20)
    with pytest.raises(PoolUnavailableError, match="It is refused"):
        fork_pool.submit(_square, 2)
    fork_pool.shutdown()


ENDED = """
import os, sys, time
from makeready.workers.fork_pool import ForkPool

if __name__ == "__main__":
    pool = ForkPool(2, tuple)
    begun = [pool.submit(time.sleep, 60) for _ in range(2)]
    print(pool.submit(os.getpid) and pool._process.pid, flush=True)
    time.sleep(60)
"""


def test_workers_end_with_whoever_gave_them_work(tmp_path: Path) -> None:
    script = tmp_path / "ended.py"
    script.write_text(ENDED)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        leader = int(parent.stdout.readline())
        workers = _children(leader, 2)
        parent.kill()
    deadline = time.monotonic() + 20
    while any(map(_lives, (leader, *workers))):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _children(leader: int, count: int) -> list[int]:
    path = Path(f"/proc/{leader}/task/{leader}/children")
    deadline = time.monotonic() + 20
    while len(found := path.read_text().split()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(pid) for pid in found]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
