"""Sections set side by side: any executor of ``concurrent.futures``' shape does the work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import TypeVar

from makeready.faces import Face
from makeready.pdf.fetch import BookFetcher
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.setting import Setting, set_fragment
from makeready.pdf.typeset import Typesetter

T = TypeVar("T")
R = TypeVar("R")

_CHUNKS = 16


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a typesetter ready, in a form that can be sent to another process."""

    stylesheets: tuple[str, ...]
    faces: tuple[Face, ...]
    folders: tuple[tuple[str, Path], ...]
    grey: bool
    variant: str | None

    def typesetter(self) -> Typesetter:
        """Make the engine ready."""
        fetcher = BookFetcher(dict(self.folders), grey=self.grey)
        return Typesetter(self.stylesheets, self.faces, fetcher, self.variant)


@dataclass(frozen=True, slots=True)
class Failure:
    """A section that could not be set: past its time, or for a reason."""

    reason: str = ""
    seconds: float | None = None


class _PastItsTimeError(BaseException):
    """Raised in a worker by its alarm; no handler of the engine may take it for its own."""


@lru_cache(maxsize=4)
def _typesetter(recipe: Recipe) -> Typesetter:
    return recipe.typesetter()


def set_section(recipe: Recipe, setting: Setting, seconds: float) -> Fragment | Failure:
    """Set one section in this process, within a time."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _PastItsTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return set_fragment(_typesetter(recipe), setting)
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


class Crew:
    """Sets sections, ``jobs`` at a time, and tells as each is done.

    Workers begin with the crew, before this process has touched the engine: a fork of a
    process that has may hang on a lock that some thread of it held. One job needs no worker.
    """

    def __init__(self, jobs: int, seconds: float, executor: Executor | None = None) -> None:
        self._seconds = seconds
        self._executor = executor
        if executor is None and jobs > 1:
            # The frameworks of macOS do not survive a fork.
            method = "fork" if sys.platform == "linux" else "spawn"
            self._executor = ProcessPoolExecutor(jobs, multiprocessing.get_context(method))
            self._executor.submit(os.getpid).result()

    def set_all(
        self,
        recipe: Recipe,
        settings: Mapping[str, Setting],
        on_done: Callable[[str], None],
    ) -> Iterator[tuple[str, Fragment | Failure]]:
        """Set sections, the longest first, and yield each with its key as it is done."""
        ordered = sorted(settings.items(), key=lambda item: -len(item[1].markup))
        if self._executor is None:
            for key, setting in ordered:
                on_done(key)
                yield key, set_section(recipe, setting, self._seconds)
            return
        futures = {
            self._executor.submit(set_section, recipe, setting, self._seconds): key
            for key, setting in ordered
        }
        for future in as_completed(futures):
            key = futures[future]
            on_done(key)
            yield key, future.result()

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterable[R]:
        """Do the same with each item, and give the results in their order."""
        if self._executor is None or len(items) <= 1:
            return map(function, items)
        return self._executor.map(function, items, chunksize=-(-len(items) // _CHUNKS))

    def dismiss(self) -> None:
        """Let the workers go."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
