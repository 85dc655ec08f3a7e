"""The inks that an edition is printed in."""

from __future__ import annotations

from makeready.book.model import Edition
from makeready.pdf.inks import InkConverter
from makeready.printers.profile import profile_of


def ink_of(edition: Edition, *, black_only: bool) -> InkConverter:
    """Return an ink for an edition, no more of it than its printer's paper carries.

    Black alone is the same for all printers: they share the pages that are set in it.
    """
    if black_only:
        return InkConverter()
    rules = profile_of(edition).rules.colour
    limit = rules.total_ink_percent if rules is not None else None
    return (
        InkConverter(black_only=False)
        if limit is None
        else InkConverter(black_only=False, total_percent=limit)
    )
