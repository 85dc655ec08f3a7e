"""veraPDF, the validator of PDF/UA and PDF/A: its failures as findings under its own ids.

It is used where the program ``verapdf`` is on the path.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from makeready.bootstrap.system_packages import requirement
from makeready.errors import EngineError
from makeready.external.launch import ending_with_us
from makeready.external.tool import OPTIONAL, ToolState, install_hint
from makeready.findings import Finding, Severity, SourceLocation
from makeready.wording import clipped, counted

_PROGRAM = "verapdf"
_MESSAGE_LETTERS = 400
_JVM_OPTIONS = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.awt.headless=true -Xmx1500m "
    "-XX:CompressedClassSpaceSize=128m -XX:+ExitOnOutOfMemoryError"
)
"""Those of EPUBCheck, with more memory: 250 tagged pages need 1.2 GB."""
UA_1 = "ua1"
"""The name of PDF/UA-1; those of PDF/A are such as ``2a``."""


def verapdf_state() -> ToolState:
    """Return the state of veraPDF on this machine; its version is not asked for, which is slow."""
    wanted, path = requirement("veraPDF"), shutil.which(_PROGRAM)
    if path is None:
        return ToolState(wanted.name, wanted.purpose, OPTIONAL, install=install_hint(wanted))
    return ToolState(wanted.name, wanted.purpose, OPTIONAL, "installed", path)


def run_verapdf(
    paths: Sequence[Path], flavour: str = UA_1, timeout_seconds: float = 300
) -> dict[Path, list[Finding]] | None:
    """Run veraPDF once on some PDFs, and return the failures of each; None if it is not installed.

    Raises EngineError when it crashes or exceeds the time limit.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        return None
    # An absolute path cannot be taken for an option.
    targets = {str(path.resolve()): path for path in paths}
    command = [program, "--flavour", flavour, "--format", "json", *targets]
    names = ", ".join(path.name for path in paths)
    try:
        run = subprocess.run(
            ending_with_us(command, offline=True),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout_seconds,
            check=False,
            env={**os.environ, "JAVA_TOOL_OPTIONS": _JVM_OPTIONS},
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            f"veraPDF did not finish {names} in {timeout_seconds:g} s.",
            "Allow more time with --time-limit, or remove verapdf from the path.",
        ) from error
    except OSError as error:
        raise EngineError(
            f"veraPDF could not be started: {error}.", "Install it again, or remove it."
        ) from error
    try:
        jobs = json.loads(run.stdout)["report"]["jobs"]
        return {path: list(_findings(path, _job(jobs, name))) for name, path in targets.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        last = run.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineError(
            f"veraPDF gave no report on {names} (exit code {run.returncode}).",
            " ".join(last) or "Run veraPDF on the file yourself to see why.",
        ) from error


def _job(jobs: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for job in jobs:
        if job["itemDetails"]["name"] == name:
            return job
    raise LookupError(name)


def _findings(path: Path, job: dict[str, Any]) -> Iterator[Finding]:
    location = SourceLocation(path.name)
    results = job.get("validationResult")
    if not results:
        raise LookupError(job.get("taskException", {}).get("exceptionMessage", "no result"))
    for result in results if isinstance(results, list) else [results]:
        for rule in result["details"]["ruleSummaries"]:
            if str(rule.get("ruleStatus", rule.get("status"))).upper() != "FAILED":
                continue
            checks = rule.get("checks") or [{}]
            text = checks[0].get("errorMessage") or rule["description"]
            places = counted(int(rule["failedChecks"]), "place")
            message = f"{clipped(text.rstrip('.'), _MESSAGE_LETTERS)} ({places}; veraPDF)."
            hint = f"{rule['specification']}, clause {rule['clause']}: {rule['description']}"
            rule_id = f"{rule['clause']}-{rule['testNumber']}"
            yield Finding(rule_id, Severity.ERROR, message, hint, location)
