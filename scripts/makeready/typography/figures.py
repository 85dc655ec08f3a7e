"""The figures of a book or of one of its sections: shares, counts, and what word spaces are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from statistics import fmean, pstdev

from makeready.typography.places import LONG_LADDER, VERY_LOOSE, Place, PlaceKind

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Observations:
    """What was observed in a part of a book, to be counted.

    ``stretches`` are the mean word spaces of justified lines in spaces of the font, ``scales``
    the widths of the letters in those lines, and the rest are numbers.
    """

    pages: int
    lines: int
    justified_lines: int
    hung_lines: int
    stretches: Sequence[float]
    scales: Sequence[float]
    paragraphs: int
    long_paragraphs: int
    lines_of_long_paragraphs: int
    spreads: int
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures. Word spaces are in spaces of the font; None where there are none to measure.

    Shares in percent of loose, tight, hyphenated and hung lines are of the justified lines, those
    of last lines of the paragraphs with two lines or more; rivers are counted by their lines.
    """

    pages: int
    lines: int
    paragraphs: int
    justified_lines: int
    space_mean: float | None
    space_sd: float | None
    space_95_percent: float | None
    space_99_percent: float | None
    space_widest: float | None
    space_narrowest: float | None
    over_1_5_percent: float
    over_2_percent: float
    under_0_8_percent: float
    letters_narrowest: float | None
    letters_widest: float | None
    hung_percent: float
    overfull_lines: int
    hyphenated_percent: float
    ladders_of_2: int
    ladders_of_3: int
    ladders_of_4_or_more: int
    hyphens_at_page_ends: int
    stacks_at_starts: int
    stacks_at_ends: int
    dashes_begin_lines: int
    last_lines: int
    short_last_lines_percent: float
    last_lines_of_one_short_word: int
    last_lines_of_part_of_a_word: int
    rivers: int
    rivers_per_1000_lines: float
    spreads: int
    uneven_spreads: int
    widows: int
    orphans: int
    lines_off_grid: int
    short_last_pages: int

    def as_data(self) -> dict[str, float | int | None]:
        """Return the figures by name, as they are in JSON."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def figures_of(seen: Observations) -> Figures:
    """Count what was observed."""
    counts = Counter(place.kind for place in seen.places)
    ladders = [place.value for place in seen.places if place.kind is PlaceKind.LADDER]
    over_2 = sum(stretch > VERY_LOOSE for stretch in seen.stretches)
    stretches, scales = sorted(seen.stretches), sorted(seen.scales)
    return Figures(
        pages=seen.pages,
        lines=seen.lines,
        paragraphs=seen.paragraphs,
        justified_lines=seen.justified_lines,
        space_mean=_rounded(fmean(stretches)) if stretches else None,
        space_sd=_rounded(pstdev(stretches)) if stretches else None,
        space_95_percent=_quantile(stretches, 0.95),
        space_99_percent=_quantile(stretches, 0.99),
        space_widest=_quantile(stretches, 1),
        space_narrowest=_quantile(stretches, 0),
        over_1_5_percent=_percent(counts[PlaceKind.LOOSE_LINE], seen.justified_lines),
        over_2_percent=_percent(over_2, seen.justified_lines),
        under_0_8_percent=_percent(counts[PlaceKind.TIGHT_LINE], seen.justified_lines),
        letters_narrowest=_quantile(scales, 0),
        letters_widest=_quantile(scales, 1),
        hung_percent=_percent(seen.hung_lines, seen.justified_lines),
        overfull_lines=counts[PlaceKind.OVERFULL_LINE],
        hyphenated_percent=_percent(counts[PlaceKind.HYPHEN], seen.justified_lines),
        ladders_of_2=sum(run < LONG_LADDER for run in ladders),
        ladders_of_3=sum(run == LONG_LADDER for run in ladders),
        ladders_of_4_or_more=sum(run > LONG_LADDER for run in ladders),
        hyphens_at_page_ends=counts[PlaceKind.HYPHEN_ENDS_PAGE],
        stacks_at_starts=counts[PlaceKind.STACK_AT_START],
        stacks_at_ends=counts[PlaceKind.STACK_AT_END],
        dashes_begin_lines=counts[PlaceKind.DASH_BEGINS_LINE],
        last_lines=seen.long_paragraphs,
        short_last_lines_percent=_percent(counts[PlaceKind.SHORT_LAST_LINE], seen.long_paragraphs),
        last_lines_of_one_short_word=counts[PlaceKind.SHORT_LAST_WORD],
        last_lines_of_part_of_a_word=counts[PlaceKind.PART_OF_WORD],
        rivers=counts[PlaceKind.RIVER],
        rivers_per_1000_lines=_rounded(
            1000 * counts[PlaceKind.RIVER] / max(seen.lines_of_long_paragraphs, 1)
        ),
        spreads=seen.spreads,
        uneven_spreads=counts[PlaceKind.UNEVEN_SPREAD],
        widows=counts[PlaceKind.WIDOW],
        orphans=counts[PlaceKind.ORPHAN],
        lines_off_grid=counts[PlaceKind.OFF_GRID],
        short_last_pages=counts[PlaceKind.SHORT_LAST_PAGE],
    )


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


def _percent(count: int, of: int) -> float:
    return _rounded(100 * count / of) if of else 0.0


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the value that so large a share of the values does not exceed."""
    if not ordered:
        return None
    return _rounded(ordered[min(int(share * len(ordered)), len(ordered) - 1)])


def worst_of(places: Iterable[Place], kind: PlaceKind, most: int) -> list[Place]:
    """Return the worst places of a kind, the worst first, and then in the order of the pages."""
    of_kind = [place for place in places if place.kind is kind]
    is_less_worse = kind is PlaceKind.TIGHT_LINE
    of_kind.sort(
        key=lambda place: (
            place.value if is_less_worse else -abs(place.value),
            place.page,
            -place.baseline,
        )
    )
    return of_kind[:most]
