"""Sections set side by side: any executor of ``concurrent.futures``' shape does the work."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic, TypeVar

from makeready.engine.section_job import Failure, SectionJob, TypesetterConfig
from makeready.errors import reason_of
from makeready.pagination.remote_worker import DependencyDigests, typeset_remotely
from makeready.pdf.fragment import Fragment
from makeready.workers.fork_pool import ForkPool, PoolUnavailableError
from makeready.workers.profile import Profiler
from makeready.workers.progress import SectionCounts

T = TypeVar("T")
R = TypeVar("R")

_A_PAGE_OF_TEXT = 3000
_PRACTISED = 2
"""So many sections for each worker, and each will have set one."""


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


def _set_section(
    typesetter_config: TypesetterConfig, section_job: SectionJob, seconds: float, generation: int
) -> Fragment | Failure:
    from makeready.pagination.worker import typeset_section  # noqa: PLC0415 - it has the engine

    return typeset_section(typesetter_config, section_job, seconds, generation)


def _failed(reason: str) -> _Set:
    return _Timed(Failure(reason), 0.0, 0.0)


@dataclass
class _Queue:
    """Sections that wait to be set, in their order; ``section_jobs`` has those begun too."""

    next_jobs: Callable[[int], Mapping[str, SectionJob]]
    section_jobs: dict[str, SectionJob] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    died: set[str] = field(default_factory=set)

    begun: int = 0

    def add(self, section_jobs: Mapping[str, SectionJob]) -> Iterable[SectionJob]:
        """Put sections before those that wait, but those that are there."""
        new = {
            key: section_job
            for key, section_job in section_jobs.items()
            if key not in self.section_jobs
        }
        self.section_jobs |= new
        self.waiting[:0] = new
        return new.values()

    def ask(self, workers: int) -> Iterable[SectionJob]:
        """Ask what can be set now by so many workers, and return what was added."""
        return self.add(self.next_jobs(max(0, workers - self.begun - len(self.waiting))))


class SectionPool:
    """Sets sections, ``jobs`` at a time, and tells as each is done.

    Without an ``executor`` this process does it, one section after the other. The workers of one
    may be ``elsewhere``, on another machine. Where it is shared with other books, or is
    elsewhere, it is told of all there is to do; otherwise of no more than keeps it busy.
    ``profiler`` is told what the work took; ``counts`` is how far the edition in hand is.
    """

    def __init__(
        self,
        jobs: int,
        seconds: float,
        executor: Executor | None = None,
        *,
        elsewhere: bool = False,
    ) -> None:
        self.profiler = Profiler()
        self.counts = SectionCounts()
        self._jobs = jobs
        self._seconds = seconds
        self._generation = 0
        self._inventory = DependencyDigests() if elsewhere else None
        self._executor = executor
        self._practice: Counter[tuple[TypesetterConfig, int]] = Counter()
        self._remembered: tuple[TypesetterConfig, SectionJob] | None = None
        self._is_own = isinstance(executor, ForkPool)

    def invalidate(self) -> None:
        """Have the workers forget the images they have met: some of them have changed."""
        self._generation += 1

    def set_warm_up_job(
        self, typesetter_config: TypesetterConfig, section_jobs: Iterable[SectionJob]
    ) -> None:
        """Remember something short to rehearse, that has a page of text all the same."""
        by_length = sorted(section_jobs, key=lambda section_job: len(section_job.markup))
        texts = [
            section_job for section_job in by_length if len(section_job.markup) >= _A_PAGE_OF_TEXT
        ]
        self._remembered = typesetter_config, (texts or by_length[::-1])[0]

    def warm_up(self) -> None:
        """Have workers who have done little yet set something for nothing.

        The first section that a worker sets takes it twice as long as the second: whoever waits
        for a change of his is not to wait for that.
        """
        if self._executor is None or not self._is_own or self._remembered is None:
            return
        typesetter_config, section_job = self._remembered
        if self._practice[typesetter_config, self._generation] < _PRACTISED * self._jobs:
            self._practice[typesetter_config, self._generation] += _PRACTISED * self._jobs
            for _ in range(self._jobs):
                self._executor.submit(self._work(typesetter_config, section_job))

    def reset_counts(self) -> None:
        """Begin to count the sections of another edition."""
        self.counts = SectionCounts()

    def typeset_all(
        self,
        typesetter_config: TypesetterConfig,
        section_jobs: Mapping[str, SectionJob],
        on_done: Callable[[str], None],
        next_jobs: Callable[[int], Mapping[str, SectionJob]],
    ) -> Iterator[tuple[str, Fragment | Failure]]:
        """Set sections in their order, and yield each with its key as it is done.

        Whenever one has been taken, ``next_jobs`` is asked what can be set now, and told how many
        workers have nothing to do; that comes next.
        """
        queue = _Queue(next_jobs)
        self._count_in(queue.add(section_jobs))
        for key, timed in self._all_set(typesetter_config, queue, on_done):
            section_job = queue.section_jobs[key]
            self.profiler.add_worker_time(timed.seconds, timed.worker_seconds, section_job.name)
            self.counts = replace(
                self.counts,
                done=self.counts.done + 1,
                letters_done=self.counts.letters_done + len(section_job.markup),
            )
            if self._executor is not None:
                on_done(section_job.name)
            self._practice[typesetter_config, self._generation] += 1
            yield key, timed.result
            del queue.section_jobs[key]
            self._count_in(queue.ask(self._jobs if self._is_own else 0))

    def _count_in(self, section_jobs: Iterable[SectionJob]) -> None:
        letters = [len(section_job.markup) for section_job in section_jobs]
        self.counts = replace(
            self.counts,
            total=self.counts.total + len(letters),
            letters_total=self.counts.letters_total + sum(letters),
        )

    def _all_set(
        self, typesetter_config: TypesetterConfig, queue: _Queue, on_begun: Callable[[str], None]
    ) -> Iterator[tuple[str, _Set]]:
        if self._executor is None:
            # A section that hangs this process is to be the one it was last known to set.
            while queue.waiting:
                key = queue.waiting.pop(0)
                section_job = queue.section_jobs[key]
                on_begun(section_job.name)
                yield key, self._work(typesetter_config, section_job)()
            return
        begun: dict[Future[_Set], str] = {}
        try:
            while queue.waiting or begun:
                yield from self._begin(typesetter_config, queue, begun)
                yield from self._done(queue, begun)
        finally:
            # Whoever stops asking has no use for the rest.
            for future in begun:
                future.cancel()

    def _begin(
        self, typesetter_config: TypesetterConfig, queue: _Queue, begun: dict[Future[_Set], str]
    ) -> Iterator[tuple[str, _Set]]:
        """Give work out, to each worker no more than it needs to be kept busy."""
        assert self._executor is not None
        # A pool of one's own is given its work late, so that what has become urgent goes first.
        most = self._jobs + 1 if self._is_own else sys.maxsize
        while queue.waiting and len(begun) < most:
            key = queue.waiting.pop(0)
            try:
                begun[
                    self._executor.submit(self._work(typesetter_config, queue.section_jobs[key]))
                ] = key
            except PoolUnavailableError:
                raise
            except BrokenExecutor as error:
                yield key, _failed(str(error))
        queue.begun = len(begun)

    def _done(self, queue: _Queue, begun: dict[Future[_Set], str]) -> Iterator[tuple[str, _Set]]:
        """Yield what has been done; what had its worker die is done once more."""
        for future in wait(begun, return_when=FIRST_COMPLETED).done if begun else ():
            key = begun.pop(future)
            queue.begun = len(begun)
            try:
                yield key, future.result()
            except PoolUnavailableError:
                # It is no section's fault, and the next one would fare no better.
                raise
            except BrokenExecutor as error:
                # Its worker may have been ended by somebody else, for want of memory, say.
                if self._is_own and key not in queue.died:
                    queue.died.add(key)
                    queue.waiting.insert(0, key)
                else:
                    yield key, _failed(str(error))
            except Exception as error:
                yield key, _failed(reason_of(error))

    def submit_one(
        self, typesetter_config: TypesetterConfig, section_job: SectionJob
    ) -> Callable[[], Fragment | Failure]:
        """Begin to set a section by itself, and return what waits for it."""
        work = self._work(typesetter_config, section_job)
        if self._executor is None:
            return lambda: work().result
        begun = self._executor.submit(work)

        def awaited() -> Fragment | Failure:
            try:
                timed = begun.result()
            except PoolUnavailableError:
                raise
            except Exception as error:
                return Failure(reason_of(error))
            self.profiler.add_worker_time(timed.seconds, timed.worker_seconds)
            return timed.result

        return awaited

    def begin(self, function: Callable[..., R], *arguments: object) -> Future[R] | None:
        """Have work begun by a worker on this machine; None where there is none."""
        if self._executor is None or self._inventory is not None:
            return None
        return self._executor.submit(function, *arguments)

    def _work(
        self, typesetter_config: TypesetterConfig, section_job: SectionJob
    ) -> Callable[[], _Set]:
        limits = (self._seconds, self._generation)
        if self._inventory is None:
            return partial(_timed, _set_section, typesetter_config, section_job, *limits)
        needs = self._inventory.needs(typesetter_config, section_job)
        return partial(_timed, typeset_remotely, needs, typesetter_config, section_job, *limits)

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Do the same with each item, and give the results in their order.

        ``function`` and what it takes and gives must be such that they can be sent to another
        process.
        """
        work = partial(_timed, function)
        results: Iterator[_Timed[R]] = map(work, items)
        if self._executor is not None and len(items) > 1:
            results = self._executor.map(work, items)
        for timed in results:
            self.profiler.add_worker_time(timed.seconds, timed.worker_seconds)
            yield timed.result

    def close(self) -> None:
        """Let the workers go."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None
