"""Padding: the blank pages at the end of a book that its printer asks for."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.printers.print_job import PrintJob


@dataclass(frozen=True, slots=True)
class Padding:
    """A printer's rules for the end of a book, in pages.

    The page count is a ``multiple``, and the last page is blank if ``last_blank``. The book is
    padded to ``minimum_pages`` if that takes no more than ``maximum_blanks``.
    """

    multiple: int = 2
    last_blank: bool = False
    minimum_pages: int = 0
    maximum_blanks: int = 0

    def blanks_after(self, pages: int) -> int:
        """Return how many blank pages follow the last printed one of ``pages``."""
        blanks = self._blanks_to_bind(pages)
        to_minimum = self._rounded_up(self.minimum_pages) - pages
        return to_minimum if blanks < to_minimum <= self.maximum_blanks else blanks

    def adds_for_minimum(self, pages: int) -> bool:
        """Return whether blank pages are added only to reach the minimum page count."""
        return self.blanks_after(pages) > self._blanks_to_bind(pages)

    def _blanks_to_bind(self, pages: int) -> int:
        return self._rounded_up(pages + int(self.last_blank)) - pages

    def _rounded_up(self, pages: int) -> int:
        return pages + -pages % self.multiple


EVEN_PAGES = Padding()
"""Padding to an even number of pages, as a leaf has two."""


def padding_of(job: PrintJob) -> Padding:
    """Return the padding of a print job.

    There is no minimum for an edition that its printer does not make. A printer without a rule
    for blank pages has the generic one.
    """
    return Padding(
        multiple=job.profile.page_multiple,
        last_blank=job.profile.last_page_blank,
        minimum_pages=job.minimum_pages_if_made or 0,
        maximum_blanks=job.profile.maximum_blanks_at_end,
    )
