"""The state of a tool or library on this machine, and the command that installs it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from makeready.bootstrap.system_packages import (
    Requirement,
    install_command,
    installer,
    systems,
)

BUILD, CHECK = "makeready build", "makeready check"
OPTIONAL = "makeready check, where it is installed"
DIAGRAMS = "diagrams of its language"
IMPORTS = "makeready init --from"
_PROBE_SECONDS = 60
_OS_RELEASE = Path("/etc/os-release")


@dataclass(frozen=True, slots=True)
class ToolState:
    """A tool or library: what it is for, and where it is on this machine.

    ``command`` is the command of makeready, or what in a book, that needs it. Where it is missing,
    ``path`` and ``version`` are empty, ``install`` is what to type to get it, and ``problem`` says
    what is wrong if there is more to say.
    """

    name: str
    purpose: str
    command: str
    version: str = ""
    path: str = ""
    install: str = ""
    problem: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether it is not there, or does not work."""
        return not self.path

    @property
    def is_required(self) -> bool:
        """Whether a build needs it."""
        return self.command == BUILD


def output_of(path: str, option: str) -> str | None:
    """Return what a program prints with an option; None if it does not run."""
    try:
        probe = subprocess.run(
            [path, option],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if probe.returncode else (probe.stderr + probe.stdout).decode("utf-8", "replace")


def install_hint(*wanted: Requirement) -> str:
    """Return what to type to install what is missing, for every system if this one is unknown."""
    manager = package_program()
    if manager:
        return _hint(wanted, manager)
    hints = {manager: _hint(wanted, manager) for manager in systems()}
    if len(set(hints.values())) == 1:
        return next(iter(hints.values()))
    return "; ".join(f"on {systems()[key].title}: {hint}" for key, hint in hints.items())


def _hint(wanted: Sequence[Requirement], manager: str) -> str:
    elsewhere = (one.elsewhere for one in wanted if manager not in one.packages)
    return "; ".join(filter(None, (install_command(wanted, manager), *elsewhere)))


def package_program() -> str:
    """Return the package manager of this system; nothing if it is unknown."""
    return installer() or _installer_of_system()


def _installer_of_system() -> str:
    """Return the package manager that os-release names, where the path leads to none."""
    if sys.platform != "linux":
        return ""
    try:
        text = _OS_RELEASE.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    ids = re.findall(r"^ID(?:_LIKE)?=(.*)$", text, re.MULTILINE)
    words = " ".join(ids).replace('"', "").split()
    by_id = {id_: manager for manager, system in systems().items() for id_ in system.ids}
    return next((by_id[word] for word in words if word in by_id), "")
