"""What falls short of a limit, gathered over the pages of an interior."""

from __future__ import annotations

from dataclasses import dataclass, field

from makeready.checks.reading.page_objects import PageObject


@dataclass(slots=True)
class LimitViolation:
    """The worst of what falls short of one limit, and the pages, from 1, with any of it."""

    least: float
    value: float
    worst: PageObject
    pages: set[int] = field(default_factory=set)

    def add(self, page: int, value: float, thing: PageObject) -> None:
        """Add a page; what falls shortest of the limit is kept."""
        self.pages.add(page)
        if value < self.value:
            self.value, self.worst = value, thing
