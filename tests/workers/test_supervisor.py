"""A child that hangs, crashes or dies is killed with its workers, and started again."""

import multiprocessing
import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from makeready.errors import WORKER_ENDED, UsageError
from makeready.workers.progress import Step
from makeready.workers.supervisor import (
    SupervisedProcess,
    Terminated,
    run_all_supervised,
    run_supervised,
)


def make_work(folder):
    requests = []

    def work(request, report):
        requests.append(request)
        report(Step("Doing", request))
        if request == "hang":
            time.sleep(60)
        if request == "crash":
            raise ValueError("no")
        if request == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if request == "refuse":
            raise UsageError("Not that.")
        if request == "die with a worker":
            worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
            worker.start()
            (folder / "worker").write_text(str(worker.pid))
            os.kill(os.getpid(), signal.SIGKILL)
        return (os.getpid(), list(requests))

    return work


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_process_keeps_its_state_between_requests(tmp_path):
    with SupervisedProcess(make_work, tmp_path) as process:
        steps = []
        first, _ = process.run("a", steps.append, 30)
        with pytest.raises(UsageError, match="Not that"):
            process.run("refuse", steps.append, 30)
        assert process.run("b", steps.append, 30) == (first, ["a", "refuse", "b"])
        assert [step.name for step in steps] == ["a", "refuse", "b"]
    assert not is_running(first)


@pytest.mark.parametrize(
    ("request_", "terminated"),
    [
        ("hang", Terminated(Step("Doing", "hang"), seconds=1)),
        ("die", Terminated(Step("Doing", "die"), reason=WORKER_ENDED)),
        ("crash", Terminated(Step("Doing", "crash"), reason="ValueError: no")),
    ],
)
def test_a_process_that_was_terminated_is_started_again(tmp_path, request_, terminated):
    with SupervisedProcess(make_work, tmp_path) as process:
        first, _ = process.run("a", lambda _: None, 30)
        assert process.run(request_, lambda _: None, 1) == terminated
        assert not is_running(first)
        second, requests = process.run("b", lambda _: None, 30)
        assert (second != first, requests) == (True, ["b"])


def test_death_is_noticed_while_a_worker_keeps_the_pipe_open(tmp_path):
    started_at = time.monotonic()
    with SupervisedProcess(make_work, tmp_path) as process:
        terminated = process.run("die with a worker", lambda _: None, 30)
    assert terminated.reason == WORKER_ENDED
    assert time.monotonic() - started_at < 10
    worker = int((tmp_path / "worker").read_text())
    while is_running(worker) and time.monotonic() - started_at < 10:
        time.sleep(0.01)
    assert not is_running(worker)


def test_supervised_work_returns_its_result():
    assert run_supervised(lambda number, _: number + 1, 1, lambda _: None, 30) == 2


def raise_die_or_answer(request, report):
    report(Step("Doing", request))
    if request == "refuse":
        raise UsageError("Not that.")
    if request == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return request.upper()


def test_requests_run_together_end_independently():
    steps = []
    outcomes = dict(
        run_all_supervised(
            raise_die_or_answer,
            ["a", "refuse", "die", "b"],
            lambda *step: steps.append(step),
            30,
            2,
        )
    )
    assert (outcomes[0], outcomes[3]) == ("A", "B")
    assert isinstance(outcomes[1], UsageError)
    assert outcomes[2].reason == WORKER_ENDED
    assert sorted((index, step.name) for index, step in steps) == [
        (0, "a"),
        (1, "refuse"),
        (2, "die"),
        (3, "b"),
    ]


def three_steps(_, report):
    for name in ("first", "second", "third"):
        report(Step("Doing", name))
        # Time for the parent to look at its clock while this step lasts.
        time.sleep(0.2)
    return "done"


@pytest.mark.parametrize(
    ("step_took", "came"), [(29, "done"), (30, Terminated(Step("Doing", "first"), seconds=30))]
)
def test_each_step_has_the_whole_time_limit(monkeypatch, step_took, came):
    now = [0.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("makeready.workers.supervisor.time", clock)

    def report(_):
        now[0] += step_took

    assert run_supervised(three_steps, None, report, 30) == came
