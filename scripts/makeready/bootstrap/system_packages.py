"""The system packages makeready needs: find what is missing, and install it or say how.

``make`` runs this script before the environment exists, so it needs only the standard library
and imports nothing of the package::

    python3 scripts/makeready/bootstrap/system_packages.py build|test
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

OLDEST_PYTHON = (3, 11)
MISSING = 3
"""The exit code of ``errors.MissingToolError``."""


@dataclass(frozen=True)
class Requirement:
    """A library, module or program the machine must have, with its apt and Homebrew packages.

    ``libraries`` are names of one shared library, of which one must load; ``modules`` belong to
    Python; ``programs`` must all be on the path; ``trial`` is a command that must succeed.
    """

    name: str
    apt: str
    brew: str
    libraries: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    trial: tuple[str, ...] = ()

    def is_met(self) -> bool:
        """Return whether the machine has it."""
        return (
            (not self.libraries or any(map(_loads, self.libraries)))
            and all(importlib.util.find_spec(module) for module in self.modules)
            and all(shutil.which(program) for program in self.programs)
            and (not self.trial or _runs(self.trial))
        )


def _library(name: str, apt: str, brew: str, stem: str, version: str = "") -> Requirement:
    """Return the requirement of a shared library, by the names that WeasyPrint looks for."""
    dotted = f"{stem}.{version}" if version else stem
    return Requirement(
        name, apt, brew, libraries=(f"{stem}.so.0", f"{dotted}.dylib", f"{stem}.dylib")
    )


ENVIRONMENT = (
    Requirement(
        "Python's venv module",
        f"python3.{sys.version_info[1]}-venv",
        "python",
        modules=("venv", "ensurepip"),
    ),
)
ENGINE = (
    _library("GObject", "libglib2.0-0", "glib", "libgobject-2.0", "0"),
    _library("Pango", "libpango-1.0-0", "pango", "libpango-1.0"),
    _library("Pango for FreeType", "libpangoft2-1.0-0", "pango", "libpangoft2-1.0"),
    _library("HarfBuzz", "libharfbuzz0b", "harfbuzz", "libharfbuzz", "0"),
    _library("HarfBuzz Subset", "libharfbuzz-subset0", "harfbuzz", "libharfbuzz-subset", "0"),
    Requirement(
        "Fontconfig",
        "libfontconfig1",
        "fontconfig",
        libraries=("libfontconfig.so.1", "libfontconfig.1.dylib"),
    ),
)
TESTS = (
    # The java of macOS may only say where to get Java: that shows when it is run.
    Requirement(
        "Java", "default-jre-headless", "temurin", programs=("java",), trial=("java", "-version")
    ),
    Requirement("poppler's tools", "poppler-utils", "poppler", programs=("pdfinfo", "pdffonts")),
    Requirement("qpdf", "qpdf", "qpdf", programs=("qpdf",)),
    Requirement("Ghostscript", "ghostscript", "ghostscript", programs=("gs",)),
    Requirement("Node.js", "nodejs", "node", programs=("node",)),
    Requirement("npm", "npm", "node", programs=("npm",)),
    Requirement("Chromium", "chromium", "chromium", programs=("chromium",)),
)
PURPOSES = {"build": (*ENVIRONMENT, *ENGINE), "test": (*ENVIRONMENT, *ENGINE, *TESTS)}


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
    return tuple(one for one in PURPOSES[purpose] if not one.is_met())


def missing_text(requirements: tuple[Requirement, ...]) -> str:
    """Return in one line what is missing."""
    return f"Missing on this machine: {', '.join(one.name for one in requirements)}."


def install_instructions(requirements: tuple[Requirement, ...]) -> str:
    """Return how to install what is missing, with the exact command where there is one."""
    if shutil.which("apt-get"):
        packages = " ".join(_packages(requirements))
        install = f"sudo apt-get install --no-install-recommends {packages}"
        return f"Install it: sudo apt-get update && {install}"
    if sys.platform == "darwin":
        packages = " ".join(dict.fromkeys(one.brew for one in requirements))
        return f"Install it: brew install {packages}"
    return "Install it with your system's package manager."


def _packages(requirements: tuple[Requirement, ...]) -> list[str]:
    return list(dict.fromkeys(one.apt for one in requirements))


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
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: system_packages.py {'|'.join(PURPOSES)}", file=sys.stderr)
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
        _install(apt_get, _packages(unmet))
        unmet = missing(arguments[0])
    if unmet:
        lines = (missing_text(unmet), install_instructions(unmet), "Then run make again.")
        print(*lines, sep="\n", file=sys.stderr)
        return MISSING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
