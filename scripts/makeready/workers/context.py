"""How other processes are begun."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import ForkContext, SpawnContext


def process_context() -> ForkContext | SpawnContext:
    """Fork where that is safe and quick; the frameworks of macOS do not survive a fork."""
    if sys.platform == "linux":
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")
