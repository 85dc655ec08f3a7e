"""How many blank pages a book ends in, so that its printer binds it."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.book.model import Edition
from makeready.printers.profile import least_pages, profile_of


@dataclass(frozen=True, slots=True)
class Padding:
    """What a printer wants of the end of a book, in pages.

    The count is a ``multiple``, the last page is blank where the printer wants it so, and the
    book has at ``least`` so many, where no more than ``most_blanks`` are wanting: a book is
    filled up by a few leaves, and not made of them.
    """

    multiple: int = 2
    last_blank: bool = False
    least: int = 0
    most_blanks: int = 0

    def blanks_after(self, pages: int) -> int:
        """Return how many blank pages follow the last printed one."""
        blanks = self._to_bind(pages)
        thick = self._whole(self.least) - pages
        return thick if blanks < thick <= self.most_blanks else blanks

    def thickens(self, pages: int) -> bool:
        """Tell whether there are more of them than binding any number of pages takes."""
        return self.blanks_after(pages) > self._to_bind(pages)

    def _to_bind(self, pages: int) -> int:
        return self._whole(pages + int(self.last_blank)) - pages

    def _whole(self, pages: int) -> int:
        return pages + -pages % self.multiple


EVEN = Padding()
"""A leaf has two pages; nothing else is asked."""


def padding_of(edition: Edition) -> Padding:
    """Return how an edition is filled up; what its printer does not make is filled up to no least.

    A printer that says nothing of blank pages takes as many as any.
    """
    profile = profile_of(edition)
    return Padding(
        multiple=profile.page_multiple,
        last_blank=profile.last_page_blank,
        least=least_pages(edition) or 0,
        most_blanks=profile.most_blanks_at_end,
    )
