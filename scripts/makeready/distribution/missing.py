"""What an upload folder cannot have yet, and what would bring it."""

from __future__ import annotations

from makeready.findings import Findings
from makeready.printers.cover import cover_geometry
from makeready.printers.print_job import PrintJob
from makeready.printers.unsupported import UnsupportedError


def find_missing(job: PrintJob, pages: int, findings: Findings) -> None:
    """Find what an edition of so many pages still lacks to be sent: its ISBN, its cover."""
    values = {"edition": job.edition.name, "printer": job.profile.title}
    names = (job.profile.rules.file.interior_name, job.profile.rules.file.cover_name)
    wanted = [name.format(isbn="ISBN") for name in names if "{isbn}" in name]
    if wanted and not job.edition.isbn:
        findings.add("PRN-065", job.location(), names=" and ".join(wanted), **values)
    refusal = no_cover(job, pages)
    if refusal is not None:
        values |= {"problem": refusal.message, "hint": refusal.hint}
        findings.add("PRN-066", job.location(), pages=pages, **values)


def no_cover(job: PrintJob, pages: int) -> UnsupportedError | None:
    """Return why no cover can be made of a print job of so many pages; None if one can."""
    try:
        cover_geometry(job, pages)
    except UnsupportedError as refusal:
        return refusal
    return None
