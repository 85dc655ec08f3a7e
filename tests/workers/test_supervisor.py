"""A child that hangs, crashes or dies is stopped with all it began, and begun anew."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from makeready.errors import UsageError
from makeready.workers.progress import Step
from makeready.workers.supervisor import (
    SupervisedProcess,
    Terminated,
    run_supervised,
    run_supervised_together,
)


def begin(folder):
    asked = []

    def work(what, report):
        asked.append(what)
        report(Step("Doing", what))
        if what == "hang":
            time.sleep(60)
        if what == "crash":
            raise ValueError("no")
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "refuse":
            raise UsageError("Not that.")
        if what == "die with a worker":
            worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
            worker.start()
            (folder / "worker").write_text(str(worker.pid))
            os.kill(os.getpid(), signal.SIGKILL)
        return (os.getpid(), list(asked))

    return work


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_resident_keeps_what_it_has_between_orders(tmp_path):
    with SupervisedProcess(begin, tmp_path) as resident:
        steps = []
        first, _ = resident.ask("a", steps.append, 30)
        with pytest.raises(UsageError, match="Not that"):
            resident.ask("refuse", steps.append, 30)
        assert resident.ask("b", steps.append, 30) == (first, ["a", "refuse", "b"])
        assert [step.name for step in steps] == ["a", "refuse", "b"]
    assert not is_running(first)


@pytest.mark.parametrize(
    ("what", "stopped"),
    [
        ("hang", Terminated(Step("Doing", "hang"), seconds=1)),
        ("die", Terminated(Step("Doing", "die"), reason="the process ended with code -9")),
        ("crash", Terminated(Step("Doing", "crash"), reason="ValueError: no")),
    ],
)
def test_a_resident_that_is_stopped_is_begun_anew(tmp_path, what, stopped):
    with SupervisedProcess(begin, tmp_path) as resident:
        first, _ = resident.ask("a", lambda _: None, 30)
        assert resident.ask(what, lambda _: None, 1) == stopped
        assert not is_running(first)
        second, asked = resident.ask("b", lambda _: None, 30)
        assert (second != first, asked) == (True, ["b"])


def test_death_is_seen_at_once_though_a_worker_lives_on(tmp_path):
    began = time.monotonic()
    with SupervisedProcess(begin, tmp_path) as resident:
        stopped = resident.ask("die with a worker", lambda _: None, 30)
    assert stopped.reason == "the process ended with code -9"
    assert time.monotonic() - began < 10
    worker = int((tmp_path / "worker").read_text())
    while is_running(worker) and time.monotonic() - began < 10:
        time.sleep(0.01)
    assert not is_running(worker)


def test_guarded_work_is_done_once():
    assert run_supervised(lambda order, _: order + 1, 1, lambda _: None, 30) == 2


def work_of_three(order, report):
    report(Step("Doing", order))
    if order == "refuse":
        raise UsageError("Not that.")
    if order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return order.upper()


def test_work_done_together_ends_each_for_itself():
    steps = []
    came = dict(
        run_supervised_together(
            work_of_three, ["a", "refuse", "die", "b"], lambda *step: steps.append(step), 30, 2
        )
    )
    assert (came[0], came[3]) == ("A", "B")
    assert isinstance(came[1], UsageError)
    assert came[2].reason == "the process ended with code -9"
    assert sorted((place, step.name) for place, step in steps) == [
        (0, "a"),
        (1, "refuse"),
        (2, "die"),
        (3, "b"),
    ]
