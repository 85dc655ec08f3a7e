"""The numbering of a section's lines through all its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from makeready.book.line_origins import LineOrigins, LineRun
from makeready.findings import SourceLocation
from makeready.manuscript.source import Lines


@dataclass(slots=True)
class SectionLines:
    """The lines of the files of a section, and then those of the files that they include."""

    files: Sequence[tuple[str, Lines]]
    """The path and the lines of each file."""

    _runs: list[LineRun] = field(default_factory=list)
    _count: int = 0

    def numbered(self) -> list[tuple[str, Lines]]:
        """Return the files with their lines numbered through all of them."""
        (first, lines), *others = self.files
        self._count = len(lines)
        numbered = [(first, lines)]
        for path, own in others:
            shift = self.add_file(path, len(own))
            numbered.append((path, Lines(own.text, [shift + line for line in own.origin])))
        return numbered

    def add_file(self, path: str, count: int) -> int:
        """Add the lines of one more file; return what is added to their numbers in the file."""
        shift = self._count
        self._runs.append(LineRun(shift + 1, path))
        self._count += count
        return shift

    @property
    def origins(self) -> LineOrigins:
        """The origins of the lines that have been numbered."""
        return LineOrigins(self.files[0][0], tuple(self._runs))

    def located(self, location: SourceLocation | None) -> SourceLocation | None:
        """Return a location in the section as one in a file; another one as it is."""
        return self.origins.located(location)
