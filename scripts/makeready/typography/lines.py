"""Glyphs gathered into lines of type, and lines parted into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from makeready.typography.page_glyphs import Glyph

HYPHENS = frozenset("-\u2010\u00ad\x02\ufffe")
"""The hyphens, and what pdfium makes of one at the end of a line."""

_LEAST_GAP_EM = 0.09
"""What is narrower is kerning, unless the file has a space there; a space has 0.2 em or more."""
_LETTERSPACED_EM = 0.03
_SAME_LINE = 0.3
"""Baselines that differ by less than this share of the size are one line."""
_SMALLER = 0.85
_RAISED, _LOWERED = 0.6, 0.3
"""How far, in type sizes, a smaller text beside a line may be above or below its baseline."""


@dataclass(slots=True)
class Line:
    """A line of type on a page, counted from 0; lengths in points.

    ``gaps`` are the places of the word spaces, from the advance of one letter to the next letter;
    ``words`` is what is between them. ``tracking`` is the letterspacing, of which a word space
    has ``tracked`` times as much.
    """

    page: int
    baseline: float
    left: float
    right: float
    size_pt: float
    scale: float
    words: list[str]
    gaps: list[tuple[float, float]]
    tracking: float = 0.0
    tracked: int = 0
    stretch: float | None = None
    """The mean of its word spaces in spaces of the font, once it is known to be justified."""

    @property
    def text(self) -> str:
        """The words with a space between each and the next."""
        return " ".join(self.words)

    @property
    def is_hyphenated(self) -> bool:
        """Whether it ends inside a word."""
        word = self.words[-1]
        return len(word) > 1 and word[-1] in HYPHENS and word[-2].isalpha()

    @property
    def space_em(self) -> float | None:
        """The mean of its word spaces, in em, without letterspacing; None if it has none."""
        if not self.gaps:
            return None
        mean = sum(right - left for left, right in self.gaps) / len(self.gaps)
        return (mean - self.tracked * self.tracking) / self.size_pt

    def has_gap(self, em: float) -> bool:
        """Return whether one of its spaces is at least so wide."""
        return any(right - left >= em * self.size_pt for left, right in self.gaps)


def lines_of(page: int, glyphs: Sequence[Glyph]) -> list[Line]:
    """Return the lines of a page, from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (-one.baseline, one.left)):
        if rows and _is_beside(rows[-1][0], glyph):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = [_line(page, sorted(row, key=lambda one: one.left)) for row in _with_raised(rows)]
    return sorted(lines, key=lambda line: -line.baseline)


def _is_beside(first: Glyph, glyph: Glyph) -> bool:
    return first.baseline - glyph.baseline < _SAME_LINE * max(first.size_pt, glyph.size_pt)


def _size_of(row: Sequence[Glyph]) -> float:
    return Counter([glyph.size_pt for glyph in row]).most_common(1)[0][0]


def _with_raised(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Return rows with note calls, superscripts and subscripts in the line that they belong to."""
    measured = [
        (
            _size_of(row),
            min(glyph.left for glyph in row),
            max(glyph.right for glyph in row),
        )
        for row in rows
    ]
    whole: list[list[Glyph]] = [list(row) for row in rows]
    for index, row in enumerate(rows):
        size, left, right = measured[index]
        for other in (index + 1, index - 1):
            if not 0 <= other < len(rows):
                continue
            its_size, its_left, its_right = measured[other]
            above = row[0].baseline - rows[other][0].baseline
            if (
                size < _SMALLER * its_size
                and -_LOWERED * its_size < above < _RAISED * its_size
                and its_left - its_size < left
                and right < its_right + its_size
            ):
                whole[other] += row
                whole[index] = []
                break
    return [row for row in whole if row]


def _line(page: int, row: Sequence[Glyph]) -> Line:
    size = _size_of(row)
    main = [glyph for glyph in row if glyph.size_pt == size]
    baseline = Counter([glyph.baseline for glyph in main]).most_common(1)[0][0]
    distances = _distances(row)
    tracking = median(distances) if distances else 0.0
    tracking = tracking if tracking > _LETTERSPACED_EM * size else 0.0
    words, gaps, end = [row[0].character], [], row[0].right
    spaces = 0
    for index, glyph in enumerate(row[1:]):
        if _is_word_space(index, row, distances, tracking, size):
            gaps.append((end, glyph.left))
            words.append(glyph.character)
            spaces += bool(glyph.space_before)
        else:
            words[-1] += glyph.character
        end = max(end, glyph.right)
    scale = median(glyph.scale for glyph in main)
    # A space of the file is letterspaced on both sides, one that is only a move is on one.
    tracked = 1 + (spaces * 2 > len(gaps))
    return Line(
        page, baseline, row[0].left, end, round(size, 1), scale, words, gaps, tracking, tracked
    )


def _distances(row: Sequence[Glyph]) -> list[float]:
    """Return the distance from the advance of each glyph to the next glyph."""
    distances, end = [], row[0].right
    for glyph in row[1:]:
        distances.append(glyph.left - end)
        end = max(end, glyph.right)
    return distances


def _is_word_space(
    index: int, row: Sequence[Glyph], distances: Sequence[float], tracking: float, size: float
) -> bool:
    """Return whether a distance is a word space: a space of the file, or as wide as one."""
    after, distance = row[index + 1].space_before, distances[index]
    if after:
        return after in " \u00a0" and distance > 0
    beside = [distances[other] for other in (index - 1, index + 1) if 0 <= other < len(distances)]
    # In spaced small capitals the letters beside it are as far apart.
    spaced = max(tracking, min(beside, default=0.0))
    return distance > spaced + _LEAST_GAP_EM * size
