"""A limit on how long a piece of work may take, in whichever thread it is done."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

_AGAIN = (0.5, 1.0, 2.0)
"""Seconds after which the work is told once more to stop."""


class TimeLimitError(BaseException):
    """Raised in the midst of work; no handler of the engine may take it for its own."""


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """Do the work, and raise `TimeLimitError` in it when it takes longer."""
    if threading.current_thread() is threading.main_thread():
        return _by_alarm(seconds, work)
    return _by_timer(seconds, work)


def _by_alarm(seconds: float, work: Callable[[], T]) -> T:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeLimitError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _by_timer(seconds: float, work: Callable[[], T]) -> T:
    """Do as an alarm does, which only a main thread can have."""
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    over = threading.Event()

    def stop() -> None:
        # One that strikes in a callback of the garbage collector is lost: it has to come again.
        for wait in (seconds, *_AGAIN):
            if over.wait(wait):
                return
            with lock:
                if not over.is_set():
                    error = ctypes.py_object(TimeLimitError)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, error)

    threading.Thread(target=stop, daemon=True).start()
    try:
        return work()
    finally:
        with lock:
            over.set()
