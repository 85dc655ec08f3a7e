"""All the rules of a printer or store as tables of text, to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from itertools import groupby
from typing import Protocol

from makeready.printers.tables import MM_PER_INCH, SourcedTable, SpineRule

_COMMON_FIELDS = {item.name for item in fields(SourcedTable)}
_STALE_AFTER_DAYS = 365
_MOST_COLUMNS = 6
_SPINE_COLUMNS = ("bindings", "papers", "inks", "width", "source")
_SPELLINGS = {"pdf x": "PDF/X", "mb": "MB", "px": "pixels", "percent": "%"}
_ATTESTED_NOTES = {"once": " (one source)", "twice": "", "makeready": ""}
_TITLES = {
    "pages": "Bindings and page counts",
    "sizes": "Trim sizes",
    "trim": "Trim size limits",
    "stocks": "Papers and inks",
    "units": "Page multiples",
    "blanks": "Blank pages in a row",
    "margins": "Outside margins",
    "gutter": "Inside margin",
    "bleed": "Bleed of the interior",
    "interior": "Type, rules and images",
    "colour": "Colour",
    "file": "File",
    "wording": "Wording",
    "spines": "Spine",
    "spine_text": "Text on the spine",
    "covers": "Cover",
    "barcodes": "Barcode area",
}


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One table to be shown; ``notes`` are the choices made where sources conflict."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """A printer's or store's rules as tables, and the sources that the tables cite by number."""

    title: str
    tables: tuple[RuleTable, ...]
    sources: tuple[str, ...]


class RuleFile(Protocol):
    """A file of rules."""

    def tables(self) -> Iterable[tuple[str, SourcedTable]]:
        """Yield every table with its name in the file."""


class HasRules(Protocol):
    """A printer or a store."""

    @property
    def name(self) -> str:
        """Its name in ``book.toml``."""

    @property
    def title(self) -> str:
        """Its name as it writes it."""

    @property
    def rules(self) -> RuleFile:
        """The content of its file."""


def describe_printer(profile: HasRules) -> Description:
    """Return all of a printer's rules as tables."""
    return describe_rules(profile, _TITLES)


def describe_rules(profile: HasRules, titles: Mapping[str, str]) -> Description:
    """Return all rules of a file as tables; ``titles`` are their titles by name in the file."""
    sources: dict[tuple[str, date], int] = {}
    shown = []
    for name, group in groupby(profile.rules.tables(), key=lambda pair: pair[0]):
        tables = [table for _, table in group]
        for table in tables:
            for source in table.source:
                sources.setdefault((source, table.checked_on), len(sources) + 1)
        columns, rows = _rows(tables, [_citation(table, sources) for table in tables])
        shown.append(RuleTable(titles[name], columns, rows, _notes(tables)))
    listed = tuple(f"{source}, read {day.isoformat()}" for source, day in sources)
    return Description(profile.title, tuple(shown), listed)


def oldest_check_date(profile: HasRules) -> date:
    """Return the date of the oldest of its figures."""
    return min(table.checked_on for _, table in profile.rules.tables())


def is_stale(checked_on: date, today: date) -> bool:
    """Return whether figures are from more than a year ago."""
    return (today - checked_on).days > _STALE_AFTER_DAYS


def _citation(table: SourcedTable, sources: dict[tuple[str, date], int]) -> str:
    numbers = ", ".join(str(sources[source, table.checked_on]) for source in table.source)
    return f"{numbers}{_ATTESTED_NOTES[table.attested]}"


def _rows(
    tables: Sequence[SourcedTable], citations: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return columns and rows for tables of one name: a row each, or a column if they are long."""
    if isinstance(tables[0], SpineRule):
        return _SPINE_COLUMNS, tuple(
            (*(_cell_text(table, name) for name in _SPINE_COLUMNS[:3]), _spine_text(table), source)
            for table, source in zip(tables, citations, strict=True)
            if isinstance(table, SpineRule)
        )
    used = [
        item.name
        for item in fields(tables[0])
        if item.name not in _COMMON_FIELDS and any(_is_given(table, item.name) for table in tables)
    ]
    across = [
        (*(_cell_text(table, name) for name in used), source)
        for table, source in zip(tables, citations, strict=True)
    ]
    headings = (*(_heading(name) for name in used), "source")
    if len(tables) > 1 and len(used) <= _MOST_COLUMNS:
        return headings, tuple(across)
    down = tuple(zip(headings, *across, strict=True))
    if len(tables) > 1 or used[0] == "binding":
        return down[0], down[1:]
    return ("rule", "figure"), down


def _spine_text(rule: SpineRule) -> str:
    """Return the rule for a spine's width as text."""
    parts = []
    if rule.caliper_in is not None:
        parts.append(f"{rule.caliper_in:g} in ({rule.caliper_in * MM_PER_INCH:.4f} mm) a page")
    if rule.pages_per_inch is not None:
        parts.append(f"1 in for {rule.pages_per_inch:g} pages")
    if rule.added_in:
        parts.append(f"and {_length_text(rule.added_in)}")
    for word, rows in (("at", rule.readings_in), ("up to", rule.steps_in)):
        steps = ", ".join(f"{pages}: {length:g}" for pages, length in rows)
        parts += [f"in inches, {word} pages {steps}"] if rows else []
    if rule.readings_in:
        parts.append("(an estimate between them)")
    if rule.rounded_to_in:
        parts.append(f"to the nearest {rule.rounded_to_in:g}, at least {rule.least_in:g}")
    return " ".join(parts)


def _notes(tables: Sequence[SourcedTable]) -> tuple[str, ...]:
    notes = dict.fromkeys(" ".join((t.conflict, t.choice)).strip() for t in tables)
    return tuple(note for note in notes if note)


def _is_given(table: SourcedTable, name: str) -> bool:
    default = next(item.default for item in fields(table) if item.name == name)
    return default is MISSING or getattr(table, name) != default


def _heading(name: str) -> str:
    words = f" {name.removesuffix('_in').replace('_', ' ')} "
    for raw, shown in _SPELLINGS.items():
        words = words.replace(f" {raw} ", f" {shown} ")
    return words.strip()


def _cell_text(table: SourcedTable, name: str) -> str:
    if not _is_given(table, name):
        return ""
    value = getattr(table, name)
    if name in {"inside_in", "added_in"}:
        return "\n".join(f"to {pages} pages: {_length_text(item)}" for pages, item in value)
    if name == "trims_in":
        return ", ".join(f"{width:g} × {height:g}" for width, height in value)
    if name.endswith("_px") and isinstance(value, tuple):
        return " × ".join(map(_value_text, value))
    if name.endswith("_in"):
        lengths = value if isinstance(value, tuple) else (value,)
        joint = " × " if name == "own_in" else " to "
        return joint.join(_length_text(item) for item in lengths)
    return _value_text(value)


def _length_text(length_in: float) -> str:
    return f"{round(length_in, 5):g} in ({length_in * MM_PER_INCH:.1f} mm)"


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        joint = "\n" if any(isinstance(item, dict) for item in value.values()) else ", "
        return joint.join(f"{key} {_value_text(item)}" for key, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(_value_text(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
