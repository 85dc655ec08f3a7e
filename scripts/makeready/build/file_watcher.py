"""Watching the files of a book, and waiting until one of them is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Snapshot = dict[str, tuple[int, int, int]]
"""Inode, size in bytes and time of change in ns of each file, by path."""

_BACKUPS = ("~", ".bak", ".tmp", ".swp", ".swx", ".orig")
_PROBES = frozenset({"4913", "__pycache__"})
"""Names that editors use for trials: vim writes 4913 to see whether it may write to a folder."""

_LOOK_SECONDS = 0.1
"""How often files are looked at where the system tells of no change: on a network folder, and
for what was saved just before it was asked to tell."""

_QUIET_SECONDS = 0.02
"""How long nothing may change before a save counts as complete."""

_LONGEST_SECONDS = 2.0


@dataclass
class FileWatcher:
    """Watches the files under ``folders``, without ``ignored`` folders, which builds write to."""

    folders: Sequence[Path]
    ignored: Sequence[Path]
    seen: Snapshot = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seen = self._snapshot()

    def wait(self, is_over: Callable[[], bool] = lambda: False) -> tuple[set[str], float]:
        """Wait until files change; return their paths, and when (`time.perf_counter`).

        ``is_over`` is asked at regular intervals whether to wait no longer.
        """
        while True:
            there = [folder for folder in self.folders if folder.is_dir()]
            for _ in _wake_ups(there):
                if is_over():
                    return set(), time.perf_counter()
                now = self._snapshot()
                if now != self.seen:
                    noticed = time.perf_counter()
                    return self._changes(self._wait_for_quiet(now)), noticed
                if there != [folder for folder in self.folders if folder.is_dir()]:
                    break

    def _wait_for_quiet(self, last: Snapshot) -> Snapshot:
        """Wait until a save is complete, for an editor may write a file in several steps."""
        deadline = time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < deadline:
            time.sleep(_QUIET_SECONDS)
            now = self._snapshot()
            if now == last:
                break
            last = now
        return last

    def _changes(self, now: Snapshot) -> set[str]:
        changed = {path for path, _ in now.items() ^ self.seen.items()}
        self.seen = now
        return changed

    def _snapshot(self) -> Snapshot:
        ignored = {(state.st_dev, state.st_ino) for state in map(_stat, self.ignored) if state}
        return {
            path: (state.st_ino, state.st_size, state.st_mtime_ns)
            for folder in self.folders
            for path, state in _files(str(folder), ignored)
        }


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _files(folder: str, ignored: set[tuple[int, int]]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files of a folder, without hidden files, backups and what builds write."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name[0] in ".#" or name.endswith(_BACKUPS) or name in _PROBES:
            continue
        try:
            state = entry.stat()
        except OSError:
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield entry.path, state
        elif (state.st_dev, state.st_ino) not in ignored:
            yield from _files(entry.path, ignored)


def _wake_ups(folders: Sequence[Path]) -> Iterator[None]:
    """Yield at once, then whenever a file may have changed, and at regular intervals."""
    from watchfiles import watch  # noqa: PLC0415 - no other command has a need to load it

    yield
    try:
        if folders:
            for _ in watch(
                *folders,
                watch_filter=None,
                debounce=20,
                step=5,
                rust_timeout=round(_LOOK_SECONDS * 1000),
                yield_on_timeout=True,
            ):
                yield
    except OSError:
        # A folder is gone, or the system has no watches left: looking does as well.
        pass
    time.sleep(_LOOK_SECONDS)
