"""The log of a run that failed, kept in the user's cache folder.

It has what a report of a fault needs: versions, the command line, steps with their times, and the
traceback. It has no environment variables, and no names or passwords from addresses.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import time
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from makeready.cli.version import versions
from makeready.files import open_folder, write_inside
from makeready.user_cache import user_cache_folder
from makeready.wording import one_line, visible

FOLDER = "log"
_NAME = re.compile(r"\d{8}-\d{6}-\d+\.log")
_KEPT_FILES = 20
_KEPT_LINES = 5_000
# The user of an address, and what stands after its question mark.
_SECRET = re.compile(r"(?<=://)[^\s/@]+@|(?<=[?&])([\w.-]+)=[^\s&'\"]+")


@dataclass
class RunLog:
    """The lines of a run's log, of which the last 5,000 are kept."""

    started_at: float = field(default_factory=time.monotonic)
    _lines: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_LINES))

    def add(self, text: str) -> None:
        """Add a line with the seconds since the start of the run."""
        self._lines.append(f"{self.seconds:9.2f} s  {one_line(text)}")

    @property
    def seconds(self) -> float:
        """The seconds since the start of the run."""
        return time.monotonic() - self.started_at

    def write(self, error: BaseException) -> Path | None:
        """Write the log of a run that ended in an error; None where that is not possible."""
        text = without_secrets(self._text(error))
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
        folder = user_cache_folder() / FOLDER
        try:
            with open_folder(folder, create=True) as opened:
                write_inside(opened, name, text.encode("utf-8", "replace"), permissions=0o600)
                _delete_old(opened)
        except OSError:
            return None
        return folder / name

    def _text(self, error: BaseException) -> str:
        parts = [
            f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
            f"makeready {shlex.join(sys.argv[1:])}",
            "",
            *(f"{name} {version}" for name, version in versions().items()),
            sys.platform,
            "",
            *self._lines,
            "",
            "".join(traceback.format_exception(error)).rstrip(),
        ]
        return "".join(f"{visible(part)}\n" for part in parts)


def without_secrets(text: str) -> str:
    """Return a text without the users, passwords and parameters of the addresses in it."""
    return _SECRET.sub(lambda found: f"{found[1]}=…" if found[1] else "…@", text)


def _delete_old(folder: int) -> None:
    """Delete all but the newest logs of a folder."""
    logs = sorted(name for name in os.listdir(folder) if _NAME.fullmatch(name))
    for name in logs[:-_KEPT_FILES]:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)


RUN_LOG = RunLog()
"""The log of this process's run."""
