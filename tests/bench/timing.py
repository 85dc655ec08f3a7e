"""What is timed: wall time, and the peak memory of all of a command's processes together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Self

_SAMPLE_S = 0.02
# Looking at memory holds up whoever is looked at: no more than this share of the time goes to it.
_SAMPLING_SHARE = 0.05
_POLL_S = 0.002
_LAST_WORDS = 2000
_PATIENCE_S = 5.0
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Timing:
    """What one run took; ``peak_mb`` is 0 where the system does not tell."""

    wall_s: float
    peak_mb: float


_WORK = "sum(number * number % 7 for number in range(6_000_000))"
_TIMES = 5


def work_together(processes: int) -> float:
    """Measure how often the work of one process is done when so many are at it at once."""
    ratios = []
    for _ in range(_TIMES):
        alone_s, together_s = _working_s(1), _working_s(processes)
        ratios.append(processes * alone_s / together_s)
    return median(ratios)


def _working_s(processes: int) -> float:
    began = time.perf_counter()
    begun = [subprocess.Popen([sys.executable, "-c", _WORK]) for _ in range(processes)]
    for process in begun:
        process.wait()
    return time.perf_counter() - began


class BenchError(Exception):
    """A command failed, or took longer than it may."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, where it runs, and what it adds to the environment."""

    words: tuple[str | Path, ...]
    folder: Path
    environment: Mapping[str, str]
    limit_s: float

    def timed(self) -> Timing:
        """Run the command to its end and time it."""
        began = time.perf_counter()
        with self.running() as process, MemoryWatch(process.pid) as memory:
            try:
                code = process.wait(self.limit_s)
            except subprocess.TimeoutExpired as error:
                raise BenchError(f"took more than {self.limit_s:g} s") from error
            wall_s = time.perf_counter() - began
            if code:
                raise BenchError(f"ended with exit code {code}")
        return Timing(wall_s, memory.peak_mb)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the command for as long as the block lasts; a failure tells its last words."""
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [str(word) for word in self.words],
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                yield process
            except BenchError as error:
                raise BenchError(f"{error}\n{_end_of(said.fileno())}") from error
            finally:
                _end(process)


def _end_of(said: int) -> str:
    size = os.fstat(said).st_size
    return os.pread(said, _LAST_WORDS, max(0, size - _LAST_WORDS)).decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that has not ended, and those it began: first by asking."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE_S)
        # Those it began may outlast it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class MemoryWatch:
    """Sums the memory of a session's processes every so often, and keeps the highest sum.

    What processes share counts once: each has its proportional share of it.
    """

    def __init__(self, session: int) -> None:
        self._session, self._peak_kb = session, 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    @property
    def peak_mb(self) -> float:
        """The highest sum so far, in millions of bytes."""
        return self._peak_kb * 1024 / 1e6

    def _sample(self) -> None:
        pause_s = _SAMPLE_S
        while not self._stopped.wait(pause_s):
            began = time.perf_counter()
            self._peak_kb = max(self._peak_kb, sum(map(_share_kb, _members(self._session))))
            took_s = time.perf_counter() - began
            pause_s = max(_SAMPLE_S, took_s / _SAMPLING_SHARE)


def seconds_until(
    done: Callable[[], bool], process: subprocess.Popen[bytes], limit_s: float
) -> float:
    """Wait for something a running process does, and return how long that took."""
    began = time.perf_counter()
    while not done():
        waited_s = time.perf_counter() - began
        if process.poll() is not None:
            raise BenchError(f"ended before its time with exit code {process.returncode}")
        if waited_s > limit_s:
            raise BenchError(f"took more than {limit_s:g} s")
        time.sleep(_POLL_S)
    return time.perf_counter() - began


def _members(session: int) -> Iterator[Path]:
    """Give the folders in /proc of the processes of a session."""
    for folder in _PROC.glob("[0-9]*"):
        try:
            # The fields after the name in brackets: state, parent, group, session.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            yield folder


def _share_kb(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
