"""What the machine must have: find it, install it where that can be done, or say how.

``make`` runs this file before there is an environment, so it needs nothing but the standard
library and imports nothing of the package::

    python3 scripts/makeready/bootstrap/system.py build|test
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
class Need:
    """A thing the machine must have, and the packages of apt and Homebrew that bring it.

    ``libraries`` are names of one shared library, of which one must load; ``modules`` are
    Python's own; ``programs`` are commands, all on the path; ``trial`` is one that must run.
    """

    name: str
    apt: str
    brew: str
    libraries: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    trial: tuple[str, ...] = ()

    def is_met(self) -> bool:
        """Tell whether the machine has it."""
        return (
            (not self.libraries or any(map(_loads, self.libraries)))
            and all(importlib.util.find_spec(module) for module in self.modules)
            and all(shutil.which(program) for program in self.programs)
            and (not self.trial or _runs(self.trial))
        )


def _library(name: str, apt: str, brew: str, stem: str, version: str = "") -> Need:
    """Describe a shared library under the names that the typesetting engine looks for."""
    dotted = f"{stem}.{version}" if version else stem
    return Need(name, apt, brew, libraries=(f"{stem}.so.0", f"{dotted}.dylib", f"{stem}.dylib"))


ENVIRONMENT = (
    Need(
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
    Need(
        "Fontconfig",
        "libfontconfig1",
        "fontconfig",
        libraries=("libfontconfig.so.1", "libfontconfig.1.dylib"),
    ),
)
TESTS = (
    # macOS has a java that only says where to get one: it must be run to be known.
    Need("Java", "default-jre-headless", "temurin", programs=("java",), trial=("java", "-version")),
    Need("poppler's tools", "poppler-utils", "poppler", programs=("pdfinfo", "pdffonts")),
    Need("qpdf", "qpdf", "qpdf", programs=("qpdf",)),
    Need("Ghostscript", "ghostscript", "ghostscript", programs=("gs",)),
    Need("Node.js", "nodejs", "node", programs=("node",)),
    Need("npm", "npm", "node", programs=("npm",)),
    Need("Chromium", "chromium", "chromium", programs=("chromium",)),
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


def missing(purpose: str) -> tuple[Need, ...]:
    """Return what the machine lacks to ``build`` or to ``test``."""
    return tuple(need for need in PURPOSES[purpose] if not need.is_met())


def describe(needs: tuple[Need, ...]) -> str:
    """Say what is missing, in one line."""
    return f"This machine lacks: {', '.join(need.name for need in needs)}."


def remedy(needs: tuple[Need, ...]) -> str:
    """Say how to install what is missing: the exact command where there is one."""
    if shutil.which("apt-get"):
        packages = " ".join(_packages(needs))
        install = f"sudo apt-get install --no-install-recommends {packages}"
        return f"Install it: sudo apt-get update && {install}"
    if sys.platform == "darwin":
        return f"Install it: brew install {' '.join(dict.fromkeys(n.brew for n in needs))}"
    return "Install it with your system's package manager."


def _packages(needs: tuple[Need, ...]) -> list[str]:
    return list(dict.fromkeys(need.apt for need in needs))


def _install(apt_get: str, packages: list[str]) -> None:
    """Install Debian packages; what apt cannot do, the probe that follows finds missing."""
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
    """Make sure of what a purpose needs; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        print(f"usage: system.py {'|'.join(PURPOSES)}", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = (".".join(map(str, v[:2])) for v in (OLDEST_PYTHON, sys.version_info))
        print(
            f"Python {wanted} or newer is needed; {sys.executable} is {found}.\n"
            "Name another: make PYTHON=/path/to/python3",
            file=sys.stderr,
        )
        return MISSING
    needs = missing(arguments[0])
    apt_get = shutil.which("apt-get")
    if needs and apt_get and os.geteuid() == 0:
        _install(apt_get, _packages(needs))
        needs = missing(arguments[0])
    if needs:
        print(describe(needs), remedy(needs), "Then run make again.", sep="\n", file=sys.stderr)
        return MISSING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
