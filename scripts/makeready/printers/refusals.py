"""All that a printer refuses of an edition, and the rules that a draft of it is made by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from makeready.book.model import Edition
from makeready.printers.custom_measures import CUSTOM_MEASURES
from makeready.printers.print_job import PrintJob, print_job
from makeready.printers.profile import GENERIC, read_profile
from makeready.printers.unsupported import UnsupportedError

_PAGE_KEYS = frozenset({"printer", "trim", *CUSTOM_MEASURES})
"""The keys of an edition that decide where its text is on a page."""


def refusals_of(edition: Edition) -> tuple[UnsupportedError, ...]:
    """Return what an edition's printer does not offer, all of it.

    With an unknown printer or binding nothing is known of the rest.
    """
    try:
        job = print_job(edition)
    except UnsupportedError as error:
        if error.key not in CUSTOM_MEASURES:
            return (error,)
        job = print_job(replace(edition, bleed_mm=None, inside_mm=None, outside_mm=None))
        return (error, *_refusals_of_job(job))
    return tuple(_refusals_of_job(job))


def pages_are_known(refusals: tuple[UnsupportedError, ...]) -> bool:
    """Return whether the edition has the same pages when what is refused is put right."""
    return _PAGE_KEYS.isdisjoint(refusal.key for refusal in refusals)


def stand_in_job(edition: Edition) -> PrintJob:
    """Return a job for an edition that its printer refuses: its pages, for nobody to print.

    Where the printer is known, its margins and its bleed hold; all other rules are the generic
    ones, which refuse nothing.
    """
    generic = read_profile(GENERIC)
    try:
        own = read_profile(edition.printer or GENERIC).rules
    except UnsupportedError:
        own = generic.rules
    rules = replace(generic.rules, margins=own.margins, gutter=own.gutter, bleed=own.bleed)
    plain = replace(
        edition,
        printer=GENERIC,
        binding=generic.binding,
        pdf_x="",
        bleed_mm=None,
        inside_mm=None,
        outside_mm=None,
    )
    return PrintJob(plain, replace(generic, rules=rules), stands_in=True)


def _refusals_of_job(job: PrintJob) -> Iterator[UnsupportedError]:
    questions: tuple[Callable[[], object], ...] = (
        lambda: job.profile.require_offered(job.trim),
        lambda: job.profile.stock(job.edition.paper, job.edition.ink),
        lambda: job.pdf_x,
    )
    refused = [error for question in questions for error in _refused(question)]
    yield from refused
    if not refused:
        # Whether a size is printed in this ink on this paper is known only of what is offered.
        yield from _refused(lambda: job.maximum_pages)


def _refused(question: Callable[[], object]) -> Iterator[UnsupportedError]:
    try:
        question()
    except UnsupportedError as error:
        yield error
