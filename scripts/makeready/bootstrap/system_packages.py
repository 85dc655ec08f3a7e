"""The system packages makeready needs: find what is missing, and install it or say how.

``make`` runs this script before the environment exists, so it needs only the standard library
and imports nothing of the package. ``makeready.external`` reads its table of packages::

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
from pathlib import Path

OLDEST_PYTHON = (3, 11)
MISSING = 3
"""The exit code of ``errors.MissingToolError``."""

_PROGRAMS = {"apt": "apt-get", "dnf": "dnf", "pacman": "pacman"}
_COMMANDS = {
    "apt": "apt-get install --no-install-recommends",
    "dnf": "dnf install",
    "pacman": "pacman -S",
    "brew": "brew install",
}


@dataclass(frozen=True)
class Requirement:
    """A library, module or program the machine must have, and its package in each system.

    ``libraries`` are names of one shared library, of which one must load; ``modules`` belong to
    Python; ``programs`` must all be on the path; ``trial`` is a command that must succeed. Of
    ``files`` one must exist, unless the program ``instead`` is on the path.
    """

    name: str
    apt: str
    brew: str
    dnf: str
    pacman: str
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


def _library(name: str, apt: str, package: str, stem: str, version: str = "") -> Requirement:
    """Return the requirement of a shared library, by the names that WeasyPrint looks for.

    ``package`` is its name everywhere but on Debian.
    """
    dotted = f"{stem}.{version}" if version else stem
    return Requirement(
        name,
        apt,
        package,
        package,
        package,
        libraries=(f"{stem}.so.0", f"{dotted}.dylib", f"{stem}.dylib"),
    )


ENVIRONMENT = (
    Requirement(
        "Python's venv module",
        f"python3.{sys.version_info[1]}-venv",
        "python",
        "python3-libs",
        "python",
        modules=("venv", "ensurepip"),
    ),
)
ENGINE = (
    Requirement(
        "GObject",
        "libglib2.0-0",
        "glib",
        "glib2",
        "glib2",
        libraries=("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0.dylib"),
    ),
    _library("Pango", "libpango-1.0-0", "pango", "libpango-1.0"),
    _library("Pango for FreeType", "libpangoft2-1.0-0", "pango", "libpangoft2-1.0"),
    _library("HarfBuzz", "libharfbuzz0b", "harfbuzz", "libharfbuzz", "0"),
    _library("HarfBuzz Subset", "libharfbuzz-subset0", "harfbuzz", "libharfbuzz-subset", "0"),
    Requirement(
        "Fontconfig",
        "libfontconfig1",
        "fontconfig",
        "fontconfig",
        "fontconfig",
        libraries=("libfontconfig.so.1", "libfontconfig.1.dylib"),
    ),
)
JAVA = Requirement(
    # The java of macOS may only say where to get Java: that shows when it is run.
    "Java",
    "default-jre-headless",
    "temurin",
    "java-latest-openjdk-headless",
    "jre-openjdk-headless",
    programs=("java",),
    trial=("java", "-version"),
)
GHOSTSCRIPT = Requirement(
    "Ghostscript", "ghostscript", "ghostscript", "ghostscript", "ghostscript", programs=("gs",)
)
GRAPHVIZ = Requirement(
    "Graphviz", "graphviz", "graphviz", "graphviz", "graphviz", programs=("dot",)
)
PLANTUML = Requirement(
    "PlantUML", "plantuml", "plantuml", "plantuml", "plantuml", programs=("plantuml",)
)
PANDOC = Requirement("pandoc", "pandoc", "pandoc", "pandoc", "pandoc", programs=("pandoc",))
TESTS = (
    JAVA,
    Requirement(
        "poppler's tools",
        "poppler-utils",
        "poppler",
        "poppler-utils",
        "poppler",
        programs=("pdfinfo", "pdffonts"),
    ),
    Requirement("qpdf", "qpdf", "qpdf", "qpdf", "qpdf", programs=("qpdf",)),
    GHOSTSCRIPT,
    Requirement("Node.js", "nodejs", "node", "nodejs", "nodejs", programs=("node",)),
    Requirement("npm", "npm", "node", "nodejs-npm", "npm", programs=("npm",)),
    # The engine of veraPDF that the tests run needs it; elsewhere veraPDF is installed whole.
    Requirement(
        "JAXB for veraPDF",
        "libjaxb-java",
        "verapdf",
        "jaxb-runtime",
        "verapdf",
        files=("/usr/share/java/jaxb-runtime.jar", "/usr/share/java/jaxb/jaxb-runtime.jar"),
        instead="verapdf",
    ),
    Requirement("Chromium", "chromium", "chromium", "chromium", "chromium", programs=("chromium",)),
)
PURPOSES = {"build": (*ENVIRONMENT, *ENGINE), "test": (*ENVIRONMENT, *ENGINE, *TESTS)}


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
    return tuple(one for one in PURPOSES[purpose] if not one.is_met())


def missing_text(requirements: tuple[Requirement, ...]) -> str:
    """Return in one line what is missing."""
    return f"Missing on this machine: {', '.join(one.name for one in requirements)}."


def installer() -> str:
    """Return what installs packages here: ``apt``, ``dnf``, ``pacman``, ``brew``, or nothing."""
    if sys.platform == "darwin":
        return "brew"
    return next((name for name, program in _PROGRAMS.items() if shutil.which(program)), "")


def install_command(requirements: tuple[Requirement, ...], manager: str) -> str:
    """Return the line to type to install what is missing with a package manager."""
    packages = " ".join(_packages(requirements, manager))
    sudo = "" if manager == "brew" or os.geteuid() == 0 else "sudo "
    # The lists of packages of a new Debian machine are empty.
    update = f"{sudo}apt-get update && " if manager == "apt" else ""
    return f"{update}{sudo}{_COMMANDS[manager]} {packages}"


def install_instructions(requirements: tuple[Requirement, ...]) -> str:
    """Return how to install what is missing, with the exact command where there is one."""
    manager = installer()
    if not manager:
        return "Install it with your system's package manager."
    return f"Install it: {install_command(requirements, manager)}"


def _packages(requirements: tuple[Requirement, ...], manager: str) -> list[str]:
    return list(dict.fromkeys(str(getattr(one, manager)) for one in requirements))


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
        _install(apt_get, _packages(unmet, "apt"))
        unmet = missing(arguments[0])
    if unmet:
        lines = (missing_text(unmet), install_instructions(unmet), "Then run make again.")
        print(*lines, sep="\n", file=sys.stderr)
        return MISSING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
