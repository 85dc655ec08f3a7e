"""Work on a foreign file stops at its limits, with a reason and a hint; our faults stay ours."""

import os
import resource
import subprocess
import sys
import time

import pytest

from makeready.errors import EngineError, UsageError
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Step

GIGABYTE = 2**30


def work(request, report):
    report(Step("Checking", "own.pdf"))
    match request:
        case "little":
            return len(bytes(GIGABYTE // 4))
        case "much":
            return len(bytes(16 * GIGABYTE))
        case "limit":
            return resource.getrlimit(resource.RLIMIT_AS)[0]
        case "program":
            script = f"bytearray({16 * GIGABYTE})"
            command = [sys.executable, "-c", script]
            return subprocess.run(command, capture_output=True, check=False).returncode
        case "sleep":
            time.sleep(60)
        case "crash":
            os._exit(9)
        case "deep":
            work_deep()
        case "fault":
            raise ValueError("no")
        case "refuse":
            raise UsageError("Not that.")
    return None


def work_deep():
    work_deep()


def run(request, seconds=30):
    return run_limited(work, request, lambda _: None, seconds)


def test_work_within_the_limits_returns_its_result():
    assert run("little") == GIGABYTE // 4
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert run("limit") == 4 * GIGABYTE
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_programs_that_it_starts_have_the_limit_too():
    assert run("program") != 0


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ("much", "Checking own.pdf failed: out of memory"),
        ("crash", "Checking own.pdf failed: its process ended with exit code 9"),
        ("deep", "Checking own.pdf failed: blocks are nested too deeply"),
    ],
)
def test_a_limit_that_is_reached_is_told(request_, reason):
    assert run(request_) == Stopped(reason, "Save the file again.")


def test_too_much_time():
    stopped = run("sleep", 1)
    assert stopped.reason == "Checking own.pdf took longer than 1 s"
    assert "--time-limit" in stopped.hint


def test_a_fault_of_makeready_is_not_told_as_the_file_s():
    with pytest.raises(EngineError, match="ValueError: no") as error:
        run("fault")
    assert "report it" in error.value.hint
    with pytest.raises(UsageError, match="Not that"):
        run("refuse")
