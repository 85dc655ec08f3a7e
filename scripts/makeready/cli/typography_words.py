"""What is measured of lines and pages, in words: the rows of tables, and the kinds of places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from makeready.wording import counted

if TYPE_CHECKING:
    from makeready.build.measure_files import MeasuredFile
    from makeready.typography.figures import Figures
    from makeready.typography.places import Place


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _share(percent: float, figures: Figures) -> str:
    return f"{percent:.1f} %" if figures.justified_lines else "–"


def _range(least: float | None, most: float | None) -> str:
    if least is None or most is None:
        return "–"
    return f"{least * 100:.1f}–{most * 100:.1f} %"


def _ladders(figures: Figures) -> str:
    runs = (figures.ladders_of_2, figures.ladders_of_3, figures.ladders_of_4_or_more)
    return "/".join(map(str, runs))


ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("pages", lambda f: f"{f.pages:,}"),
    ("justified lines", lambda f: f"{f.justified_lines:,}"),
    ("word space, mean (font's own = 1)", lambda f: _number(f.space_mean)),
    ("  standard deviation", lambda f: _number(f.space_sd)),
    ("  95 % of lines, at most", lambda f: _number(f.space_95_percent)),
    ("  99 % of lines, at most", lambda f: _number(f.space_99_percent)),
    ("  widest", lambda f: _number(f.space_widest)),
    ("  narrowest", lambda f: _number(f.space_narrowest)),
    ("lines over 1.5 ×", lambda f: _share(f.over_1_5_percent, f)),
    ("lines over 2 ×", lambda f: _share(f.over_2_percent, f)),
    ("lines under 0.8 ×", lambda f: _share(f.under_0_8_percent, f)),
    ("width of letters", lambda f: _range(f.letters_narrowest, f.letters_widest)),
    ("lines hung into the margin", lambda f: _share(f.hung_percent, f)),
    ("lines too long", lambda f: f"{f.overfull_lines:,}"),
    ("hyphenated line ends", lambda f: _share(f.hyphenated_percent, f)),
    ("  two, three, more in a row", _ladders),
    ("  at the end of a page", lambda f: f"{f.hyphens_at_page_ends:,}"),
    ("same word at starts of lines", lambda f: f"{f.stacks_at_starts:,}"),
    ("same word at ends of lines", lambda f: f"{f.stacks_at_ends:,}"),
    ("lines that begin with a dash", lambda f: f"{f.dashes_begin_lines:,}"),
    ("last lines under 1/6 of the measure", lambda f: f"{f.short_last_lines_percent:.1f} %"),
    ("  of one short word", lambda f: f"{f.last_lines_of_one_short_word:,}"),
    ("  of a part of a word", lambda f: f"{f.last_lines_of_part_of_a_word:,}"),
    ("rivers in 1,000 lines", lambda f: f"{f.rivers_per_1000_lines:.0f}"),
    ("uneven facing pages", lambda f: f"{f.uneven_spreads:,} of {f.spreads:,}"),
    ("widows, orphans", lambda f: f"{f.widows:,}, {f.orphans:,}"),
    ("lines off the baseline grid", lambda f: f"{f.lines_off_grid:,}"),
    ("last pages under five lines", lambda f: f"{f.short_last_pages:,}"),
)
SECTION_COLUMNS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("pages", lambda f: f"{f.pages:,}"),
    ("lines", lambda f: f"{f.justified_lines:,}"),
    ("mean", lambda f: _number(f.space_mean)),
    ("sd", lambda f: _number(f.space_sd)),
    ("widest", lambda f: _number(f.space_widest)),
    ("> 1.5 ×", lambda f: _share(f.over_1_5_percent, f)),
    ("> 2 ×", lambda f: _share(f.over_2_percent, f)),
    ("hyphens", lambda f: _share(f.hyphenated_percent, f)),
    ("ladders", _ladders),
    ("short words", lambda f: f"{f.last_lines_of_one_short_word:,}"),
    ("uneven", lambda f: f"{f.uneven_spreads}/{f.spreads}"),
    ("widows", lambda f: f"{f.widows + f.orphans:,}"),
)
KINDS: dict[str, tuple[str, Callable[[Place], str]]] = {
    "loose_line": ("Loose lines (word space)", lambda p: f"{p.value:.2f} ×"),
    "tight_line": ("Tight lines (word space)", lambda p: f"{p.value:.2f} ×"),
    "overfull_line": ("Lines too long", lambda p: f"{p.value:.2f} em"),
    "ladder": ("Hyphens in a row", lambda p: counted(int(p.value), "line")),
    "hyphen_ends_page": ("Hyphens at the end of a page", lambda _: ""),
    "stack_at_start": ("The same word begins two lines", lambda _: ""),
    "stack_at_end": ("The same word ends two lines", lambda _: ""),
    "dash_begins_line": ("Lines that begin with a dash", lambda _: ""),
    "short_last_line": ("Last lines under 1/6 of the measure", lambda _: ""),
    "short_last_word": ("Last lines of one short word", lambda _: ""),
    "part_of_word": ("Last lines of a part of a word", lambda _: ""),
    "river": ("Rivers", lambda p: counted(int(p.value), "line")),
    "uneven_spread": (
        "Uneven facing pages (the shorter)",
        lambda p: f"{p.value:.1f} lines, {p.reason}",
    ),
    "widow": ("Widows", lambda _: ""),
    "orphan": ("Orphans", lambda _: ""),
    "off_grid": ("Lines off the baseline grid", lambda p: f"{p.value:.2f} pt"),
    "short_last_page": ("Short last pages", lambda p: counted(int(p.value), "line")),
}


def type_of(one: MeasuredFile) -> str:
    """Return the size and the leading of the text of a file."""
    return f"{one.typography.size_pt:g}/{one.typography.leading_pt:g} pt"


def page_of(one: MeasuredFile, place: Place) -> str:
    """Return where a place is: the page in the file, and its label if that is another."""
    label = one.typography.labels[place.page]
    where = f"page {place.page + 1}"
    return where + (f" ({label})" if label and label != str(place.page + 1) else "")
