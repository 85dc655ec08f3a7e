"""Sections set side by side: any executor of ``concurrent.futures``' shape does the work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from types import FrameType
from typing import Generic, TypeVar

from makeready.faces import Face, seal_fontconfig
from makeready.pdf.fetch import BookFetcher
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.setting import Setting, set_fragment
from makeready.pdf.inks import Ink
from makeready.pdf.typeset import Typesetter
from makeready.progress import Tally
from makeready.stopwatch import Stopwatch

T = TypeVar("T")
R = TypeVar("R")

_TYPESETTERS = 4
_CHUNKS = 16
"""Into how many parts the items of a map are divided: enough that no worker waits long."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a typesetter ready, in a form that can be sent to another process.

    What is for the press has an ``ink``.
    """

    stylesheets: tuple[str, ...]
    faces: tuple[Face, ...]
    folders: tuple[tuple[str, Path], ...]
    ink: Ink | None
    variant: str | None

    def typesetter(self) -> Typesetter:
        """Make the engine ready, in a process that may have made it ready for other faces."""
        if self.faces:
            seal_fontconfig(self.faces)
        grey = self.ink is not None and self.ink.black_only
        fetcher = BookFetcher(dict(self.folders), grey=grey)
        return Typesetter(self.stylesheets, self.faces, fetcher, self.variant, self.ink)


@dataclass(frozen=True, slots=True)
class Failure:
    """A section that could not be set: past its time, or for a reason."""

    reason: str = ""
    seconds: float | None = None


class _PastItsTimeError(BaseException):
    """Raised in a worker by its alarm; no handler of the engine may take it for its own."""


@lru_cache(maxsize=_TYPESETTERS)
def _typesetter(recipe: Recipe, generation: int) -> Typesetter:  # noqa: ARG001 - part of the key
    return recipe.typesetter()


def set_section(
    recipe: Recipe, setting: Setting, seconds: float, generation: int = 0
) -> Fragment | Failure:
    """Set one section in this process, within a time.

    A typesetter keeps the images it has met: of another ``generation``, they are others.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _PastItsTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return set_fragment(_typesetter(recipe, generation), setting)
    except _PastItsTimeError:
        return Failure(seconds=seconds)
    except RecursionError:
        return Failure("blocks are nested too deeply")
    except MemoryError:
        return Failure("it needs more memory than there is")
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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


def _result(future: Future[_Timed[Fragment | Failure]]) -> _Timed[Fragment | Failure]:
    try:
        return future.result()
    except BrokenExecutor:
        return _Timed(Failure("the process that set it ended"), 0.0, 0.0)


class Crew:
    """Sets sections, ``jobs`` at a time, and tells as each is done.

    Workers begin with the crew, before this process has touched the engine: a fork of a
    process that has may hang on a lock that some thread of it held. One job needs no worker.
    ``stopwatch`` is told what the work took; ``tally`` is how far the edition in hand is.
    """

    def __init__(self, jobs: int, seconds: float, executor: Executor | None = None) -> None:
        self.stopwatch = Stopwatch()
        self.tally = Tally()
        self._seconds = seconds
        self._generation = 0
        self._executor = executor
        if executor is None and jobs > 1:
            # The frameworks of macOS do not survive a fork.
            method = "fork" if sys.platform == "linux" else "spawn"
            self._executor = ProcessPoolExecutor(jobs, multiprocessing.get_context(method))
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
    ) -> Iterator[tuple[str, Fragment | Failure]]:
        """Set sections, the longest first, and yield each with its key as it is done."""
        letters = {key: len(setting.markup) for key, setting in settings.items()}
        self.tally = replace(
            self.tally,
            total=self.tally.total + len(letters),
            letters_total=self.tally.letters_total + sum(letters.values()),
        )
        ordered = sorted(settings, key=lambda key: -letters[key])
        for key, timed in self._all_set(recipe, settings, ordered, on_done):
            self.stopwatch.worked(timed.seconds, timed.worker_seconds, settings[key].name)
            self.tally = replace(
                self.tally,
                done=self.tally.done + 1,
                letters_done=self.tally.letters_done + letters[key],
            )
            if self._executor is not None:
                on_done(key)
            yield key, timed.result

    def _all_set(
        self,
        recipe: Recipe,
        settings: Mapping[str, Setting],
        ordered: Sequence[str],
        on_begun: Callable[[str], None],
    ) -> Iterator[tuple[str, _Timed[Fragment | Failure]]]:
        limits = (self._seconds, self._generation)
        if self._executor is None:
            # A section that hangs this process is to be the one it was last known to set.
            for key in ordered:
                on_begun(key)
                yield key, _timed(set_section, recipe, settings[key], *limits)
            return
        futures = {
            self._executor.submit(_timed, set_section, recipe, settings[key], *limits): key
            for key in ordered
        }
        try:
            for future in as_completed(futures):
                yield futures[future], _result(future)
        finally:
            # Whoever stops asking has no use for the rest.
            for future in futures:
                future.cancel()

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
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
