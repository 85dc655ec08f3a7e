"""The output folder during a run: one at a time writes to it, from a temporary folder of its own.

The lock is the system's, on the folder itself, and ends with the process that holds it, so that
none is ever left behind. The name of that folder says which process that is.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from makeready.build.request import BuildRequest
from makeready.deletion import delete_inside
from makeready.errors import OutputError
from makeready.files import names_inside, open_inside
from makeready.workers.progress import Report, Step

_TEMPORARY = re.compile(r"\.draft-(\d{1,10})-[a-z0-9_]{8}")
_LOOK_SECONDS = 0.1
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@contextmanager
def holding_output(
    request: BuildRequest, report: Report, wait_seconds: float
) -> Iterator[BuildRequest]:
    """Hold the output folder for this run; yield the request with a new temporary folder in it.

    While another run holds the folder, this one says so and waits; after ``wait_seconds`` it
    raises OutputError. What killed runs have left is deleted. A folder that does not exist
    is not held.
    """
    if not request.output.is_dir():
        yield request
        return
    with _held(request.output, report, wait_seconds) as temporary:
        yield replace(request, temporary=temporary)


@contextmanager
def _held(output: Path, report: Report, wait_seconds: float) -> Iterator[Path]:
    folder = os.open(output, _FOLDER)
    try:
        # A folder in a network may have no locks. This one is each run's own even so.
        is_alone = _lock(folder, output, report, wait_seconds)
        if is_alone:
            _delete_left(folder)
        temporary = Path(tempfile.mkdtemp(dir=output, prefix=f".draft-{os.getpid()}-"))
        try:
            yield temporary
        finally:
            _delete_temporary(folder, temporary.name)
            # A child that lives on has the folder open too: closing it would not be enough.
            if is_alone:
                fcntl.flock(folder, fcntl.LOCK_UN)
    finally:
        os.close(folder)


def _lock(folder: int, output: Path, report: Report, wait_seconds: float) -> bool:
    """Wait for the lock of a folder and take it; return False where the system has none."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(folder)
        except OSError:
            return False
        else:
            return True
        if time.monotonic() >= deadline:
            raise OutputError(
                f"{output.as_posix()} is in use by {holder}.",
                "Wait until it has finished, end it, or name another folder with --output.",
            )
        report(Step(f"Waiting for {holder} to finish with {output.as_posix()}"))
        time.sleep(_LOOK_SECONDS)


def _holder(folder: int) -> str:
    """Return in words which process holds a folder, as far as its temporary folder says so."""
    for name in names_inside(folder):
        if match := _TEMPORARY.fullmatch(name):
            with suppress(OSError, OverflowError):
                os.kill(int(match[1]), 0)
                return f"another makeready (process {match[1]})"
    return "another makeready"


def _delete_left(folder: int) -> None:
    """Delete the temporary folders of runs that were killed."""
    for name in names_inside(folder):
        if _TEMPORARY.fullmatch(name):
            _delete_temporary(folder, name)


def _delete_temporary(folder: int, name: str) -> None:
    """Delete a temporary folder and the files in it; follow no link, and leave any other folder."""
    with suppress(OSError):
        with open_inside(folder, name) as inside:
            delete_inside(inside, names_inside(inside))
        os.rmdir(name, dir_fd=folder)
