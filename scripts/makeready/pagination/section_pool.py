"""The section pool: it typesets sections with any executor, or in this process without one."""

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
from makeready.workers.fork_pool import ForkPool, PoolUnavailableError, TaskTimeoutError
from makeready.workers.profile import Profiler
from makeready.workers.progress import SectionCounts

T = TypeVar("T")
R = TypeVar("R")

_PAGE_LETTERS = 3000
_WARM_SECTIONS = 2
"""With so many sections typeset for each worker, every worker will have typeset one."""


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


_TimedSection = _Timed[Fragment | Failure]


def _typeset_section(
    typesetter_config: TypesetterConfig, section_job: SectionJob, seconds: float, generation: int
) -> Fragment | Failure:
    """Typeset a section; runs in a worker."""
    # Imported here because it imports the engine, which the process that submits work has not.
    from makeready.pagination.worker import typeset_section  # noqa: PLC0415

    return typeset_section(typesetter_config, section_job, seconds, generation)


def _failure(reason: str) -> _TimedSection:
    return _Timed(Failure(reason), 0.0, 0.0)


@dataclass
class _Queue:
    """The jobs that wait to be submitted, in order, by key.

    ``section_jobs`` has those in progress too, ``in_progress`` is their number, and
    ``resubmitted`` has the keys of those whose worker has died once.
    """

    next_jobs: Callable[[int], Mapping[str, SectionJob]]
    section_jobs: dict[str, SectionJob] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    resubmitted: set[str] = field(default_factory=set)
    in_progress: int = 0

    def add(
        self, section_jobs: Mapping[str, SectionJob], *, first: bool = True
    ) -> Iterable[SectionJob]:
        """Put jobs before or after those that wait, and return the ones that were not there."""
        new = {key: job for key, job in section_jobs.items() if key not in self.section_jobs}
        self.section_jobs |= new
        self.waiting = [*new, *self.waiting] if first else [*self.waiting, *new]
        return new.values()

    def refill(self, workers: int) -> Iterable[SectionJob]:
        """Add the jobs that can be done now, and return the ones that were not there.

        ``next_jobs`` is told how many of the workers would be idle.
        """
        return self.add(self.next_jobs(max(0, workers - self.in_progress - len(self.waiting))))


class SectionPool:
    """A pool that typesets sections, ``jobs`` of them at a time.

    Without an ``executor`` this process typesets them, one after the other. With ``remote`` the
    executor's workers may be on other machines. A fork pool of its own gets no more jobs than
    keep it busy, so that urgent ones can overtake; any other executor gets all jobs at once.
    ``seconds`` is the time limit of a section, ``profiler`` gets the workers' times, and
    ``counts`` are the sections of the current edition.
    """

    def __init__(
        self,
        jobs: int,
        seconds: float,
        executor: Executor | None = None,
        *,
        remote: bool = False,
    ) -> None:
        self.profiler = Profiler()
        self.counts = SectionCounts()
        self._jobs = jobs
        self._seconds = seconds
        self._generation = 0
        self._dependencies = DependencyDigests() if remote else None
        self._executor = executor
        self._typeset_counts: Counter[tuple[TypesetterConfig, int]] = Counter()
        self._warm_up_job: tuple[TypesetterConfig, SectionJob] | None = None
        self._has_own_workers = isinstance(executor, ForkPool)

    def invalidate(self) -> None:
        """Have the workers drop their caches of images, some of which have changed."""
        self._generation += 1

    def set_warm_up_job(
        self, typesetter_config: TypesetterConfig, section_jobs: Iterable[SectionJob]
    ) -> None:
        """Choose the job for `warm_up`: the shortest that has a page of text."""
        by_length = sorted(section_jobs, key=lambda job: len(job.markup))
        pages = [job for job in by_length if len(job.markup) >= _PAGE_LETTERS]
        self._warm_up_job = typesetter_config, (pages or by_length[::-1])[0]

    def warm_up(self) -> None:
        """Have each worker that may not have typeset a section yet typeset one, for nothing.

        A worker's first section takes twice as long as the next, and would delay a rebuild.
        """
        if self._executor is None or not self._has_own_workers or self._warm_up_job is None:
            return
        typesetter_config, section_job = self._warm_up_job
        enough = _WARM_SECTIONS * self._jobs
        if self._typeset_counts[typesetter_config, self._generation] < enough:
            self._typeset_counts[typesetter_config, self._generation] += enough
            for _ in range(self._jobs):
                self._executor.submit(self._task(typesetter_config, section_job))

    def reset_counts(self) -> None:
        """Start to count the sections of another edition."""
        self.counts = SectionCounts()

    def typeset_all(
        self,
        typesetter_config: TypesetterConfig,
        section_jobs: Mapping[str, SectionJob],
        on_done: Callable[[str], None],
        next_jobs: Callable[[int], Mapping[str, SectionJob]],
    ) -> Iterator[tuple[str, Fragment | Failure]]:
        """Typeset sections in their order; yield each key with its result as it is done.

        ``next_jobs`` is called while the workers begin, and after each result has been taken, with
        the number of idle workers; the jobs it returns come next. ``on_done`` is called with the
        name of each section, without an executor as it begins.
        """
        queue = _Queue(next_jobs)
        self._add_to_counts(queue.add(section_jobs))
        for key, timed in self._results(typesetter_config, queue, on_done):
            section_job = queue.section_jobs[key]
            self.profiler.add_worker_time(timed.seconds, timed.worker_seconds, section_job.name)
            self.counts = replace(
                self.counts,
                done=self.counts.done + 1,
                letters_done=self.counts.letters_done + len(section_job.markup),
            )
            if self._executor is not None:
                on_done(section_job.name)
            self._typeset_counts[typesetter_config, self._generation] += 1
            yield key, timed.result
            del queue.section_jobs[key]
            self._add_to_counts(queue.refill(self._jobs if self._has_own_workers else 0))

    def _add_to_counts(self, section_jobs: Iterable[SectionJob]) -> None:
        letters = [len(job.markup) for job in section_jobs]
        self.counts = replace(
            self.counts,
            total=self.counts.total + len(letters),
            letters_total=self.counts.letters_total + sum(letters),
        )

    def _results(
        self, typesetter_config: TypesetterConfig, queue: _Queue, on_start: Callable[[str], None]
    ) -> Iterator[tuple[str, _TimedSection]]:
        if self._executor is None:
            # The name is reported first, so that a section that hangs this process is known.
            while queue.waiting:
                key = queue.waiting.pop(0)
                section_job = queue.section_jobs[key]
                on_start(section_job.name)
                yield key, self._task(typesetter_config, section_job)()
            return
        futures: dict[Future[_TimedSection], str] = {}
        try:
            yield from self._submit(typesetter_config, queue, futures)
            self._add_to_counts(queue.add(queue.next_jobs(0), first=False))
            while queue.waiting or futures:
                yield from self._submit(typesetter_config, queue, futures)
                yield from self._collect(queue, futures, on_start)
        finally:
            # If the caller stops early, the other sections are not needed.
            for future in futures:
                future.cancel()

    def _submit(
        self,
        typesetter_config: TypesetterConfig,
        queue: _Queue,
        futures: dict[Future[_TimedSection], str],
    ) -> Iterator[tuple[str, _TimedSection]]:
        """Submit jobs that wait; yield those that could not be."""
        assert self._executor is not None
        most = self._jobs + 1 if self._has_own_workers else sys.maxsize
        while queue.waiting and len(futures) < most:
            key = queue.waiting.pop(0)
            task = self._task(typesetter_config, queue.section_jobs[key])
            try:
                futures[self._executor.submit(task)] = key
            except PoolUnavailableError:
                raise
            except BrokenExecutor as error:
                yield key, _failure(str(error))
        queue.in_progress = len(futures)

    def _collect(
        self,
        queue: _Queue,
        futures: dict[Future[_TimedSection], str],
        on_start: Callable[[str], None],
    ) -> Iterator[tuple[str, _TimedSection]]:
        """Wait for results and yield them; a job whose worker has died is submitted once more."""
        for future in wait(futures, return_when=FIRST_COMPLETED).done if futures else ():
            key = futures.pop(future)
            queue.in_progress = len(futures)
            try:
                yield key, future.result()
            except PoolUnavailableError:
                # No section is to blame, and the next one would fail too.
                raise
            except BrokenExecutor as error:
                # The system may have killed the worker for want of memory: try once more.
                if self._has_own_workers and key not in queue.resubmitted:
                    queue.resubmitted.add(key)
                    # It has the whole time limit again.
                    on_start(queue.section_jobs[key].name)
                    queue.waiting.insert(0, key)
                else:
                    yield key, _failure(str(error))
            except TaskTimeoutError as error:
                yield key, _Timed(Failure(seconds=error.seconds), error.seconds, 0.0)
            except Exception as error:
                yield key, _failure(reason_of(error))

    def submit_one(
        self, typesetter_config: TypesetterConfig, section_job: SectionJob
    ) -> Callable[[], Fragment | Failure]:
        """Start to typeset a single section; return a function that waits for the result."""
        task = self._task(typesetter_config, section_job)
        if self._executor is None:
            return lambda: task().result
        future = self._executor.submit(task)

        def result() -> Fragment | Failure:
            try:
                timed = future.result()
            except PoolUnavailableError:
                raise
            except TaskTimeoutError as error:
                return Failure(seconds=error.seconds)
            except Exception as error:
                return Failure(reason_of(error))
            self.profiler.add_worker_time(timed.seconds, timed.worker_seconds)
            return timed.result

        return result

    def submit_local(self, function: Callable[..., R], *arguments: object) -> Future[R] | None:
        """Call a function in a worker on this machine; None where there is no such worker."""
        if self._executor is None or self._dependencies is not None:
            return None
        return self._executor.submit(function, *arguments)

    def _task(
        self, typesetter_config: TypesetterConfig, section_job: SectionJob
    ) -> Callable[[], _TimedSection]:
        limits = (self._seconds, self._generation)
        if self._dependencies is None:
            return partial(_timed, _typeset_section, typesetter_config, section_job, *limits)
        dependencies = self._dependencies.dependencies(typesetter_config, section_job)
        return partial(
            _timed, typeset_remotely, dependencies, typesetter_config, section_job, *limits
        )

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Yield the results of a function for items, in their order.

        The function, its arguments and its results must be picklable.
        """
        task = partial(_timed, function)
        results: Iterator[_Timed[R]] = map(task, items)
        if self._executor is not None and len(items) > 1:
            results = self._executor.map(task, items)
        for timed in results:
            self.profiler.add_worker_time(timed.seconds, timed.worker_seconds)
            yield timed.result

    def close(self) -> None:
        """Release the workers."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None
