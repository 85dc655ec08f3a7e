"""Programs that draw diagrams from text: Graphviz, Mermaid, D2 and PlantUML.

A book may come from a stranger. A program is only ever one of these four, by the user's path; it
gets the text on its standard input and runs in an empty folder, without a shell, without the
network, and with limits of time, memory and output.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from makeready.bootstrap.system_packages import requirement
from makeready.external.diagram_files import (
    file_read_by_d2,
    file_read_by_graphviz,
    file_read_by_plantuml,
)
from makeready.external.launch import ending_with_us
from makeready.external.tool import DIAGRAMS, ToolState, install_hint, output_of

LONGEST_SOURCE = 100_000
"""The characters that the text of a diagram can have."""

_SECONDS = 60
_MEMORY_BYTES = 2**31
_LARGEST_OUTPUT = 2**25
_REASON_LETTERS = 160
_LOG_BYTES = 20_000
_DRAWING = "drawing.svg"
_LINE = re.compile(r"\bline:? (\d{1,5})\b|^-?:?(\d{1,5}):\d+:", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_LEAD = re.compile(r"(?:err(?:or)?|failed to compile -|<stdin>|-)\s*:\s*", re.IGNORECASE)
_KEPT_VARIABLES = (
    "PATH",
    "JAVA_HOME",
    "GRAPHVIZ_DOT",
    "PUPPETEER_EXECUTABLE_PATH",
    "PUPPETEER_CACHE_DIR",
)
_MERMAID_CONFIG = {
    "theme": "neutral",
    "securityLevel": "strict",
    "deterministicIds": True,
    "fontFamily": "serif",
    # HTML in a drawing is not shown on pages.
    "htmlLabels": False,
    "flowchart": {"htmlLabels": False},
    "class": {"htmlLabels": False},
    "state": {"htmlLabels": False},
}


class DiagramError(Exception):
    """A diagram cannot be drawn; the message says why, ``line`` in which line of its text."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.line = line


class SlowDiagramError(DiagramError):
    """A diagram was not drawn in the time that it has."""


@dataclass(frozen=True, slots=True)
class DiagramProgram:
    """A program that draws diagrams: the name of its language, its command.

    ``scale`` is the size at which its letters are about as large as a book's. ``file_read``
    returns what in a text asks for another file, or nothing.
    """

    name: str
    command: str
    version_option: str
    options: Sequence[str]
    scale: float
    file_read: Callable[[str], str]
    has_memory_limit: bool = True

    def path(self) -> str | None:
        """Return the path of the program; None if it is not installed."""
        return shutil.which(self.command)

    def version(self) -> str:
        """Return the version of the program; an empty text if it is not installed."""
        path = self.path()
        return _version(path, self.version_option) if path else ""

    def install(self) -> str:
        """Return what to type to install the program."""
        return install_hint(requirement(self.name))


def _nothing_read(source: str) -> str:  # noqa: ARG001 - the signature of file_read
    return ""


_GRAPHVIZ = DiagramProgram(
    "Graphviz",
    "dot",
    "-V",
    (
        *("-Tsvg", "-Gfontsize=10", "-Nfontsize=10", "-Efontsize=9", "-Gfontname=serif"),
        *("-Nfontname=serif", "-Efontname=serif", "-Nheight=0.35", "-Nmargin=0.1,0.05"),
        "-Earrowsize=0.7",
    ),
    1.0,
    file_read_by_graphviz,
)
_MERMAID = DiagramProgram(
    "Mermaid",
    "mmdc",
    "--version",
    (
        *("--quiet", "--input", "-", "--output", _DRAWING),
        *("--configFile", "mermaid.json", "--puppeteerConfigFile", "browser.json"),
    ),
    0.75,
    # Its only way to another file is the browser, which has no network and gives nothing back.
    _nothing_read,
    has_memory_limit=False,
)
_D2 = DiagramProgram(
    "D2",
    "d2",
    "--version",
    ("--theme=1", "--pad=8", "--bundle=false", "-", "-"),
    0.75,
    file_read_by_d2,
)
_PLANTUML = DiagramProgram(
    "PlantUML",
    "plantuml",
    "-version",
    ("-tsvg", "-pipe", "-charset", "UTF-8", "-Smonochrome=true", "-Sshadowing=false"),
    0.85,
    file_read_by_plantuml,
    has_memory_limit=False,
)
PROGRAMS = {
    "dot": _GRAPHVIZ,
    "graphviz": _GRAPHVIZ,
    "mermaid": _MERMAID,
    "d2": _D2,
    "plantuml": _PLANTUML,
    "puml": _PLANTUML,
    "uml": _PLANTUML,
}
"""The program for each language of a code fence."""


def diagram_states() -> tuple[ToolState, ...]:
    """Return the state of each program that draws diagrams."""
    return tuple(_state(program) for program in dict.fromkeys(PROGRAMS.values()))


def _state(program: DiagramProgram) -> ToolState:
    path = program.path() or ""
    languages = " ".join(name for name, other in PROGRAMS.items() if other is program)
    install = "" if path else program.install()
    number = _NUMBER.search(program.version())
    version = number[0] if number else program.version()
    return ToolState(program.name, languages, DIAGRAMS, version, path, install)


@cache
def _version(path: str, option: str) -> str:
    lines = (output_of(path, option) or "unknown").strip().splitlines()
    return lines[0].strip() if lines else "unknown"


def draw_diagram(program: DiagramProgram, source: str) -> bytes:
    """Return a diagram as SVG, as its program makes it; DiagramError where it does not."""
    if len(source) > LONGEST_SOURCE:
        raise DiagramError(f"it is longer than {LONGEST_SOURCE:,} characters")
    if found := program.file_read(source):
        raise DiagramError(f"“{found}” reads another file, which a diagram of a book cannot")
    path = program.path()
    if path is None:
        raise DiagramError(f"{program.command} is not installed")
    if program is _PLANTUML and "@start" not in source:
        source = f"@startuml\n{source}\n@enduml\n"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _write_settings(Path(folder))
        drawing = _run(program, [path, *program.options], source, Path(folder))
    if not drawing.strip():
        raise DiagramError(f"{program.command} draws nothing")
    return drawing


def _write_settings(folder: Path) -> None:
    folder.joinpath("mermaid.json").write_text(json.dumps(_MERMAID_CONFIG))
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND"]
    if os.geteuid() == 0:
        # Chromium does not start for root otherwise.
        arguments.append("--no-sandbox")
    folder.joinpath("browser.json").write_text(json.dumps({"pipe": True, "args": arguments}))


def _run(program: DiagramProgram, command: list[str], source: str, folder: Path) -> bytes:
    """Return what a program writes; DiagramError if it fails, or takes too long."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as log,
    ):
        given.write(source.encode())
        given.seek(0)
        with subprocess.Popen(
            ending_with_us(command, offline=True),
            stdin=given,
            stdout=output,
            stderr=log,
            cwd=folder,
            env=_environment(folder),
            # With its own group its children can be ended too.
            start_new_session=True,
        ) as process:
            _limit_resources(process.pid, has_memory_limit=program.has_memory_limit)
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired as error:
                raise SlowDiagramError(
                    f"{program.command} takes longer than {_SECONDS} s"
                ) from error
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
        if process.returncode:
            raise _error(program, process.returncode, log)
        if "--output" in program.options:
            return _drawing_in(folder)
        output.seek(0)
        return output.read(_LARGEST_OUTPUT)


def _drawing_in(folder: Path) -> bytes:
    try:
        with folder.joinpath(_DRAWING).open("rb") as file:
            return file.read(_LARGEST_OUTPUT)
    except OSError:
        return b""


def _environment(folder: Path) -> dict[str, str]:
    """Return the variables that a program has; none of the user's own but the needed ones."""
    home = Path(os.environ.get("HOME", "/"))
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        "PATH": os.defpath,
        "PUPPETEER_CACHE_DIR": str(home / ".cache" / "puppeteer"),
        **kept,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        # Graphviz reads no files for the pictures of a server's visitor.
        "SERVER_NAME": "makeready",
        "PLANTUML_SECURITY_PROFILE": "SANDBOX",
        "JAVA_TOOL_OPTIONS": "-Xmx1g -Djava.awt.headless=true",
        "NODE_OPTIONS": "--max-old-space-size=1024",
    }


def _limit_resources(pid: int, *, has_memory_limit: bool) -> None:
    """Limit what a process can use, where the system can.

    Browsers and Java reserve far more memory than they use: they get none of a build's own limit.
    """
    if not hasattr(resource, "prlimit"):
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limits = {
        resource.RLIMIT_CPU: (2 * _SECONDS, 2 * _SECONDS),
        resource.RLIMIT_AS: (_MEMORY_BYTES if has_memory_limit else most, most),
    }
    if has_memory_limit:
        limits[resource.RLIMIT_FSIZE] = (_LARGEST_OUTPUT, _LARGEST_OUTPUT)
    for kind, limit in limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, kind, limit)


def _error(program: DiagramProgram, code: int, log: IO[bytes]) -> DiagramError:
    """Return the error that a program's log tells of."""
    log.seek(0)
    lines = [
        line.strip()
        for line in log.read(_LOG_BYTES).decode("utf-8", "replace").splitlines()
        if line.strip() and "JAVA_TOOL_OPTIONS" not in line
    ]
    telling = next((line for line in lines if "error" in line.lower()), "")
    reason = telling or (lines[0] if lines else f"it ends with code {code}")
    if reason.upper() == "ERROR":
        # PlantUML: the word, the number of the line, what is wrong.
        reason = " in line ".join(lines[2:0:-1])
    while lead := _LEAD.match(reason):
        reason = reason[lead.end() :]
    found = _LINE.search(reason)
    line = int(found[1] or found[2]) if found else None
    return DiagramError(f"{program.command} says: {reason[:_REASON_LETTERS].rstrip(' .:')}", line)
