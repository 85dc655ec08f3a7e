"""Ctrl-C, termination and a closed terminal: a run ends in order, without a traceback."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from makeready.workers.child import ENDING_SIGNALS

_SHELL_CODE = 128
"""A shell reports a process that a signal ended with this plus the signal's number."""

_CLEAN_UP_SECONDS = 1.5
"""How long what the run started may take to close, before the process ends all the same."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Have a signal that ends the run raise KeyboardInterrupt, and exit with the signal's code.

    What the run started is closed on the way out. A signal that the parent has this process
    ignore, as `nohup` does, is ignored.
    """
    received: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        # A further signal changes nothing: `timeout` and terminals send some twice.
        if not received:
            received.append(number)
            # A library may catch the exception and go on. Children end with this process.
            timer = threading.Timer(_CLEAN_UP_SECONDS, os._exit, (_SHELL_CODE + number,))
            timer.daemon = True
            timer.start()
            raise KeyboardInterrupt

    def show(lost: sys.UnraisableHookArgs) -> None:
        """Show an exception that Python drops, unless it is that of a signal."""
        if not (received and issubclass(lost.exc_type, KeyboardInterrupt)):
            sys.__unraisablehook__(lost)

    sys.unraisablehook = show
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
        sys.exit(_SHELL_CODE + received[0])


def end_at_once() -> None:
    """Have a signal end this process as the system does, without a traceback.

    It is for when nothing has been started yet, or is left.
    """
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
