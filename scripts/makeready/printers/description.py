"""A printer's rules put into words and rows, to be shown; nothing is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from itertools import groupby
from typing import Protocol

from makeready.printers.figures import MM_PER_INCH, Figures, SpineRule

_SHOWN_APART = {one.name for one in fields(Figures)}
_DAYS_FRESH = 365
_MOST_COLUMNS = 6
_SPINE_COLUMNS = ("bindings", "papers", "inks", "width", "source")
_WRITTEN = {"pdf x": "PDF/X", "mb": "MB", "px": "pixels", "percent": "%"}
_ATTESTED = {"once": " (one account)", "twice": "", "makeready": ""}
_TITLES = {
    "pages": "Bindings and page counts",
    "sizes": "Trim sizes",
    "trim": "Cutting",
    "stocks": "Papers and inks",
    "units": "Pages printed at a time",
    "blanks": "Blank pages in a row",
    "margins": "Outside margins",
    "gutter": "Inside margin",
    "bleed": "Bleed of the interior",
    "interior": "Type, rules and images",
    "colour": "Colour",
    "file": "The file",
    "wording": "The text",
    "spines": "Spine",
    "spine_text": "Text on the spine",
    "covers": "Cover",
    "barcodes": "Place of the barcode",
}


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One table to be shown; ``notes`` are what was decided about its figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """A printer's rules as sheets, and their sources, which the sheets give by number."""

    title: str
    sheets: tuple[RuleTable, ...]
    sources: tuple[str, ...]


class Tables(Protocol):
    """A file of figures."""

    def tables(self) -> Iterable[tuple[str, Figures]]:
        """Yield every table with the name it has in the file."""


class Described(Protocol):
    """A printer, or a store: its name for ``book.toml``, its title, and its tables."""

    @property
    def name(self) -> str:
        """The name it has in ``book.toml``."""

    @property
    def title(self) -> str:
        """The name it gives itself."""

    @property
    def rules(self) -> Tables:
        """Its file."""


def describe_printer(profile: Described) -> Description:
    """Put all of a printer's rules into sheets."""
    return describe(profile, _TITLES)


def describe(profile: Described, titles: Mapping[str, str]) -> Description:
    """Put all the rules of a file into sheets, whose ``titles`` go by the names of its tables."""
    sources: dict[tuple[str, date], int] = {}
    sheets = []
    for name, group in groupby(profile.rules.tables(), key=lambda pair: pair[0]):
        tables = [table for _, table in group]
        for table in tables:
            for source in table.source:
                sources.setdefault((source, table.checked_on), len(sources) + 1)
        columns, rows = _rows(tables, [_cited(table, sources) for table in tables])
        sheets.append(RuleTable(titles[name], columns, rows, _notes(tables)))
    listed = tuple(f"{source}, read {day.isoformat()}" for source, day in sources)
    return Description(profile.title, tuple(sheets), listed)


def oldest_check(profile: Described) -> date:
    """Return the day the oldest of its figures was read."""
    return min(table.checked_on for _, table in profile.rules.tables())


def is_stale(checked_on: date, today: date) -> bool:
    """Tell whether figures were read more than a year ago."""
    return (today - checked_on).days > _DAYS_FRESH


def _cited(table: Figures, sources: dict[tuple[str, date], int]) -> str:
    numbers = ", ".join(str(sources[source, table.checked_on]) for source in table.source)
    return f"{numbers}{_ATTESTED[table.attested]}"


def _rows(
    tables: Sequence[Figures], cited: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Show tables of one name: a row each, or a column each where they say many things."""
    if isinstance(tables[0], SpineRule):
        return _SPINE_COLUMNS, tuple(
            (*(_shown(table, name) for name in _SPINE_COLUMNS[:3]), _spine(table), source)
            for table, source in zip(tables, cited, strict=True)
            if isinstance(table, SpineRule)
        )
    used = [
        one.name
        for one in fields(tables[0])
        if one.name not in _SHOWN_APART and any(_is_given(table, one.name) for table in tables)
    ]
    across = [
        (*(_shown(table, name) for name in used), source)
        for table, source in zip(tables, cited, strict=True)
    ]
    headings = (*(_heading(name) for name in used), "source")
    if len(tables) > 1 and len(used) <= _MOST_COLUMNS:
        return headings, tuple(across)
    down = tuple(zip(headings, *across, strict=True))
    if len(tables) > 1 or used[0] == "binding":
        return down[0], down[1:]
    return ("rule", "figure"), down


def _spine(rule: SpineRule) -> str:
    """Put the rule of a spine into words."""
    parts = []
    if rule.caliper_in is not None:
        parts.append(f"{rule.caliper_in:g} in ({rule.caliper_in * MM_PER_INCH:.4f} mm) a page")
    if rule.pages_per_inch is not None:
        parts.append(f"1 in for {rule.pages_per_inch:g} pages")
    if rule.added_in:
        parts.append(f"and {_length(rule.added_in)}")
    for word, rows in (("at", rule.readings_in), ("up to", rule.steps_in)):
        steps = ", ".join(f"{pages}: {length:g}" for pages, length in rows)
        parts += [f"in inches, {word} pages {steps}"] if rows else []
    if rule.readings_in:
        parts.append("(an estimate between them)")
    if rule.rounded_to_in:
        parts.append(f"to the nearest {rule.rounded_to_in:g}, at least {rule.least_in:g}")
    return " ".join(parts)


def _notes(tables: Sequence[Figures]) -> tuple[str, ...]:
    notes = dict.fromkeys(" ".join((t.conflict, t.choice)).strip() for t in tables)
    return tuple(note for note in notes if note)


def _is_given(table: Figures, name: str) -> bool:
    default = next(one.default for one in fields(table) if one.name == name)
    return default is MISSING or getattr(table, name) != default


def _heading(name: str) -> str:
    words = f" {name.removesuffix('_in').replace('_', ' ')} "
    for spelt, written in _WRITTEN.items():
        words = words.replace(f" {spelt} ", f" {written} ")
    return words.strip()


def _shown(table: Figures, name: str) -> str:
    if not _is_given(table, name):
        return ""
    value = getattr(table, name)
    if name in {"inside_in", "added_in"}:
        return "\n".join(f"to {pages} pages: {_length(one)}" for pages, one in value)
    if name == "trims_in":
        return ", ".join(f"{width:g} × {height:g}" for width, height in value)
    if name.endswith("_px") and isinstance(value, tuple):
        return " × ".join(map(_words, value))
    if name.endswith("_in"):
        lengths = value if isinstance(value, tuple) else (value,)
        joint = " × " if name == "own_in" else " to "
        return joint.join(_length(one) for one in lengths)
    return _words(value)


def _length(length_in: float) -> str:
    return f"{round(length_in, 5):g} in ({length_in * MM_PER_INCH:.1f} mm)"


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        joint = "\n" if any(isinstance(one, dict) for one in value.values()) else ", "
        return joint.join(f"{key} {_words(one)}" for key, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(_words(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
