"""The claim of a screen PDF that it conforms to PDF/UA-1, made where our own rules pass."""

from __future__ import annotations

from makeready.checks.tagged_pdf.conformance import broken_rules
from makeready.findings import Findings, SourceLocation
from makeready.pdf.ua_claim import with_claim


def with_checked_claim(file: bytes, name: str, findings: Findings) -> bytes:
    """Return a screen PDF with the claim, or as it is if it breaks a rule, which is reported."""
    broken = broken_rules(file)
    if broken:
        findings.add("ACC-062", SourceLocation(name), rules=", ".join(broken))
        return file
    return with_claim(file)
