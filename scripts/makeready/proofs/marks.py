"""The marks of a proof: queries and changes, with the pages and lines that they are on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from makeready.book.kinds import ENDNOTES
from makeready.book.model import Book, Section
from makeready.book.queries import Query, QueryPlace
from makeready.findings import SourceLocation
from makeready.proofs.changes import Change
from makeready.proofs.page_lines import BookLines, LinePlace
from makeready.proofs.text_blocks import Spot, TextBlocks

BlocksOf = Callable[[Section], TextBlocks]


@dataclass(frozen=True, slots=True)
class PlacedQuery:
    """A query with its number in the proof, its file and line, and the lines it is about.

    Numbers are in the order of the manuscript, the same in the proof of an e-book.
    """

    number: int
    query: Query
    section: Section
    location: SourceLocation
    places: tuple[LinePlace, ...]


@dataclass(frozen=True, slots=True)
class PlacedChange:
    """Words that are new since a revision, or where some were deleted, with their lines."""

    is_deletion: bool
    places: tuple[LinePlace, ...]


@dataclass
class ProofMarks:
    """All marks of a proof, and those on each page, from 0."""

    queries: list[PlacedQuery] = field(default_factory=list)
    changes: list[PlacedChange] = field(default_factory=list)

    def queries_on(self, page: int) -> list[PlacedQuery]:
        """Return the queries whose place begins on a page, from top to bottom."""
        found = [one for one in self.queries if one.places[0].page == page]
        return sorted(found, key=lambda one: _position(one.places[0]))

    def places_on(self, page: int) -> Iterator[tuple[PlacedQuery, LinePlace]]:
        """Yield what queries are about on a page."""
        for one in self.queries:
            yield from ((one, place) for place in one.places if place.page == page)

    def changed_lines(self, page: int) -> Iterator[LinePlace]:
        """Yield the lines of a page that have new words."""
        for change in self.changes:
            if not change.is_deletion:
                yield from (place for place in change.places if place.page == page)

    def deletions(self, page: int) -> Iterator[LinePlace]:
        """Yield the places of a page where words were deleted."""
        for change in self.changes:
            if change.is_deletion:
                yield from (place for place in change.places if place.page == page)


def place_marks(
    book: Book, lines: BookLines, blocks_of: BlocksOf, changes: Sequence[Change]
) -> ProofMarks:
    """Return the queries of a book and its changes, each with its lines on the pages."""
    marks = ProofMarks()
    found: list[tuple[Query, Section, tuple[LinePlace, ...]]] = []
    spots = _Spots(book, blocks_of)
    changed: dict[str, list[Change]] = {}
    for change in changes:
        changed.setdefault(change.section, []).append(change)
    for section in book.sections:
        if section.name not in lines.first_pages:
            continue
        if not section.queries and section.name not in changed:
            continue
        for query in section.queries:
            name, spot = spots.of_query(section, query)
            found.append((query, section, tuple(lines.places_of(name, spot))))
        for change in changed.get(section.name, ()):
            name, spot = spots.of_change(section, change)
            places = tuple(lines.places_of(name, spot))
            marks.changes.append(PlacedChange(change.is_deletion, places))
    marks.queries = [
        PlacedQuery(number, query, section, section.origins.location(query.line), places)
        for number, (query, section, places) in enumerate(found, start=1)
    ]
    return marks


class _Spots:
    """Where queries and changes are: in their section, or among the notes at the book's end."""

    def __init__(self, book: Book, blocks_of: BlocksOf) -> None:
        self._blocks_of = blocks_of
        self._blocks: dict[str, TextBlocks] = {}
        listed = (one for one in book.sections if one.kind.name == ENDNOTES and one.line_runs)
        self._endnotes = next(listed, None)

    def of_query(self, section: Section, query: Query) -> tuple[str, Spot]:
        """Return the name of a section, and the spot in it that a query is about."""
        spot = self._of(section).spot_of(query.line, query.place)
        return self._among_endnotes(section, query.place) or (section.name, spot)

    def of_change(self, section: Section, change: Change) -> tuple[str, Spot]:
        """Return the name of a section, and the spot in it that has changed."""
        blocks = self._of(section)
        if change.is_note and change.block not in blocks.notes:
            # Notes at the end of a chapter are its text, and have other numbers there.
            spot = blocks.spot_of(change.line, change.place)
            return self._among_endnotes(section, change.place) or (section.name, spot)
        return section.name, change.spot_in(blocks)

    def _of(self, section: Section) -> TextBlocks:
        if section.name not in self._blocks:
            self._blocks[section.name] = self._blocks_of(section)
        return self._blocks[section.name]

    def _among_endnotes(
        self, section: Section, place: QueryPlace | None
    ) -> tuple[str, Spot] | None:
        """Return where a place is that is in no block of its section."""
        if place is None or self._endnotes is None or self._of(section).has_line(place.line):
            return None
        location = section.origins.location(place.line)
        line = self._endnotes.origins.line_of(location)
        if line is None or not self._of(self._endnotes).has_line(line):
            return None
        spot = self._of(self._endnotes).spot_of(line, replace(place, line=line))
        return self._endnotes.name, spot


def _position(place: LinePlace) -> tuple[int, int, int, float, int]:
    if place.line is None:
        return place.page, 0, 0, 0.0, 0
    left = place.text.left if place.text is not None else 0.0
    return place.page, 1, place.line.number, left, place.first
