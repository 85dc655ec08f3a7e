"""A process beside this one works for as long as its context lasts, and harms nobody."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

from makeready.workers.side_process import side_process

PATIENCE_S = 30.0


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def fail(path: Path) -> None:
    path.write_text("begun", "utf-8")
    raise ValueError("nobody is told of this")


def write_and_go_on(path: Path) -> None:
    path.write_text("begun", "utf-8")
    time.sleep(PATIENCE_S)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert path.exists()


def test_it_works_while_the_context_lasts(tmp_path: Path) -> None:
    with side_process(write, tmp_path / "made", "text"):
        wait_for(tmp_path / "made")
    assert multiprocessing.active_children() == []


def test_what_it_raises_is_dropped(tmp_path: Path) -> None:
    with side_process(fail, tmp_path / "made"):
        wait_for(tmp_path / "made")


def test_it_is_ended_with_the_context(tmp_path: Path) -> None:
    began = time.monotonic()
    with side_process(write_and_go_on, tmp_path / "made"):
        wait_for(tmp_path / "made")
    assert multiprocessing.active_children() == []
    assert time.monotonic() - began < PATIENCE_S
