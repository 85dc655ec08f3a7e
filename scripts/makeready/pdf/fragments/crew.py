"""Sections set side by side: any executor of ``concurrent.futures``' shape does the work."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic, TypeVar

from makeready.errors import reason_of
from makeready.pdf.fragments.elsewhere import Inventory, set_elsewhere
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.setting import Setting
from makeready.pdf.fragments.worker import Failure, Recipe, set_section
from makeready.processes import process_context
from makeready.progress import Tally
from makeready.stopwatch import Stopwatch

T = TypeVar("T")
R = TypeVar("R")

_CHUNKS = 16
"""Into how many parts the items of a map are divided: enough that no worker waits long."""


@dataclass(frozen=True, slots=True)
class _Timed(Generic[R]):
    """A result, and the seconds of wall and of processor time it took."""

    result: R
    seconds: float
    worker_seconds: float


def _timed(function: Callable[..., R], *arguments: object) -> _Timed[R]:
    wall, processor = time.perf_counter(), time.process_time()
    result = function(*arguments)
    return _Timed(result, time.perf_counter() - wall, time.process_time() - processor)


_Set = _Timed[Fragment | Failure]
_DIED = "the process that set it ended"


def _failed(reason: str) -> _Set:
    return _Timed(Failure(reason), 0.0, 0.0)


@dataclass
class _Queue:
    """Sections that wait to be set, in their order; ``settings`` has those done and begun too."""

    more: Callable[[], Mapping[str, Setting]]
    settings: dict[str, Setting] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)

    def add(self, settings: Mapping[str, Setting]) -> Iterable[Setting]:
        """Put sections before those that wait."""
        self.settings |= settings
        self.waiting[:0] = settings
        return settings.values()

    def ask(self) -> Iterable[Setting]:
        """Ask what can be set now, and return what was added."""
        return self.add(self.more())


class Crew:
    """Sets sections, ``jobs`` at a time, and tells as each is done.

    Workers begin with the crew, before this process has touched the engine: a fork of a
    process that has may hang on a lock that some thread of it held. One job needs no worker.
    Workers of an ``executor`` that is given may be ``elsewhere``, on another machine.
    ``stopwatch`` is told what the work took; ``tally`` is how far the edition in hand is.
    """

    def __init__(
        self,
        jobs: int,
        seconds: float,
        executor: Executor | None = None,
        *,
        elsewhere: bool = False,
    ) -> None:
        self.stopwatch = Stopwatch()
        self.tally = Tally()
        self._jobs = jobs
        self._seconds = seconds
        self._generation = 0
        self._inventory = Inventory() if elsewhere else None
        self._executor = executor
        self._is_own = executor is None
        if executor is None and jobs > 1:
            self._executor = ProcessPoolExecutor(jobs, process_context())
            self._executor.submit(os.getpid).result()

    def renew(self) -> None:
        """Have the workers forget the images they have met: some of them have changed."""
        self._generation += 1

    def begin_tally(self) -> None:
        """Begin to count the sections of another edition."""
        self.tally = Tally()

    def set_all(
        self,
        recipe: Recipe,
        settings: Mapping[str, Setting],
        on_done: Callable[[str], None],
        more: Callable[[], Mapping[str, Setting]] = dict,
    ) -> Iterator[tuple[str, Fragment | Failure]]:
        """Set sections in their order, and yield each with its key as it is done.

        Whenever one has been taken, ``more`` is asked what can be set now; that comes next.
        """
        queue = _Queue(more)
        self._count_in(queue.add(settings))
        for key, timed in self._all_set(recipe, queue, on_done):
            setting = queue.settings[key]
            self.stopwatch.worked(timed.seconds, timed.worker_seconds, setting.name)
            self.tally = replace(
                self.tally,
                done=self.tally.done + 1,
                letters_done=self.tally.letters_done + len(setting.markup),
            )
            if self._executor is not None:
                on_done(key)
            yield key, timed.result
            self._count_in(queue.ask())

    def _count_in(self, settings: Iterable[Setting]) -> None:
        letters = [len(setting.markup) for setting in settings]
        self.tally = replace(
            self.tally,
            total=self.tally.total + len(letters),
            letters_total=self.tally.letters_total + sum(letters),
        )

    def _all_set(
        self, recipe: Recipe, queue: _Queue, on_begun: Callable[[str], None]
    ) -> Iterator[tuple[str, _Set]]:
        if self._executor is None:
            # A section that hangs this process is to be the one it was last known to set.
            while queue.waiting:
                key = queue.waiting.pop(0)
                on_begun(key)
                yield key, self._work(recipe, queue.settings[key])()
            return
        begun: dict[Future[_Set], str] = {}
        orphans: list[str] = []
        try:
            while queue.waiting or begun or orphans:
                self._begin(recipe, queue, begun, orphans)
                yield from self._done(recipe, queue, begun, orphans)
        finally:
            # Whoever stops asking has no use for the rest.
            for future in begun:
                future.cancel()

    def _begin(
        self, recipe: Recipe, queue: _Queue, begun: dict[Future[_Set], str], orphans: list[str]
    ) -> None:
        """Give work out, to each worker no more than it needs to be kept busy."""
        assert self._executor is not None
        # A pool of one's own is given its work late, so that what has become urgent goes first.
        most = self._jobs + 1 if self._is_own else sys.maxsize
        while queue.waiting and len(begun) < most:
            key = queue.waiting.pop(0)
            try:
                begun[self._executor.submit(self._work(recipe, queue.settings[key]))] = key
            except BrokenExecutor:
                orphans.append(key)

    def _done(
        self, recipe: Recipe, queue: _Queue, begun: dict[Future[_Set], str], orphans: list[str]
    ) -> Iterator[tuple[str, _Set]]:
        """Yield what has been done, or do again by itself what had its worker die."""
        if not begun:
            if self._is_own:
                self._begin_anew()
            while orphans:
                key = orphans.pop(0)
                yield key, self._apart(self._work(recipe, queue.settings[key]))
        for future in wait(begun, return_when=FIRST_COMPLETED).done if begun else ():
            key = begun.pop(future)
            try:
                yield key, future.result()
            except BrokenExecutor:
                orphans.append(key)
            except Exception as error:
                yield key, _failed(reason_of(error))

    def _work(self, recipe: Recipe, setting: Setting) -> Callable[[], _Set]:
        limits = (self._seconds, self._generation)
        if self._inventory is None:
            return partial(_timed, set_section, recipe, setting, *limits)
        needs = self._inventory.needs(recipe, setting)
        return partial(_timed, set_elsewhere, needs, recipe, setting, *limits)

    def _apart(self, work: Callable[[], _Set]) -> _Set:
        """Do work again whose worker died, by itself: it or another may have been the cause."""
        if not self._is_own:
            return _failed(_DIED)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            try:
                return alone.submit(work).result()
            except BrokenExecutor:
                return _failed(_DIED)

    def _begin_anew(self) -> None:
        # This process has the engine and threads by now: a fork of it may hang.
        self._executor = ProcessPoolExecutor(self._jobs, multiprocessing.get_context("spawn"))

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Do the same with each item, and give the results in their order.

        ``function`` and what it takes and gives must be such that they can be sent to another
        process.
        """
        work = partial(_timed, function)
        results: Iterator[_Timed[R]] = map(work, items)
        if self._executor is not None and len(items) > 1:
            results = self._executor.map(work, items, chunksize=-(-len(items) // _CHUNKS))
        for timed in results:
            self.stopwatch.worked(timed.seconds, timed.worker_seconds)
            yield timed.result

    def dismiss(self) -> None:
        """Let the workers go."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None
