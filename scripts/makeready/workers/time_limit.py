"""A time limit on a piece of work, in the main thread or in any other."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

_RETRY_SECONDS = (0.5, 1.0, 2.0)
"""Pauses after which the exception is raised once more in work that goes on."""


class TimeLimitError(BaseException):
    """Work exceeded its time limit.

    It is a BaseException because the engine's ``except Exception`` clauses must not catch it.
    """


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """Do the work and return its result; raise `TimeLimitError` in it after ``seconds``."""
    if threading.current_thread() is threading.main_thread():
        return _run_with_alarm(seconds, work)
    return _run_with_timer(seconds, work)


def _run_with_alarm(seconds: float, work: Callable[[], T]) -> T:
    """Run work in the main thread, the only one that receives signals."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeLimitError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _run_with_timer(seconds: float, work: Callable[[], T]) -> T:
    """Run work in any other thread; a second one raises the exception in it."""
    thread = threading.current_thread()
    lock = threading.Lock()
    finished = threading.Event()

    def stop() -> None:
        # An exception that arrives in a callback of the garbage collector is lost: try again.
        for wait in (seconds, *_RETRY_SECONDS):
            # A thread that is over may have left its number to another.
            if finished.wait(wait) or not thread.is_alive():
                return
            with lock:
                if not finished.is_set():
                    number = ctypes.c_ulong(thread.ident or 0)
                    error = ctypes.py_object(TimeLimitError)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(number, error)

    threading.Thread(target=stop, daemon=True).start()
    try:
        return work()
    finally:
        _set_finished(finished, lock)


def _set_finished(finished: threading.Event, lock: threading.Lock) -> None:
    """Say that work is finished, though its time limit may be reached meanwhile."""
    while not finished.is_set():
        try:
            with lock:
                finished.set()
        except TimeLimitError:
            continue
