"""An edition of six by nine inches for every printer there is, in each of its bindings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from makeready.book.model import Edition, EditionKind
from makeready.errors import UsageError
from makeready.printers.cover import cover_measures
from makeready.printers.print_job import PrintJob, print_job
from makeready.printers.profile import printer_names, read_profile
from makeready.printers.spine import job_spine

PAGES = 240
SPINE_MM = 14.0
"""The spine of 240 pages, where a printer publishes none."""


def editions() -> Iterator[Edition]:
    """Yield the editions, each on the printer's first paper that takes black ink."""
    for printer in printer_names():
        profile = read_profile(printer)
        for binding in profile.bindings:
            papers = [
                stock.paper
                for stock in profile.rules.stocks
                if binding in stock.bindings and "black" in stock.inks
            ]
            yield Edition(
                "book",
                EditionKind.PRINT,
                432.0,
                648.0,
                printer=printer,
                paper=papers[0] if papers else "",
                binding=binding,
            )


def jobs_with_cover() -> Iterator[PrintJob]:
    """Yield the jobs whose cover the printer publishes measures for, with the spine's width."""
    for edition in editions():
        job = print_job(edition)
        if cover_measures(job.profile) is None:
            continue
        try:
            job_spine(job, PAGES)
            yield job
        except UsageError:
            yield print_job(replace(edition, spine_mm=SPINE_MM))


def paperbacks_with_cover() -> Iterator[Edition]:
    """Yield one edition for every printer that publishes measures for a paperback's cover."""
    return (job.edition for job in jobs_with_cover() if job.edition.binding == "paperback")


def name_of(one: Edition | PrintJob) -> str:
    """Return the name of a parametrised test."""
    edition = one.edition if isinstance(one, PrintJob) else one
    return f"{edition.printer}-{edition.binding}"
