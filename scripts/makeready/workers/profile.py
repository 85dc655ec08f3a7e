"""The profile of a run: wall and worker time by stage, edition and section."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StageTime:
    """The time one stage took, for one edition or (``edition`` empty) for all.

    ``seconds`` are wall time without that of nested stages; ``worker_seconds`` are the processor
    time of all workers together.
    """

    stage: str
    edition: str
    seconds: float
    worker_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SectionTime:
    """The time that typesetting one section of an edition took, summed over all ``runs`` of it.

    ``seconds`` are wall time, ``worker_seconds`` processor time.
    """

    section: str
    edition: str
    runs: int
    seconds: float
    worker_seconds: float


@dataclass(frozen=True, slots=True)
class ParagraphCount:
    """How many paragraphs of an edition the engine broke into lines for one reason.

    Those that were broken as a whole have no ``reason``.
    """

    edition: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class RunProfile:
    """The times of a run: wall ``seconds`` in all, stages in order, sections slowest first.

    ``paragraphs`` are those of each edition, the commonest first.
    """

    seconds: float
    stages: tuple[StageTime, ...]
    sections: tuple[SectionTime, ...]
    paragraphs: tuple[ParagraphCount, ...] = ()


@dataclass
class Profiler:
    """A stopwatch for nested stages: while a stage runs within another, the outer one pauses."""

    _started_at: float = field(default_factory=time.perf_counter)
    _charged_until: float = 0.0
    _open_stages: list[tuple[str, str]] = field(default_factory=list)
    _wall_seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    _worker_seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    _sections: dict[tuple[str, str], SectionTime] = field(default_factory=dict)
    _paragraphs: dict[str, Counter[str]] = field(default_factory=dict)

    @contextmanager
    def stage(self, stage: str, edition: str = "") -> Iterator[None]:
        """Time a stage for as long as the context lasts."""
        self._charge_elapsed()
        self._open_stages.append((stage, edition))
        self._wall_seconds.setdefault((stage, edition), 0.0)
        try:
            yield
        finally:
            self._charge_elapsed()
            self._open_stages.pop()

    def add_worker_time(self, seconds: float, worker_seconds: float, section: str = "") -> None:
        """Add a worker's wall and processor time to the current stage.

        ``section`` names the section that the worker typeset, if it did.
        """
        stage = self._open_stages[-1] if self._open_stages else ("", "")
        self._worker_seconds[stage] = self._worker_seconds.get(stage, 0.0) + worker_seconds
        if section:
            key = (section, stage[1])
            before = self._sections.get(key, SectionTime(*key, 0, 0.0, 0.0))
            self._sections[key] = SectionTime(
                *key,
                before.runs + 1,
                before.seconds + seconds,
                before.worker_seconds + worker_seconds,
            )

    def add_paragraphs(self, edition: str, sections: Iterable[Mapping[str, int]]) -> None:
        """Add the paragraphs of an edition's sections, by reason (see `ParagraphCount`)."""
        counted = self._paragraphs[edition] = Counter()
        for section in sections:
            counted.update(section)

    def profile(self) -> RunProfile:
        """Return the times measured so far."""
        self._charge_elapsed()
        stages = tuple(
            StageTime(stage, edition, seconds, self._worker_seconds.get((stage, edition), 0.0))
            for (stage, edition), seconds in self._wall_seconds.items()
        )
        slowest_first = sorted(self._sections.values(), key=lambda section: -section.seconds)
        paragraphs = tuple(
            ParagraphCount(edition, reason, count)
            for edition, counted in self._paragraphs.items()
            for reason, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
        )
        seconds = time.perf_counter() - self._started_at
        return RunProfile(seconds, stages, tuple(slowest_first), paragraphs)

    def _charge_elapsed(self) -> None:
        """Add the wall time since the last call to the current stage."""
        now = time.perf_counter()
        if self._open_stages:
            self._wall_seconds[self._open_stages[-1]] += now - self._charged_until
        self._charged_until = now
