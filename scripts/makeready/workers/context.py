"""The start method of child processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.context import ForkContext, SpawnContext


def process_context() -> ForkContext | SpawnContext:
    """Return the ``fork`` context on Linux, and ``spawn`` elsewhere.

    A forked child has the parent's imports at once, but the system frameworks of macOS are not
    safe to use after a fork.
    """
    if sys.platform == "linux":
        return multiprocessing.get_context("fork")
    # A new Python would import modules from the current folder, which may be a stranger's book.
    os.environ["PYTHONSAFEPATH"] = "1"
    return multiprocessing.get_context("spawn")
