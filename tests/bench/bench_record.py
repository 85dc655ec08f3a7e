"""What was measured, kept in ``docs/bench.json``: figures, and the runs they come from.

A run replaces the figures of the jobs and lengths it measured, and leaves the rest; every figure
says which run it is of, because only figures of one run can be compared fairly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

TITLES = {
    "cold": "makeready, screen PDF, cold",
    "edited": "makeready, one section edited",
    "watch": "makeready watch, one section edited",
    "unchanged": "makeready, nothing changed",
    "print": "makeready, print PDF, cold",
    "all": "makeready, every edition, cold",
    "literal": "WeasyPrint, literal numbers",
    "counter": "WeasyPrint, target-counter",
    "typst": "Typst",
    "pandoc": "Pandoc → WeasyPrint",
    "epub": "makeready, EPUB, cold",
    "pandoc-epub": "Pandoc, EPUB",
}
"""The jobs by name, in the order they are reported in."""


@dataclass(frozen=True)
class Run:
    """When and on what a run was made; ``versions`` are those of the peers and ours.

    ``together`` says, measured before each length, how often what one core does is done by all
    of them in the same time.
    """

    day: str
    machine: str
    versions: dict[str, str]
    together: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Figure:
    """What was measured of one job on one length of book: a value for each turn.

    ``pages`` is the length of the PDF it made, None for an EPUB; ``run`` the number of its run.
    """

    run: int
    wall_s: list[float]
    peak_mb: list[float]
    pages: int | None

    @property
    def time_s(self) -> float:
        """The median of the wall times."""
        return median(self.wall_s)

    @property
    def memory_mb(self) -> float:
        """The median of the peaks."""
        return median(self.peak_mb)


@dataclass
class Record:
    """Every figure that is known, by length of book in pages and by job."""

    runs: dict[int, Run] = field(default_factory=dict)
    figures: dict[int, dict[str, Figure]] = field(default_factory=dict)

    def begin(self, run: Run) -> int:
        """Add a run and return its number; figures of another machine are dropped."""
        if any(earlier.machine != run.machine for earlier in self.runs.values()):
            self.runs, self.figures = {}, {}
        number = max(self.runs, default=0) + 1
        self.runs[number] = run
        return number

    def put(self, length: int, job: str, figure: Figure) -> None:
        """Keep a figure in the place of an earlier one; runs with no figure left are dropped."""
        self.figures.setdefault(length, {})[job] = figure
        named = {f.run for figures in self.figures.values() for f in figures.values()}
        self.runs = {number: run for number, run in self.runs.items() if number in named}

    def get(self, length: int, job: str) -> Figure | None:
        """Return a figure, or None when it was not measured."""
        return self.figures.get(length, {}).get(job)

    @property
    def lengths(self) -> list[int]:
        """The lengths of book there are figures of, the shortest first."""
        return sorted(self.figures)


def read_record(path: Path) -> Record:
    """Read a record; there is an empty one where there is no file."""
    if not path.exists():
        return Record()
    data = json.loads(path.read_text("utf-8"))
    return Record(
        {int(number): Run(**run) for number, run in data["runs"].items()},
        {
            int(length): {job: Figure(**figure) for job, figure in figures.items()}
            for length, figures in data["figures"].items()
        },
    )


def write_record(record: Record, path: Path) -> None:
    """Write a record, a line a figure, in an order that does not depend on what came first."""
    figures = {
        length: _lines({job: record.get(length, job) for job in TITLES}, 2)
        for length in record.lengths
    }
    parts = (
        f' "runs": {_lines(dict(sorted(record.runs.items())), 1)}',
        ' "figures": {\n' + ",\n".join(f'  "{n}": {text}' for n, text in figures.items()) + "\n }",
    )
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _lines(values: Mapping[Any, Run | Figure | None], depth: int) -> str:
    """Write an object with each of its values in one line; None is left out."""
    lines = (
        f'{" " * (depth + 1)}"{name}": {json.dumps(asdict(value), ensure_ascii=False)}'
        for name, value in values.items()
        if value is not None
    )
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"
