"""A limit on how long a piece of work may take, in whichever thread it is done."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class PastItsTimeError(BaseException):
    """Raised in the midst of work; no handler of the engine may take it for its own."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do the work, and raise `PastItsTimeError` in it when it takes longer."""
    if threading.current_thread() is threading.main_thread():
        return _by_alarm(seconds, work)
    return _by_timer(seconds, work)


def _by_alarm(seconds: float, work: Callable[[], T]) -> T:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise PastItsTimeError

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
    is_over = False

    def stop() -> None:
        with lock:
            if not is_over:
                error = ctypes.py_object(PastItsTimeError)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, error)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        return work()
    finally:
        with lock:
            is_over = True
        timer.cancel()
