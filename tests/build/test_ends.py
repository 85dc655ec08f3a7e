"""A run that is ended at any moment leaves whole files, no traceback and no process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import BOOKS, makeready

LEAFLET = BOOKS / "leaflet"
KILLS = 30
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ENDING_SECONDS = 10
LONGEST_SECONDS = 2


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches the commands even where these tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(command: str, output: Path, cache: Path, *more: str | Path) -> subprocess.Popen[str]:
    """Start the command in a session of its own, by which its processes are known."""
    arguments = ("--book", LEAFLET, "--output", output, "--cache", cache, "--jobs", "2")
    return subprocess.Popen(
        [sys.executable, "-m", "makeready", command, *map(str, (*more, *arguments))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def names_in_session(session: int) -> list[str]:
    """Return the names of the running processes of a session."""
    names = []
    for entry in Path("/proc").iterdir():
        try:
            head, _, rest = (entry / "stat").read_text().rpartition(")")
        except (OSError, UnicodeDecodeError):
            continue
        state, _, _, its_session = rest.split()[:4]
        if int(its_session) == session and state not in "ZX":
            names.append(head.partition("(")[2])
    return names


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def loads_libraries(pid: int) -> bool:
    """Whether a process has begun to import: before that, Python itself shows a traceback."""
    try:
        return "site-packages" in Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return True


def files_of(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in output.iterdir() if path.name[0] != "."}


@pytest.mark.long
def test_thirty_kills_leave_whole_files_and_no_process(tmp_path: Path) -> None:
    output, cache = tmp_path / "out", tmp_path / "cache"
    good = makeready(
        *("build", "--book", LEAFLET, "--output", tmp_path / "good", "--cache", tmp_path / "cold")
    )
    assert good.code == 0, good.err
    whole = files_of(good.output)
    moments = random.Random(13)
    for number in range(KILLS):
        sent = SIGNALS[number % len(SIGNALS)]
        stages = moments.choice((0, 0, 1, 2, 3, 5, 7, 8))
        with start("build", output, cache) as process:
            assert process.stderr is not None
            wait_until(lambda pid=process.pid: loads_libraries(pid), 30)
            shown = "".join(process.stderr.readline() for _ in range(stages))
            time.sleep(moments.uniform(0, 0.3))
            os.kill(process.pid, sent)
            code = process.wait(ENDING_SECONDS)
            session = process.pid
            assert wait_until(lambda: not names_in_session(session), LONGEST_SECONDS), (  # noqa: B023
                number,
                shown,
                names_in_session(session),
            )
            shown += process.stderr.read()
        assert "Traceback" not in shown, (number, shown)
        assert "Exception" not in shown, (number, shown)
        # A build may have ended well before it was to be killed.
        is_over = code == 0 and files_of(output) == whole
        assert is_over or code in {-sent, 128 + sent}, (number, code, shown)
        if output.is_dir():
            came = files_of(output)
            wrong = {name for name in came if came[name] != whole.get(name)}
            assert wrong <= {"manifest.json"}, (number, wrong)
    again = makeready("build", "--book", LEAFLET, "--output", output, "--cache", cache)
    assert again.code == 0, again.err
    assert files_of(output) == whole
    assert [path.name for path in output.iterdir() if path.name[0] == "."] == []


@pytest.mark.long
def test_a_validator_ends_with_the_command(tmp_path: Path) -> None:
    output, cache = tmp_path / "out", tmp_path / "cache"
    common = ("--book", LEAFLET, "--output", output, "--cache", cache)
    assert makeready("build", "--kind", "epub", *common).code == 0
    with start("check", output, cache) as process:
        assert wait_until(lambda: "java" in names_in_session(process.pid), 60)
        process.kill()
        process.wait()
        assert wait_until(lambda: not names_in_session(process.pid), LONGEST_SECONDS)


PROGRAM = """
import subprocess, sys
from makeready.external.launch import ending_with_us
program = subprocess.Popen(ending_with_us(["/bin/sleep", "100"]))
print(program.pid, flush=True)
program.wait()
"""


def test_an_external_program_ends_with_its_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert wait_until(lambda: "sleep" in names_in_session(process.pid), 30)
        process.kill()
        process.wait()
        assert wait_until(lambda: not names_in_session(process.pid), LONGEST_SECONDS)
