"""A printer's file read: strict, its first fault named with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ConfigDict, with_config

from makeready.book.toml_lines import TomlPath
from makeready.printers.figures import (
    Barcode,
    Blanks,
    Bleed,
    Colour,
    Cover,
    Figures,
    FileRules,
    Gutter,
    Interior,
    Margins,
    PageCount,
    Sizes,
    SpineRule,
    SpineText,
    Stock,
    Trim,
    Units,
    Wording,
)
from makeready.printers.toml_reader import ProfileError, contradictions, read_strictly, tables_of


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """The whole file of one printer.

    Without ``trim`` it cuts any size, without ``stocks`` it has any paper; a table that is not
    there is a rule the printer has not published.
    """

    title: str
    pages: tuple[PageCount, ...]
    trim: Trim | None = None
    sizes: tuple[Sizes, ...] = ()
    stocks: tuple[Stock, ...] = ()
    units: tuple[Units, ...] = ()
    blanks: Blanks | None = None
    margins: Margins
    gutter: Gutter
    bleed: Bleed
    interior: Interior
    colour: Colour | None = None
    file: FileRules
    wording: Wording | None = None
    spines: tuple[SpineRule, ...] = ()
    spine_text: SpineText | None = None
    covers: tuple[Cover, ...] = ()
    barcodes: tuple[Barcode, ...] = ()

    def tables(self) -> Iterator[tuple[str, Figures]]:
        """Yield every table with the name it has in the file."""
        return tables_of(self)


def parse_profile(name: str, text: str) -> ProfileFile:
    """Read the text of ``<name>.toml``; a fault in it is a ``ProfileError``."""
    place = f"printers/{name}.toml"
    file, lines = read_strictly(place, text, ProfileFile)
    for path, message in _contradictions(file):
        raise ProfileError(f"{place}:{lines.line_of(path)}: {message}")
    return file


def _contradictions(file: ProfileFile) -> Iterator[tuple[TomlPath, str]]:
    """Yield what types cannot tell: where, and what is wrong."""
    known = {row.binding for row in file.pages}
    counts: dict[str, int] = {}
    for name, table in file.tables():
        number = counts[name] = counts.get(name, -1) + 1
        path: TomlPath = (name, number) if isinstance(getattr(file, name), tuple) else (name,)
        yield from contradictions(path, table)
        unknown = set(getattr(table, "bindings", ())) - known
        if unknown:
            yield (*path, "bindings"), f"[[pages]] has no binding “{min(unknown)}”."
        for key in ("inside_in", "added_in", "readings_in", "steps_in"):
            rows = getattr(table, key, ())
            pages = [row[0] for row in rows] if isinstance(rows, tuple) else []
            if pages != sorted(set(pages)):
                yield (*path, key), "the page counts of a table have to rise."
        if isinstance(table, SpineRule) and _ways(table) != 1:
            yield path, "a spine has one of caliper_in, pages_per_inch, readings_in and steps_in."
        if isinstance(table, Gutter) and bool(table.inside_in) == bool(table.added_in):
            yield path, "a gutter has one of inside_in and added_in."


def _ways(rule: SpineRule) -> int:
    ways = (rule.caliper_in, rule.pages_per_inch, rule.readings_in, rule.steps_in)
    return sum(bool(way) for way in ways)
