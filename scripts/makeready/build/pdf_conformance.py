"""The claim of a screen PDF that it conforms to PDF/UA-1, made where our own rules pass."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from makeready.checks.tagged_pdf.conformance import broken_rules
from makeready.findings import Findings, SourceLocation
from makeready.pdf.ua_claim import with_claim

Submit = Callable[[Callable[[bytes], tuple[str, ...]], bytes], "Future[tuple[str, ...]] | None"]
"""A function that calls another in a worker; it returns None where there is no worker."""


class ClaimCheck:
    """The check of a screen PDF by our rules; a worker makes it while this process goes on."""

    def __init__(self, file: bytes, submit: Submit) -> None:
        self._file = file
        self._future = submit(broken_rules, file)

    def claimed_file(self, name: str, findings: Findings) -> bytes:
        """Return the PDF with the claim, or as it is if it breaks a rule, which is reported."""
        broken = self._broken_rules()
        if broken:
            findings.add("ACC-062", SourceLocation(name), rules=", ".join(broken))
            return self._file
        return with_claim(self._file)

    def _broken_rules(self) -> tuple[str, ...]:
        # A worker that died or took too long has said nothing about the file.
        with suppress(Exception):
            if self._future is not None:
                return self._future.result()
        return broken_rules(self._file)
