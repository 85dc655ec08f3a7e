"""The state of a tool or library on this machine, and the command that installs it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from makeready.bootstrap.system_packages import Requirement, install_command, installer

BUILD, CHECK = "makeready build", "makeready check"
OPTIONAL = "makeready check, where it is installed"
DIAGRAMS = "diagrams of its language"
_PROBE_SECONDS = 60
_OS_RELEASE = Path("/etc/os-release")
_NAMES = {
    "apt": "Debian or Ubuntu",
    "dnf": "Fedora",
    "pacman": "Arch",
    "brew": "macOS",
}
_INSTALLERS = {
    "debian": "apt",
    "ubuntu": "apt",
    "fedora": "dnf",
    "rhel": "dnf",
    "arch": "pacman",
}
"""Package managers by the ids of systems in os-release."""


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


def install_hint(*requirements: Requirement) -> str:
    """Return what to type to install what is missing, for every system if this one is unknown."""
    manager = installer() or _installer_of_system()
    if manager:
        return install_command(requirements, manager)
    lines = (f"on {name}: {install_command(requirements, key)}" for key, name in _NAMES.items())
    return "; ".join(lines)


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
    return next((_INSTALLERS[word] for word in words if word in _INSTALLERS), "")
