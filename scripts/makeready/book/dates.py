"""The moment a book was last changed, never taken from the clock."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from makeready.findings import Findings, SourceLocation

UNKNOWN = "2000-01-01T00:00:00Z"
_PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2})?")


def normalised(text: str) -> str:
    """Return an ISO 8601 date or datetime as ``YYYY-MM-DDThh:mm:ssZ``; ValueError if none.

    A year or a month stands for its first day; a time without offset is UTC.
    """
    text = text.strip()
    if _PARTIAL_DATE.fullmatch(text):
        text = f"{text}-01-01"[:10]
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def modified_at(
    modified: str,
    date: str,
    findings: Findings,
    location: SourceLocation,
    *,
    already_reported: bool = False,
) -> str:
    """Return the book's ``modified``: as given, else SOURCE_DATE_EPOCH, else its date.

    ``already_reported``: what it should have been taken from has a finding of its own already.
    """
    if modified:
        return normalised(modified)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError, OSError):
            findings.add("MET-019", location, value=epoch)
            already_reported = True
    if date:
        return normalised(date)
    if not already_reported:
        findings.add("MET-010", location)
    return UNKNOWN
