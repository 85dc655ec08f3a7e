"""The progress of a run: the current step, and an estimate of the time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from makeready.wording import counted

_SHORTEST_SECONDS = 1.0
"""The time left is shown only after so long, and only while so much is left."""

_LEAST_SHARE = 0.05
"""The share of the letters that must be typeset before the time left is estimated."""


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """The sections of an edition that are typeset and in all, and the letters in them."""

    done: int = 0
    total: int = 0
    letters_done: int = 0
    letters_total: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """The current step of a run: its stage, its edition, and the section or file (``name``).

    ``book`` is given where several books are built together.
    """

    stage: str
    name: str = ""
    edition: str = ""
    counts: SectionCounts = SectionCounts()
    book: str = ""

    @property
    def heading(self) -> str:
        """The stage and the edition: "Typesetting paperback", "Drawing cover for paperback"."""
        link = " for " if " " in self.stage else " "
        stage = f"{self.stage}{link}{self.edition}" if self.edition else self.stage
        return f"{self.book}: {stage}" if self.book else stage

    def __str__(self) -> str:
        if self.edition and self.name:
            return f"{self.heading}: {self.name}"
        return f"{self.heading} {self.name}".strip()


Report = Callable[[Step], None]


@dataclass
class TimeLeft:
    """An estimate of the time a stage still needs, from the letters it has typeset so far."""

    clock: Callable[[], float] = time.monotonic
    _started_at: dict[str, float] = field(default_factory=dict)

    def progress_text(self, step: Step) -> str:
        """Return a step as text, with the sections done and the time left where known."""
        return ", ".join(filter(None, (str(step), self._progress(step))))

    def detail(self, step: Step) -> str:
        """Return the same without the stage and the edition."""
        return ", ".join(filter(None, (step.name, self._progress(step))))

    def _progress(self, step: Step) -> str:
        counts = step.counts
        if not counts.total:
            self._started_at[step.heading] = self.clock()
            return ""
        started_at = self._started_at.setdefault(step.heading, self.clock())
        text = f"{counts.done} of {counted(counts.total, 'section')}"
        seconds = _seconds_left(counts, self.clock() - started_at)
        return text if seconds is None else f"{text}, about {duration_text(seconds)} left"


def _seconds_left(counts: SectionCounts, elapsed: float) -> float | None:
    """Return the estimated seconds left, None while there is too little to estimate them from."""
    share = counts.letters_done / max(1, counts.letters_total)
    if share < _LEAST_SHARE or elapsed < _SHORTEST_SECONDS:
        return None
    left = elapsed * (1 - share) / share
    return left if left >= _SHORTEST_SECONDS else None


def duration_text(seconds: float) -> str:
    """Return a duration in whole seconds, as ``2 min 05 s`` or ``40 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
