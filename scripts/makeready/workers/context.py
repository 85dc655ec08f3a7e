"""The start method of child processes."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import ForkContext, SpawnContext


def process_context() -> ForkContext | SpawnContext:
    """Return the ``fork`` context on Linux, and ``spawn`` elsewhere.

    A forked child has the parent's imports at once, but the system frameworks of macOS are not
    safe to use after a fork.
    """
    if sys.platform == "linux":
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")
