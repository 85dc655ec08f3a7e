"""An editor's marks in a manuscript: queries and suggested changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class QueryKind(StrEnum):
    """A query, a suggested change, or words marked without one."""

    QUERY = "query"
    INSERTION = "insertion"
    DELETION = "deletion"
    REPLACEMENT = "replacement"
    HIGHLIGHT = "highlight"


@dataclass(frozen=True, slots=True)
class QueryPlace:
    """The place of a mark in the block that begins in source line ``line``.

    It is about what is between the first ``start`` and the first ``end`` letters and digits of the
    block. ``before`` and ``after`` are those around its start: other characters, and what is
    generated in the block, are not known when it is read.
    """

    line: int
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Query:
    """An editor's mark: shown in the proof, and in no release.

    ``text`` is the question, or the words to insert; ``marked`` are those of the manuscript that it
    is about. Without a ``place`` it is before the block that follows its line.
    """

    text: str
    line: int
    kind: QueryKind = QueryKind.QUERY
    marked: str = ""
    place: QueryPlace | None = None

    @property
    def words(self) -> str:
        """The mark in words."""
        match self.kind:
            case QueryKind.INSERTION:
                return f"insert “{self.text}”"
            case QueryKind.DELETION:
                return f"delete “{self.marked}”"
            case QueryKind.REPLACEMENT:
                return f"“{self.text}” instead of “{self.marked}”"
            case QueryKind.HIGHLIGHT:
                return f"marked: “{self.marked}”"
            case _:
                return self.text
