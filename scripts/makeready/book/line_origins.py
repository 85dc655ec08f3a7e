"""The files that the lines of a section come from.

The lines of a section are numbered through all its files, so that one number says where a block
stands; this is the place where such a number becomes a file and a line in it.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from makeready.findings import SourceLocation


@dataclass(frozen=True, slots=True)
class LineRun:
    """Lines of a section, from its line ``first`` on, that are those of a file from ``line`` on."""

    first: int
    path: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class LineOrigins:
    """The origins of a section's lines: those of the file ``path``, then those of each run.

    ``runs`` are sorted by their first lines, and each ends where the next begins. Paths are
    relative to the book's folder; ``path`` is empty if the section has no file.
    """

    path: str = ""
    runs: tuple[LineRun, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, each once."""
        return tuple(dict.fromkeys((self.path, *(run.path for run in self.runs))))

    def location(self, line: int | None = None) -> SourceLocation:
        """Return the file of a line of the section, and the line in that file."""
        index = bisect.bisect_right(self.runs, line or 0, key=lambda run: run.first) - 1
        if index < 0 or line is None:
            return SourceLocation(self.path, line)
        run = self.runs[index]
        return SourceLocation(run.path, run.line + line - run.first)

    def located(self, location: SourceLocation | None) -> SourceLocation | None:
        """Return a location in the section as one in a file; another one as it is."""
        if location is None or location.path != self.path:
            return location
        return self.location(location.line)

    def line_of(self, location: SourceLocation) -> int | None:
        """Return the line of the section that a line of a file is; None if it is none of it."""
        if location.line is None:
            return None
        starts = (LineRun(1, self.path), *self.runs)
        for run, following in zip(starts, (*self.runs, None), strict=True):
            line = run.first + location.line - run.line
            is_before_next = following is None or line < following.first
            if run.path == location.path and run.first <= line and is_before_next:
                return line
        return None
