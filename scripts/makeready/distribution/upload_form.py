"""The values for a printer's upload form, from the book's metadata and its interior."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf

from makeready.book.model import Book
from makeready.book.schema import relators
from makeready.printers.print_job import PrintJob
from makeready.printers.spine import job_spine
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH
from makeready.printers.unsupported import UnsupportedError

_TOLERANCE_PT = 0.5


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A line of an upload form; ``key`` names it in JSON."""

    key: str
    label: str
    value: str


def form_entries(book: Book, job: PrintJob, interior: Path) -> tuple[FormEntry, ...]:
    """Return the form's entries of a print job that are not empty.

    Page count and bleed are read from the finished interior.
    """
    metadata, edition, profile = book.metadata, job.edition, job.profile
    with pikepdf.open(interior) as pdf:
        pages = len(pdf.pages)
        left, _, right, _ = map(float, pdf.pages[0].mediabox)
        bleeds = right - left > edition.trim_width_pt + _TOLERANCE_PT
    width_in, height_in = edition.trim_width_pt / PT_PER_INCH, edition.trim_height_pt / PT_PER_INCH
    names = relators()
    contributors = "; ".join(
        f"{one.name} ({names.get(one.role, one.role)})" for one in metadata.contributors
    )
    lines = (
        ("title", "Title", metadata.title),
        ("subtitle", "Subtitle", metadata.subtitle),
        ("contributors", "Contributors", contributors),
        ("language", "Language", metadata.language),
        ("publisher", "Publisher", metadata.publisher),
        ("description", "Description", metadata.description),
        ("keywords", "Keywords", "; ".join(metadata.search_terms)),
        ("isbn", "ISBN", edition.isbn),
        ("price", "Price", edition.price),
        ("printer", "Printer", profile.title),
        ("binding", "Binding", profile.binding),
        ("trim", "Trim size", f"{width_in:.4g} × {height_in:.4g} in"),
        ("paper", "Paper", edition.paper),
        ("ink", "Ink", edition.ink),
        ("bleed", "Bleed", "yes" if bleeds else "no"),
        ("pages", "Pages", str(pages)),
        ("spine", "Spine", _spine_text(job, pages)),
    )
    return tuple(FormEntry(*line) for line in lines if line[2])


def _spine_text(job: PrintJob, pages: int) -> str:
    try:
        spine = job_spine(job, pages)
    except UnsupportedError:
        return ""
    estimate = ", an estimate: compare it with the printer’s template" if spine.is_estimate else ""
    return f"{spine.width_mm:.2f} mm ({spine.width_mm / MM_PER_INCH:.4f} in{estimate})"
