"""How far a run has come: the step in hand, and the time it still needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_SHORTEST_SECONDS = 1.0
"""After how long, and down to how little, the time left is worth telling."""

_LEAST_SHARE = 0.05
"""Of how much of the letters the pace must be known before it tells anything."""


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """How many sections of an edition are set, of how many, and how many of their letters."""

    done: int = 0
    total: int = 0
    letters_done: int = 0
    letters_total: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done now: a stage, of an edition, and the section or file in hand."""

    stage: str
    name: str = ""
    edition: str = ""
    tally: SectionCounts = SectionCounts()

    @property
    def heading(self) -> str:
        """The stage and the edition."""
        return f"{self.stage} {self.edition}".strip()

    def __str__(self) -> str:
        if self.edition and self.name:
            return f"{self.heading}: {self.name}"
        return f"{self.heading} {self.name}".strip()


Report = Callable[[Step], None]


@dataclass
class TimeLeft:
    """Says what a stage has still to do, by the letters it has set so far."""

    clock: Callable[[], float] = time.monotonic
    _began: dict[str, float] = field(default_factory=dict)

    def say(self, step: Step) -> str:
        """Return a step in words, with sections done and the time left where they are known."""
        tally = step.tally
        if not tally.total:
            self._began[step.heading] = self.clock()
            return str(step)
        began = self._began.setdefault(step.heading, self.clock())
        text = f"{step}, {tally.done} of {tally.total} sections"
        seconds = _seconds_left(tally, self.clock() - began)
        return text if seconds is None else f"{text}, about {spoken(seconds)} left"


def _seconds_left(tally: SectionCounts, passed: float) -> float | None:
    """Return the seconds left, or None while nothing true can be said of them."""
    share = tally.letters_done / max(1, tally.letters_total)
    if share < _LEAST_SHARE or passed < _SHORTEST_SECONDS:
        return None
    left = passed * (1 - share) / share
    return left if left >= _SHORTEST_SECONDS else None


def spoken(seconds: float) -> str:
    """Return a span of time in the words of a progress line."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes:
        return f"{minutes} min {rest:02d} s"
    return f"{whole} s"
