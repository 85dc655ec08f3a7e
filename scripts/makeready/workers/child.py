"""Child processes that end with their parent, and that no signal to the parent reaches half-way.

A user's Ctrl-C goes to every process of the terminal. It is the parent that ends a run; its
children ignore the signal and are killed.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals by which a user, the system or a closed terminal ends a run."""

_PR_SET_PDEATHSIG = 1
_MOST_MEMORY_BYTES = 4 * 2**30
"""The address space of a child: several times what the longest books take."""


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Let signals that end a run wait for as long as the context lasts.

    A child that is started in it is known to the parent before a signal can stop either.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start(process: BaseProcess) -> None:
    """Start a child process whose work begins with `begin_child`."""
    with signals_deferred():
        process.start()


def begin_child() -> None:
    """Have this process, a child of `multiprocessing`, end as soon as its parent does.

    Its memory is limited: a book that takes more and more fails, and no other program with it. Of
    the signals that end a run it ignores Ctrl-C, and leaves the others as they are by default.
    """
    for number in ENDING_SIGNALS:
        ignored = number == signal.SIGINT or signal.getsignal(number) == signal.SIG_IGN
        signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
    _limit_memory()
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:
            # It ended before it could be asked for.
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _limit_memory() -> None:
    """Limit the memory of this process and of its children; a lower limit stays as it is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > _MOST_MEMORY_BYTES:
        # Not every system has the limit.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, hard))


def _end_with(parent: BaseProcess) -> None:
    """Wait for the parent to end, and kill this process with its process group, if it leads one."""
    parent.join()
    if os.getpgrp() == os.getpid():
        with suppress(OSError):
            os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
