"""The file as it is sent: how large it is, and what it is named."""

from __future__ import annotations

import re
from pathlib import Path

from makeready.checks.print.requirements import PrintRequirements
from makeready.findings import Findings, SourceLocation

MEGABYTE = 1_000_000
_PLAIN = re.compile(r"[\w .()-]+")
_ANY_ISBN = "97[89][0-9]{10}"


def check_file_size(path: Path, requirements: PrintRequirements, findings: Findings) -> None:
    """Find an interior that is larger than the printer takes."""
    megabytes, most = path.stat().st_size / MEGABYTE, requirements.profile.rules.file.maximum_mb
    if most is not None and megabytes > most:
        values = {"megabytes": megabytes, "most": most, "printer": requirements.printer}
        findings.add("PRN-054", SourceLocation(path.name), **values)


def check_name(
    path: Path, pattern: str, requirements: PrintRequirements, findings: Findings
) -> None:
    """Check the name of a file from elsewhere; ``pattern`` holds ``{isbn}``, or is empty."""
    location, values = (
        SourceLocation(path.name),
        {"name": path.name, "printer": requirements.printer},
    )
    wanted = re.escape(pattern).replace(re.escape("{isbn}"), requirements.isbn or _ANY_ISBN)
    if pattern and not re.fullmatch(wanted, path.name):
        findings.add("PRN-056", location, wanted=pattern.format(isbn="<ISBN>"), **values)
    elif requirements.profile.rules.file.plain_names and not _PLAIN.fullmatch(path.name):
        findings.add("PRN-055", location, **values)
