"""The system packages makeready needs: find what is missing, and install it or say how.

``make`` runs this script before the environment exists, so it needs only the standard library
and imports nothing of the package. What there is to install is in ``system_packages.toml``, which
``makeready.external`` reads too::

    python3 scripts/makeready/bootstrap/system_packages.py build|test
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

OLDEST_PYTHON = (3, 11)
MISSING = 3
"""The exit code of ``errors.MissingToolError``."""

_DATA = Path(__file__).with_suffix(".toml")
_LISTS = ("libraries", "modules", "programs", "trial", "files")
BUILD_USES = ("environment", "engine")
OPTIONAL_USES = ("check", "diagrams", "import")
USES = {"build": BUILD_USES, "test": (*BUILD_USES, "check", "test")}
"""What is looked for by the argument of this script."""


@dataclass(frozen=True)
class System:
    """A system and the commands that install its packages; ``ids`` are those of os-release.

    ``before`` is what to run before ``install``; ``pipx`` the package of the program pipx.
    """

    title: str
    option: str
    ids: tuple[str, ...]
    program: str
    install: str
    pipx: str
    before: str = ""


@dataclass(frozen=True)
class Requirement:
    """A library, module or program, and its package on each system that has one.

    The keys are explained in ``system_packages.toml``.
    """

    name: str
    use: str
    purpose: str
    packages: dict[str, str] = field(hash=False)
    elsewhere: str = ""
    libraries: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    trial: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    instead: str = ""

    def is_met(self) -> bool:
        """Return whether the machine has it."""
        return (
            (not self.libraries or any(map(_loads, self.libraries)))
            and all(importlib.util.find_spec(module) for module in self.modules)
            and all(shutil.which(program) for program in self.programs)
            and (not self.trial or _runs(self.trial))
            and (not self.files or any(map(_exists, self.files)) or bool(_found(self.instead)))
        )


@cache
def _data() -> dict[str, Any]:
    # An older Python lacks it, and is told so before.
    import tomllib  # noqa: PLC0415

    return tomllib.loads(_DATA.read_text("utf-8"))


@cache
def systems() -> dict[str, System]:
    """Return the systems by the name of their package manager."""
    return {
        manager: System(**{**keys, "ids": tuple(keys["ids"])})
        for manager, keys in _data()["systems"].items()
    }


@cache
def requirements(*uses: str) -> tuple[Requirement, ...]:
    """Return the requirements for some uses."""
    found = (_requirement(name, keys) for name, keys in _data()["requirements"].items())
    return tuple(one for one in found if one.use in uses)


def requirement(name: str) -> Requirement:
    """Return one requirement by its name."""
    return _requirement(name, _data()["requirements"][name])


def _requirement(name: str, keys: dict[str, Any]) -> Requirement:
    packages = {
        manager: keys[manager].format(minor=sys.version_info[1])
        for manager in systems()
        if manager in keys
    }
    others: dict[str, Any] = {
        key: tuple(value) if key in _LISTS else value
        for key, value in keys.items()
        if key not in packages
    }
    return Requirement(name=name, packages=packages, **others)


def _exists(path: str) -> bool:
    return Path(path).exists()


def _found(program: str) -> str | None:
    return shutil.which(program) if program else None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _runs(command: tuple[str, ...]) -> bool:
    try:
        ran = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return ran.returncode == 0


def missing(purpose: str) -> tuple[Requirement, ...]:
    """Return the requirements for a purpose, ``build`` or ``test``, that are not met."""
    return tuple(one for one in requirements(*USES[purpose]) if _counts(one) and not one.is_met())


def _counts(one: Requirement) -> bool:
    # What has no package on Linux, veraPDF, is in the packages of the tests.
    return "apt" in one.packages


def missing_text(unmet: Sequence[Requirement]) -> str:
    """Return in one line what is missing."""
    return f"Missing on this machine: {', '.join(one.name for one in unmet)}."


def installer() -> str:
    """Return what installs packages here: ``apt``, ``dnf``, ``pacman``, ``brew``, or nothing."""
    if sys.platform == "darwin":
        return "brew"
    on_path = (name for name, one in systems().items() if shutil.which(one.program))
    return next((name for name in on_path if name != "brew"), "")


def install_command(
    wanted: Sequence[Requirement], manager: str, *, more: Sequence[str] = ()
) -> str:
    """Return the line to type to install requirements, and ``more`` packages, with a manager.

    It is empty if no package has any of them.
    """
    packages = " ".join((*more, *_packages(wanted, manager)))
    system = systems()[manager]
    sudo = "" if manager == "brew" or os.geteuid() == 0 else "sudo "
    before = f"{sudo}{system.before} && " if system.before else ""
    return f"{before}{sudo}{system.install} {packages}" if packages else ""


def install_instructions(unmet: Sequence[Requirement]) -> str:
    """Return how to install what is missing, with the exact command where there is one."""
    manager = installer()
    if not manager:
        return "Install it with your system's package manager."
    return f"Install it: {install_command(unmet, manager)}"


def _packages(wanted: Sequence[Requirement], manager: str) -> list[str]:
    found = (one.packages[manager] for one in wanted if manager in one.packages)
    return list(dict.fromkeys(found))


def _install(apt_get: str, packages: list[str]) -> None:
    """Install Debian packages; a failure shows when the requirements are checked again."""
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", "DPkg::Lock::Timeout=120"]
    for arguments in (
        ["update"],
        ["install", "--yes", "--no-install-recommends", *packages],
    ):
        subprocess.run(
            [apt_get, *options, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )


def main(arguments: list[str]) -> int:
    """Check the requirements for a purpose, and install what root can; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in USES:
        print(f"usage: system_packages.py {'|'.join(USES)}", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = (".".join(map(str, v[:2])) for v in (OLDEST_PYTHON, sys.version_info))
        print(
            f"Python {wanted} or newer is needed; {sys.executable} is {found}.\n"
            "Name another: make PYTHON=/path/to/python3",
            file=sys.stderr,
        )
        return MISSING
    unmet = missing(arguments[0])
    apt_get = shutil.which("apt-get")
    if unmet and apt_get and os.geteuid() == 0:
        _install(apt_get, _packages(unmet, "apt"))
        unmet = missing(arguments[0])
    if unmet:
        lines = (missing_text(unmet), install_instructions(unmet), "Then run make again.")
        print(*lines, sep="\n", file=sys.stderr)
        return MISSING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
