"""From a line on a page to the line of the source it comes from, and back.

The engine knows the source line that a block begins on. Within a block of several source lines
the words decide: those of the page are aligned with those of the source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from makeready.findings import SourceLocation
from makeready.pdf.fragment import TextLine
from makeready.preview.made import PageEntry, SectionEntry

_WORD = re.compile(r"\w+")
_TITLE_LINE = 1
_MOST_LINES = 400
"""So many lines of the source a block has at most, as far as it is searched for words."""


_ASCENT, _HEIGHT = 0.95, 1.3
"""The part of a line above its baseline, and its height, in ems."""

_TURNED_EM = 8.0
"""So much of a turned line counts as the line, of which only the beginning is known."""


def box_of(line: TextLine, page_height_pt: float) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a line, in points from the page's upper left corner."""
    start_pt = page_height_pt - line.baseline
    if line.height:
        return line.left, start_pt - line.height, line.right - line.left, line.height
    height_pt = _HEIGHT * line.size
    if line.is_turned:
        length_pt = _TURNED_EM * line.size
        return line.left - _ASCENT * line.size, start_pt - length_pt, height_pt, length_pt
    return line.left, start_pt - _ASCENT * line.size, line.right - line.left, height_pt


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line on page ``page`` of the file, from 0, and its number among the page's lines."""

    page: int
    number: int
    line: TextLine


Texts = Callable[[int, Sequence[TextLine]], list[str]]
"""Returns the texts of lines on a page of the file."""


@dataclass(frozen=True, slots=True)
class SourcePositions:
    """The lines of the pages of one edition: ``lines`` are those of each section, by its key.

    ``book`` is the folder of the book, and ``texts`` reads the text of lines in the file.
    """

    book: Path
    pages: Sequence[PageEntry]
    sections: Mapping[str, SectionEntry]
    lines: Mapping[str, Sequence[TextLine]]
    texts: Texts

    def on_page(self, page: int) -> list[TextLine]:
        """Return the lines on a page of the file."""
        entry = self.pages[page]
        return [one for one in self.lines.get(entry.section, ()) if one.page == entry.index]

    def sources(self, page: int, lines: Sequence[TextLine]) -> list[SourceLocation | None]:
        """Return the source line of each line on a page; None for what is not in the source."""
        entry = self.pages[page]
        section = self.sections.get(entry.section)
        if section is None or not section.origins.path:
            return [None] * len(lines)
        found = [line.line for line in lines]
        for block, last in self._blocks_of_several_lines(entry.section, found):
            members = [number for number, line in enumerate(lines) if line.line == block]
            words = [_words(text) for text in self.texts(page, [lines[n] for n in members])]
            source = self._source_words(section, block, last)
            for number, line in zip(members, _aligned(words, source, block), strict=True):
                found[number] = line
        return [section.origins.location(line or _TITLE_LINE) for line in found]

    def places(self, location: SourceLocation, *, exactly: bool = True) -> list[PlacedLine]:
        """Return the lines on pages that come from a line of the source.

        Without ``exactly`` they are all lines of its block, which takes less time. A line between
        two blocks counts as the block before it.
        """
        for key, section in self.sections.items():
            line = section.origins.line_of(location)
            if line is None or location.path not in section.origins.paths:
                continue
            lines = self.lines.get(key, ())
            block = max((one.line for one in lines if 0 < one.line <= line), default=0)
            placed = list(self._placed(key, block))
            if exactly and placed and block:
                placed = self._nearest(placed, location)
            if placed:
                return placed
        return []

    def _placed(self, key: str, block: int) -> Iterator[PlacedLine]:
        for page, entry in enumerate(self.pages):
            if entry.section == key:
                for number, line in enumerate(self.on_page(page)):
                    if line.line == block:
                        yield PlacedLine(page, number, line)

    def _nearest(self, placed: list[PlacedLine], location: SourceLocation) -> list[PlacedLine]:
        """Return those of a block's lines that come from the nearest line of the source."""
        assert location.line is not None
        distances: list[int] = []
        for page in dict.fromkeys(one.page for one in placed):
            lines = [one.line for one in placed if one.page == page]
            for source in self.sources(page, lines):
                own = source.line if source is not None and source.line is not None else 0
                distances.append(abs(own - location.line))
        return [
            one
            for one, distance in zip(placed, distances, strict=True)
            if distance == min(distances)
        ]

    def _blocks_of_several_lines(
        self, key: str, blocks: Iterable[int]
    ) -> Iterator[tuple[int, int]]:
        """Yield the blocks that may have several lines in the source, and the last of these."""
        known = sorted({line.line for line in self.lines.get(key, ())})
        for block in sorted(set(blocks) - {0}):
            following = next((line for line in known if line > block), block + _MOST_LINES)
            if following > block + 1:
                yield block, min(following, block + _MOST_LINES) - 1

    def _source_words(self, section: SectionEntry, first: int, last: int) -> list[tuple[str, int]]:
        """Return the words of lines of a section, each with its line."""
        words: list[tuple[str, int]] = []
        files: dict[str, list[str]] = {}
        for line in range(first, last + 1):
            place = section.origins.location(line)
            if place.path not in files:
                files[place.path] = self._lines_of_file(place.path)
            content = files[place.path]
            if place.line is not None and 0 < place.line <= len(content):
                words += [(word, line) for word in _words(content[place.line - 1])]
        return words

    def _lines_of_file(self, path: str) -> list[str]:
        file = self.book / path
        try:
            if file.resolve().is_relative_to(self.book.resolve()):
                return file.read_text("utf-8", errors="replace").splitlines()
        except OSError:
            pass
        return []


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _aligned(
    lines: Sequence[Sequence[str]], source: Sequence[tuple[str, int]], block: int
) -> Iterator[int]:
    """Yield the source line of each line of words: that of its first word which is in both."""
    words = [word for line in lines for word in line]
    matcher = SequenceMatcher(None, [word for word, _ in source], words, autojunk=False)
    lines_of_words: dict[int, int] = {}
    for match in matcher.get_matching_blocks():
        for offset in range(match.size):
            lines_of_words[match.b + offset] = source[match.a + offset][1]
    start, current = 0, block
    for line in lines:
        numbers = range(start, start + len(line))
        current = next((lines_of_words[n] for n in numbers if n in lines_of_words), current)
        start += len(line)
        yield current
