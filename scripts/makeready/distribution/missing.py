"""The parts of a printer's upload folder that cannot be made yet: ISBN in names, cover."""

from __future__ import annotations

from makeready.findings import Findings
from makeready.printers.cover import cover_geometry
from makeready.printers.print_job import PrintJob
from makeready.printers.unsupported import UnsupportedError


def check_missing(job: PrintJob, pages: int, findings: Findings) -> None:
    """Report an ISBN that the file names lack, and a cover that cannot be made."""
    values = {"edition": job.edition.name, "printer": job.profile.title}
    names = (job.profile.rules.file.interior_name, job.profile.rules.file.cover_name)
    names_with_isbn = [name.format(isbn="ISBN") for name in names if "{isbn}" in name]
    if names_with_isbn and not job.edition.isbn:
        findings.add("PRN-065", job.location(), names=" and ".join(names_with_isbn), **values)
    refusal = cover_refusal(job, pages)
    if refusal is not None:
        values |= {"problem": refusal.message, "hint": refusal.hint}
        findings.add("PRN-066", job.location(), pages=pages, **values)


def cover_refusal(job: PrintJob, pages: int) -> UnsupportedError | None:
    """Return why no cover can be made of a print job of so many pages; None if one can."""
    try:
        cover_geometry(job, pages)
    except UnsupportedError as refusal:
        return refusal
    return None
