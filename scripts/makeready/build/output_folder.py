"""The output folder during a run: one run at a time writes to it, from a draft folder of its own.

The lock is the system's, on the folder itself, and ends with the process that holds it, so that
none is ever left behind. The name of the draft folder says which process that is.
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

_DRAFTS = re.compile(r"\.draft-(\d{1,10})-[a-z0-9_]{8}")
_LOOK_SECONDS = 0.1
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@contextmanager
def holding_output(
    request: BuildRequest, report: Report, wait_seconds: float
) -> Iterator[BuildRequest]:
    """Hold the output folder for this run alone; yield the request with a new draft folder in it.

    While another run holds the folder, this one says so and waits; after ``wait_seconds`` it
    raises OutputError. Drafts that killed runs have left are deleted. A folder that does not exist
    is not held.
    """
    if not request.output.is_dir():
        yield request
        return
    with _held(request.output, report, wait_seconds) as drafts:
        yield replace(request, drafts=drafts)


@contextmanager
def _held(output: Path, report: Report, wait_seconds: float) -> Iterator[Path]:
    folder = os.open(output, _FOLDER)
    try:
        # A folder in a network may have no locks. The drafts are each run's own even so.
        is_alone = _lock(folder, output, report, wait_seconds)
        if is_alone:
            _delete_drafts(folder)
        drafts = Path(tempfile.mkdtemp(dir=output, prefix=f".draft-{os.getpid()}-"))
        try:
            yield drafts
        finally:
            _delete_draft(folder, drafts.name)
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
    """Return in words which process holds a folder, as far as its draft folder says so."""
    for name in names_inside(folder):
        if match := _DRAFTS.fullmatch(name):
            with suppress(OSError, OverflowError):
                os.kill(int(match[1]), 0)
                return f"another makeready (process {match[1]})"
    return "another makeready"


def _delete_drafts(folder: int) -> None:
    """Delete the draft folders of runs that were killed."""
    for name in names_inside(folder):
        if _DRAFTS.fullmatch(name):
            _delete_draft(folder, name)


def _delete_draft(folder: int, name: str) -> None:
    """Delete a draft folder and the files in it; follow no link, and leave any other folder."""
    with suppress(OSError):
        with open_inside(folder, name) as drafts:
            delete_inside(drafts, names_inside(drafts))
        os.rmdir(name, dir_fd=folder)
