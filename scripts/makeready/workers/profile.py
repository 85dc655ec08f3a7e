"""Where the time of a run goes: stage by stage, edition by edition, section by section."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StageTime:
    """What one stage took, of one edition or (empty) of all.

    ``seconds`` are of wall time, without the stages within it; ``worker_seconds`` are the
    processor time of the workers, all together.
    """

    stage: str
    edition: str
    seconds: float
    worker_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SectionTime:
    """What one section of an edition took to typeset, all the ``times`` that it was.

    ``seconds`` are of wall time, ``worker_seconds`` of processor time.
    """

    section: str
    edition: str
    times: int
    seconds: float
    worker_seconds: float


@dataclass(frozen=True, slots=True)
class RunProfile:
    """Where the time of a run went: ``seconds`` in all, stages in order, sections slowest first."""

    seconds: float
    laps: tuple[StageTime, ...]
    sections: tuple[SectionTime, ...]


@dataclass
class Profiler:
    """Takes the time of stages; one that begins within another stops the other's for as long."""

    _began: float = field(default_factory=time.perf_counter)
    _since: float = 0.0
    _stages: list[tuple[str, str]] = field(default_factory=list)
    _wall: dict[tuple[str, str], float] = field(default_factory=dict)
    _work: dict[tuple[str, str], float] = field(default_factory=dict)
    _sections: dict[tuple[str, str], SectionTime] = field(default_factory=dict)

    @contextmanager
    def stage(self, stage: str, edition: str = "") -> Iterator[None]:
        """Take the time of a stage for as long as the context lasts."""
        self._lap()
        self._stages.append((stage, edition))
        self._wall.setdefault((stage, edition), 0.0)
        try:
            yield
        finally:
            self._lap()
            self._stages.pop()

    def worked(self, seconds: float, worker_seconds: float, section: str = "") -> None:
        """Add what a worker did for the stage in hand; of a section it typeset, by its name."""
        stage = self._stages[-1] if self._stages else ("", "")
        self._work[stage] = self._work.get(stage, 0.0) + worker_seconds
        if section:
            key = (section, stage[1])
            lap = self._sections.get(key, SectionTime(*key, 0, 0.0, 0.0))
            self._sections[key] = SectionTime(
                *key, lap.times + 1, lap.seconds + seconds, lap.worker_seconds + worker_seconds
            )

    def sheet(self) -> RunProfile:
        """Return where the time went so far."""
        self._lap()
        laps = tuple(
            StageTime(stage, edition, seconds, self._work.get((stage, edition), 0.0))
            for (stage, edition), seconds in self._wall.items()
        )
        slowest = sorted(self._sections.values(), key=lambda lap: -lap.seconds)
        return RunProfile(time.perf_counter() - self._began, laps, tuple(slowest))

    def _lap(self) -> None:
        """Give the time since the last lap to the stage in hand."""
        now = time.perf_counter()
        if self._stages:
            self._wall[self._stages[-1]] += now - self._since
        self._since = now
