"""The command on a terminal: what it shows there, and answers to what it asks."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 120
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Shown:
    """What a run showed on the terminal, and its exit code."""

    code: int
    raw: str

    @property
    def text(self) -> str:
        """What was shown, without control sequences and returns."""
        return _CONTROLS.sub("", self.raw).replace("\r", "")


def on_terminal(
    *arguments: str | Path,
    cwd: Path | None = None,
    answers: Sequence[tuple[str, str]] = (),
    **environment: str,
) -> Shown:
    """Run the command on a terminal; each answer is typed after its question has been shown."""
    ours, theirs = os.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-m", "makeready", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env={**kept, "TERM": "xterm", "COLUMNS": "200", **environment},
        start_new_session=True,
    ) as run:
        os.close(theirs)
        shown, waiting, until = b"", list(answers), time.monotonic() + _SECONDS
        seen = 0
        while select.select([ours], [], [], max(0, until - time.monotonic()))[0]:
            # The other end of a terminal that is closed is an error, not an end.
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
            if waiting and (found := shown.find(waiting[0][0].encode(), seen)) >= 0:
                seen = found + 1
                os.write(ours, f"{waiting.pop(0)[1]}\n".encode())
        else:
            run.kill()
    os.close(ours)
    assert not waiting, f"not asked: {waiting}\n{shown.decode()}"
    return Shown(run.returncode, shown.decode("utf-8", "replace"))
