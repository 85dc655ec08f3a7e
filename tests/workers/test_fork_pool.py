"""A fork pool runs tasks in workers, and survives workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from makeready.errors import FindingsError
from makeready.workers.fork_pool import ForkPool, PoolUnavailableError

_initialised_in: list[int] = []


def _initialise() -> None:
    _initialised_in.append(os.getpid())


def _report_pids() -> tuple[list[int], int]:
    return _initialised_in, os.getpid()


def _raise_findings_error() -> None:
    raise FindingsError("It is refused.", "Ask again.", "book.toml", 7)


class _UnpicklableError(Exception):
    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def _raise_unpicklable() -> None:
    raise _UnpicklableError(1, 2)


def _die_slowly() -> None:
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)


def _square(number: int) -> int:
    time.sleep(0.01)
    return number * number


@pytest.fixture
def fork_pool() -> Iterator[ForkPool]:
    """A pool of two workers."""
    fork_pool = ForkPool(2, _initialise)
    yield fork_pool
    fork_pool.shutdown()


def test_the_pool_is_initialised_once_for_all_workers(fork_pool: ForkPool) -> None:
    reports = [fork_pool.submit(_report_pids) for _ in range(4)]
    initialised_in = {tuple(future.result(20)[0]) for future in reports}
    workers = {future.result(20)[1] for future in reports}
    assert len(initialised_in) == 1
    assert len(next(iter(initialised_in))) == 1
    assert os.getpid() not in workers
    assert not workers & set(next(iter(initialised_in)))


def test_an_exception_in_a_worker_is_raised_in_the_parent(fork_pool: ForkPool) -> None:
    with pytest.raises(FindingsError) as caught:
        fork_pool.submit(_raise_findings_error).result(20)
    assert (caught.value.path, caught.value.line) == ("book.toml", 7)
    # One that cannot be pickled arrives as a RuntimeError with the same text.
    with pytest.raises(RuntimeError, match="_UnpicklableError: 1 and 2"):
        fork_pool.submit(_raise_unpicklable).result(20)


def test_a_worker_that_dies_fails_its_own_task_only(fork_pool: ForkPool) -> None:
    squares = [fork_pool.submit(_square, n) for n in range(8)]
    fatal = [fork_pool.submit(_die_slowly) for _ in range(2)]
    squares += [fork_pool.submit(_square, n) for n in range(8, 40)]
    assert [future.result(20) for future in squares] == [n * n for n in range(40)]
    for future in fatal:
        with pytest.raises(BrokenExecutor):
            future.result(20)


def test_a_cancelled_future_does_not_block_the_others(fork_pool: ForkPool) -> None:
    squares = [fork_pool.submit(_square, n) for n in range(8)]
    for future in squares[:4]:
        future.cancel()
    assert [future.result(20) for future in squares[4:]] == [16, 25, 36, 49]
    assert fork_pool.submit(_square, 9).result(20) == 81


def test_a_failed_initialisation_is_the_reason_of_every_task() -> None:
    fork_pool = ForkPool(2, _raise_findings_error)
    first = fork_pool.submit(_square, 2)
    with pytest.raises(PoolUnavailableError, match="It is refused"):
        first.result(20)
    with pytest.raises(PoolUnavailableError, match="It is refused"):
        fork_pool.submit(_square, 2)
    fork_pool.shutdown()


KILLED_PARENT = """
import os, sys, time
from makeready.workers.fork_pool import ForkPool

if __name__ == "__main__":
    pool = ForkPool(2, tuple)
    tasks = [pool.submit(time.sleep, 60) for _ in range(2)]
    print(pool.submit(os.getpid) and pool._process.pid, flush=True)
    time.sleep(60)
"""


def test_workers_end_with_the_process_that_owns_the_pool(tmp_path: Path) -> None:
    script = tmp_path / "killed_parent.py"
    script.write_text(KILLED_PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        workers = _children(server, 2)
        parent.kill()
    deadline = time.monotonic() + 20
    while any(map(_is_running, (server, *workers))):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _children(server: int, count: int) -> list[int]:
    path = Path(f"/proc/{server}/task/{server}/children")
    deadline = time.monotonic() + 20
    while len(found := path.read_text().split()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(pid) for pid in found]


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _open_temporary_file() -> str:
    return tempfile.mkstemp()[1]


def test_temporary_files_of_killed_workers_are_deleted() -> None:
    with ForkPool(2, _initialise) as fork_pool:
        path = Path(fork_pool.submit(_open_temporary_file).result(20))
        assert path.exists()
    assert not path.parent.exists()
