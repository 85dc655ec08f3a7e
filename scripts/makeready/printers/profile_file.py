"""Reading a printer's file: strict, its first error named with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ConfigDict, with_config

from makeready.book.toml_lines import TomlPath
from makeready.printers.tables import (
    BarcodeArea,
    BlankPages,
    BleedRules,
    ColourRules,
    CoverMeasures,
    FileRules,
    GutterRules,
    InteriorRules,
    ListedSizes,
    MarginRules,
    PageCount,
    PrintingUnits,
    SourcedTable,
    SpineRule,
    SpineTextRules,
    Stock,
    TrimRules,
    WordingRules,
)
from makeready.printers.toml_reader import ProfileError, parse_strictly, table_errors, tables_of


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """The whole file of one printer.

    Without ``trim`` it offers any size, without ``stocks`` any paper; any other table is missing
    if the printer has not published such rules.
    """

    title: str
    pages: tuple[PageCount, ...]
    trim: TrimRules | None = None
    sizes: tuple[ListedSizes, ...] = ()
    stocks: tuple[Stock, ...] = ()
    units: tuple[PrintingUnits, ...] = ()
    blanks: BlankPages | None = None
    margins: MarginRules
    gutter: GutterRules
    bleed: BleedRules
    interior: InteriorRules
    colour: ColourRules | None = None
    file: FileRules
    wording: WordingRules | None = None
    spines: tuple[SpineRule, ...] = ()
    spine_text: SpineTextRules | None = None
    covers: tuple[CoverMeasures, ...] = ()
    barcodes: tuple[BarcodeArea, ...] = ()

    def tables(self) -> Iterator[tuple[str, SourcedTable]]:
        """Yield every table with its name in the file."""
        return tables_of(self)


def parse_profile(name: str, text: str) -> ProfileFile:
    """Return the content of ``<name>.toml``; ProfileError if it is invalid."""
    shown_path = f"printers/{name}.toml"
    file, lines = parse_strictly(shown_path, text, ProfileFile)
    for path, message in _errors(file):
        raise ProfileError(f"{shown_path}:{lines.line_of(path)}: {message}")
    return file


def _errors(file: ProfileFile) -> Iterator[tuple[TomlPath, str]]:
    """Yield the path and message of each error that the types do not exclude."""
    known = {row.binding for row in file.pages}
    counts: dict[str, int] = {}
    for name, table in file.tables():
        number = counts[name] = counts.get(name, -1) + 1
        path: TomlPath = (name, number) if isinstance(getattr(file, name), tuple) else (name,)
        yield from table_errors(path, table)
        unknown = set(getattr(table, "bindings", ())) - known
        if unknown:
            yield (*path, "bindings"), f"[[pages]] has no binding “{min(unknown)}”."
        for key in ("inside_in", "added_in", "readings_in", "steps_in"):
            rows = getattr(table, key, ())
            pages = [row[0] for row in rows] if isinstance(rows, tuple) else []
            if pages != sorted(set(pages)):
                yield (*path, key), "page counts must increase."
        if isinstance(table, SpineRule) and _definitions(table) != 1:
            yield (
                path,
                "a spine needs one of caliper_in, pages_per_inch, readings_in and steps_in.",
            )
        if isinstance(table, GutterRules) and bool(table.inside_in) == bool(table.added_in):
            yield path, "a gutter needs one of inside_in and added_in."


def _definitions(rule: SpineRule) -> int:
    definitions = (rule.caliper_in, rule.pages_per_inch, rule.readings_in, rule.steps_in)
    return sum(map(bool, definitions))
