"""A section while the book is being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makeready.book.kinds import Division, Kind
from makeready.book.line_origins import LineOrigins, LineRun
from makeready.book.model import Element, Note
from makeready.book.queries import Query


@dataclass(slots=True)
class Draft:
    """A section while the book is being read; ``path`` is empty if it has no file.

    ``path`` is that of its first file, ``line_runs`` are the lines of the others, which are in
    ``listed_files`` or included. ``names`` are the ids of its title, each with its line.
    ``numbered`` is whether it counts among its kind, ``numeral`` its number as it is shown if not
    in Arabic numerals. ``numbering`` is the form of the numbers of the chapters in a part or book,
    ``within`` the part or book in which its own number is unique, if it is not so in the whole
    book.
    """

    name: str
    kind: Kind
    division: Division
    path: str
    title: str
    title_tree: Element
    tree: Element
    notes: list[Note]
    queries: list[Query]
    names: Sequence[tuple[str, int]] = ()
    number: int | None = None
    has_title: bool = True
    line_runs: tuple[LineRun, ...] = ()
    listed_files: tuple[str, ...] = ()
    numbered: bool = True
    numeral: str = ""
    numbering: str = ""
    within: Draft | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of its files, or its name if it has none."""
        return LineOrigins(self.path or self.name, self.line_runs).paths

    def file_at(self, line: int) -> str:
        """Return the file of one of its lines."""
        return LineOrigins(self.path or self.name, self.line_runs).location(line).path

    @property
    def trees(self) -> list[Element]:
        """All the trees of the section."""
        return [self.title_tree, self.tree, *(note.tree for note in self.notes)]

    @property
    def group_title(self) -> str:
        """The title of the part or book that it is in, if its number is unique only there."""
        group = self.within
        while group is not None and not group.has_title:
            group = group.within
        return group.title if group is not None else ""
