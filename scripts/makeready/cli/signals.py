"""Ctrl-C, termination and a closed terminal: a run ends in order, without a traceback."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from makeready.workers.child import ENDING_SIGNALS

_SHELL_CODE = 128
"""A shell reports a process that a signal ended with this plus the signal's number."""

_CLEAN_UP_SECONDS = 2.0
"""How long a further signal is ignored: `timeout` and terminals send some twice."""

_AGAIN_SECONDS = 0.01


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Have a signal that ends the run raise KeyboardInterrupt, and exit with the signal's code.

    What the run started is closed on the way out. A signal that the parent has this process
    ignore, as `nohup` does, is ignored.
    """
    received: list[tuple[int, float]] = []

    def end(number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not received:
            received.append((number, now))
            raise KeyboardInterrupt
        if now - received[0][1] > _CLEAN_UP_SECONDS:
            os._exit(_SHELL_CODE + number)

    def send_again(lost: sys.UnraisableHookArgs) -> None:
        """Send a signal again whose exception was raised where Python drops exceptions."""
        if received and issubclass(lost.exc_type, KeyboardInterrupt):
            signal_again = (os.getpid(), received.pop()[0])
            threading.Timer(_AGAIN_SECONDS, os.kill, signal_again).start()
        else:
            sys.__unraisablehook__(lost)

    sys.unraisablehook = send_again
    try:
        for number in ENDING_SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, end)
        try:
            yield
        finally:
            end_at_once()
    except BaseException:
        # A library may have made another exception of it.
        if not received:
            raise
        end_at_once()
        sys.exit(_SHELL_CODE + received[0][0])


def end_at_once() -> None:
    """Have a signal end this process as the system does, without a traceback.

    It is for when nothing has been started yet, or is left.
    """
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
