"""The date a book was last modified, never taken from the clock."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from makeready.findings import Findings, SourceLocation

UNKNOWN_DATE = "2000-01-01T00:00:00Z"
_PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2})?")


def normalised_datetime(text: str) -> str:
    """Return an ISO 8601 date or datetime as ``YYYY-MM-DDThh:mm:ssZ``.

    A year or a month stands for its first day; a time without offset is UTC. Raises ValueError
    when the text is not a date.
    """
    text = text.strip()
    if _PARTIAL_DATE.fullmatch(text):
        text = f"{text}-01-01"[:10]
    time = datetime.fromisoformat(text)
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def modified_at(
    modified: str,
    date: str,
    findings: Findings,
    location: SourceLocation,
    *,
    already_reported: bool = False,
) -> str:
    """Return the book's ``modified``: as given, else SOURCE_DATE_EPOCH, else its ``date``.

    ``already_reported``: there is a finding for ``modified`` or ``date`` already, so that none
    is added because they are empty.
    """
    if modified:
        return normalised_datetime(modified)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError, OSError):
            findings.add("MET-019", location, value=epoch)
            already_reported = True
    if date:
        return normalised_datetime(date)
    if not already_reported:
        findings.add("MET-010", location)
    return UNKNOWN_DATE
