"""Workers between one build and the next, and when one of them dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from workshop import Workshop

from conftest import BOOKS
from makeready.foreman import Foreman, NoForemanError
from makeready.pdf.fragments.crew import Crew
from makeready.workers import make_engine_ready


class _Counting(Foreman):
    def __init__(self) -> None:
        super().__init__(2, make_engine_ready)
        self.given: list[Future[Any]] = []
        self.pids: set[int] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        self.given.append(future)
        return future


@pytest.fixture
def foreman() -> Iterator[_Counting]:
    """A foreman that notes what he is given to do."""
    foreman = _Counting()
    yield foreman
    foreman.shutdown()


def _workshop(store: Path, foreman: Foreman | None = None) -> Workshop:
    workshop = Workshop(BOOKS / "leaflet", store)
    if foreman is not None:
        workshop.pagination.crew = Crew(2, 120, foreman)
    return workshop


def test_workers_who_had_nothing_to_do_rehearse_once(tmp_path: Path, foreman: _Counting) -> None:
    made = _workshop(tmp_path).interior()
    workshop = _workshop(tmp_path, foreman)
    crew = workshop.pagination.crew
    crew.rehearse()
    assert foreman.given == []
    assert workshop.interior() == made
    before = len(foreman.given)
    crew.rehearse()
    assert len(foreman.given) == before + 2
    crew.rehearse()
    assert len(foreman.given) == before + 2
    # Workers who forget what they have met are as they were at first.
    crew.renew()
    crew.rehearse()
    assert len(foreman.given) == before + 4
    assert all(future.result(60).result.page_count for future in foreman.given[-4:])


def test_a_section_whose_worker_is_killed_is_set_once_more(
    tmp_path: Path, foreman: _Counting
) -> None:
    made = _workshop(tmp_path / "alone").interior()
    workshop = _workshop(tmp_path / "workers", foreman)
    victims = [foreman.submit(os.getpid).result(60)]

    def kill(_: str) -> None:
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)

    workshop.pagination.on_section = kill
    assert workshop.interior() == made
    assert victims == []


def test_no_section_is_blamed_for_a_foreman_that_is_gone(
    tmp_path: Path, foreman: _Counting
) -> None:
    workshop = _workshop(tmp_path, foreman)
    leader = foreman._process.pid
    assert leader is not None
    os.kill(leader, signal.SIGKILL)
    with pytest.raises(NoForemanError, match="the process that leads the workers ended"):
        workshop.interior()
    assert list(workshop.findings) == []
