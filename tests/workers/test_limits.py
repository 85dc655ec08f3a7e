"""Children have limits on their memory and time, whatever library they are in."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator

import pytest

from makeready.errors import OUT_OF_MEMORY, OutputError
from makeready.workers.fork_pool import ForkPool, TaskTimeoutError
from makeready.workers.progress import Step
from makeready.workers.supervisor import Terminated, run_supervised, termination_error


def _take_memory(_request: str, _report: object) -> int:
    return len(bytearray(5 * 2**30))


def _fill_disk(_request: str, _report: object) -> None:
    raise OSError(28, "No space left on device", "/somewhere/book.pdf")


def _abort(_request: str, _report: object) -> None:
    os.kill(os.getpid(), signal.SIGTRAP)


def test_a_child_has_a_limit_on_its_memory() -> None:
    ended = run_supervised(_take_memory, "", lambda _: None, 60)
    assert ended == Terminated(Step("Starting"), reason=OUT_OF_MEMORY)


def test_a_full_disk_is_no_fault_of_ours() -> None:
    with pytest.raises(OutputError) as raised:
        run_supervised(_fill_disk, "", lambda _: None, 60)
    assert raised.value.message == (
        "Cannot read or write /somewhere/book.pdf: no space left on device."
    )
    assert raised.value.exit_code == 6
    assert "report it" not in raised.value.hint


def test_a_library_that_aborts_is_no_fault_of_ours() -> None:
    ended = run_supervised(_abort, "", lambda _: None, 60)
    assert isinstance(ended, Terminated)
    assert ended.reason == "its process ended with signal 5, perhaps for lack of memory"
    assert "report it" not in termination_error(ended).hint


def _sleep_in_c(seconds: int) -> int:
    # No signal handler of Python's runs until it returns.
    left = ctypes.PyDLL(None).sleep(seconds)
    return os.getpid() + 0 * left


@pytest.fixture
def pool() -> Iterator[ForkPool]:
    pool = ForkPool(2, tuple, task_seconds=0.5)
    yield pool
    pool.shutdown()


def test_a_task_that_hangs_in_a_library_is_stopped_alone(pool: ForkPool) -> None:
    started_at = time.monotonic()
    hung, other = pool.submit(_sleep_in_c, 60), pool.submit(_sleep_in_c, 0)
    assert other.result(30) != os.getpid()
    with pytest.raises(TaskTimeoutError) as raised:
        hung.result(30)
    assert raised.value.seconds == 0.5
    assert time.monotonic() - started_at < 30
    assert pool.submit(_sleep_in_c, 0).result(30) != os.getpid()


def test_a_task_within_the_limit_is_not_stopped(pool: ForkPool) -> None:
    assert pool.submit(_sleep_in_c, 1).result(30) != os.getpid()
