"""Runs that write to one output folder take turns, and none is stopped by one that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import BOOKS, CACHE, makeready
from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest
from makeready.errors import OutputError
from makeready.workers.progress import Step

LEAFLET = BOOKS / "leaflet"

HOLD = """
import sys, time
from pathlib import Path
from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest
with holding_output(BuildRequest(Path(), Path(sys.argv[1]), Path()), lambda _: None, 0) as held:
    (held.temporary_folder / "draft.pdf").write_bytes(b"half")
    print(held.temporary_folder.name, flush=True)
    time.sleep(60)
"""

HOLD_AND_FORK = """
import os, sys, time
from pathlib import Path
from makeready.build.output_folder import holding_output
from makeready.build.request import BuildRequest
with holding_output(BuildRequest(Path(), Path(sys.argv[1]), Path()), lambda _: None, 0):
    child = os.fork()
    if child == 0:
        time.sleep(60)
print(child, flush=True)
time.sleep(60)
"""


def request(output: Path) -> BuildRequest:
    return BuildRequest(LEAFLET, output, output)


def holder(output: Path) -> subprocess.Popen[str]:
    """Start a process that holds an output folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(output)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(".draft-")
    return process


def test_who_holds_the_folder_is_told_and_waited_for(tmp_path: Path) -> None:
    steps: list[Step] = []
    with holder(tmp_path) as process:
        expected = f"another makeready (process {process.pid})"
        with (
            pytest.raises(OutputError, match="is in use by") as raised,
            holding_output(request(tmp_path), steps.append, 0.3),
        ):
            pass
        assert raised.value.message == f"{tmp_path.as_posix()} is in use by {expected}."
        assert raised.value.exit_code == 6
        assert {step.heading for step in steps} == {
            f"Waiting for {expected} to finish with {tmp_path.as_posix()}"
        }

        def kill(_: Step) -> None:
            process.send_signal(signal.SIGKILL)

        # A lock of a process that was killed does not block, and its drafts are deleted.
        with holding_output(request(tmp_path), kill, 30) as held:
            assert [path.name for path in tmp_path.iterdir()] == [held.temporary_folder.name]
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_lives_on_does_not_hold_the_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD_AND_FORK, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            with holding_output(request(tmp_path), print, 0):
                os.kill(child, 0)
        finally:
            os.kill(child, signal.SIGKILL)
            process.kill()


def test_drafts_are_deleted_and_nothing_else(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    for folder in (output, elsewhere):
        folder.mkdir()
    (elsewhere / "thesis.txt").write_text("mine", "utf-8")
    (output / ".draft-1-linkedto").symlink_to(elsewhere)
    stale = output / ".draft-2-abcdefgh"
    stale.mkdir()
    (stale / "book.pdf").write_bytes(b"half")
    (stale / "linked.pdf").symlink_to(elsewhere / "thesis.txt")
    for name in (".draft-mine", ".draft-3-abcdefgh-", ".draft-4-abcdefgh/folder"):
        (output / name).mkdir(parents=True)
        (output / name / "thesis.txt").write_text("mine", "utf-8")
    before = {path for path in tmp_path.rglob("*") if path != stale / "book.pdf"}
    with holding_output(request(output), print, 0):
        pass
    assert set(tmp_path.rglob("*")) == before
    assert (elsewhere / "thesis.txt").read_text("utf-8") == "mine"


@pytest.mark.slow
def test_three_builds_at_once_write_what_one_does(tmp_path: Path) -> None:
    alone = makeready("build", "--book", LEAFLET, "--output", tmp_path / "1", "--cache", CACHE)
    assert alone.code == 0, alone.err
    output = tmp_path / "out"
    command = ("build", "--book", LEAFLET, "--output", output, "--cache", CACHE, "--jobs", "1")
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "makeready", *map(str, command)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    shown = [run.communicate(timeout=300)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], shown
    assert sum("Waiting for another makeready" in each for each in shown) == 2, shown
    assert {path.name: path.read_bytes() for path in output.iterdir()} == {
        path.name: path.read_bytes() for path in alone.output.iterdir()
    }
