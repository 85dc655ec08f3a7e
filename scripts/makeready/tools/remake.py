"""Make again what is out of date, and nothing else.

``make`` runs this file, because it must be quick and because make itself cannot follow paths
with spaces, a file that is gone, or one put back from an older copy. It needs nothing but the
standard library::

    python remake.py TARGET --book FOLDER --output FOLDER MAKEREADY…

A target is up to date when the files it is made of are the same as last time, by name, size and
time, and every file it wrote is still there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Inputs = dict[str, list[int]]
"""Size in bytes and time of change in ns of each file, by path."""

SHARED_INPUTS = ("styles", "scripts/makeready", "requirements.lock")


@dataclass(frozen=True)
class Target:
    """What ``make`` can be asked for: the command that makes it, and what it is made of.

    ``unread`` are names of files that it does not read; ``unwritten`` are the endings of files
    that other targets write in the same run.
    """

    command: tuple[str, ...]
    unread: frozenset[str]
    unwritten: frozenset[str]


TARGETS = {
    "pdf": Target(
        ("build", "--kind", "print", "--kind", "screen"),
        unread=frozenset({"epub.css", "cover.css"}),
        unwritten=frozenset({".epub", ".jpg"}),
    ),
    "epub": Target(
        ("build", "--kind", "epub"),
        unread=frozenset({"print.css", "screen.css"}),
        unwritten=frozenset({".pdf"}),
    ),
    "cover": Target(
        ("cover",),
        unread=frozenset({"book.css", "epub.css", "print.css", "screen.css"}),
        unwritten=frozenset({".epub", ".pdf"}),
    ),
}
PARTS = {"all": ("pdf", "epub"), "pdf": ("pdf",), "epub": ("epub",), "cover": ("cover",)}


def inputs_of(target: Target, book: str, output: str) -> Inputs:
    """Note the files a target is made of, as they are now."""
    notes: Inputs = {}
    for root in (book, *SHARED_INPUTS):
        for path in _files(root, Path(output).resolve()):
            if os.path.basename(path) not in target.unread:  # noqa: PTH119 - strings, for speed
                state = os.stat(path, follow_symlinks=os.path.exists(path))  # noqa: PTH110, PTH116
                notes[path] = [state.st_size, state.st_mtime_ns]
    return notes
