"""The command that shows how well the lines and pages of finished PDFs are set."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from makeready.cli.options import Options, common_options
from makeready.wording import clipped, counted, one_line, visible

if TYPE_CHECKING:
    from makeready.build.measure_files import LocatedPlace, MeasuredFile
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


_ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
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
_SECTION_COLUMNS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
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
_KINDS: dict[str, tuple[str, Callable[[Place], str]]] = {
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
_LONGEST_TEXT = 64
_LONGEST_TITLE = 40


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--lines",
    type=click.IntRange(min=0, max=10_000),
    default=3,
    show_default=True,
    help="How many of the worst places of each kind to list.",
)
@click.option("--section", "by_section", is_flag=True, help="Show the figures of each section.")
@click.option(
    "--space-em",
    type=click.FloatRange(min=0.05, max=1),
    help="Word space of the font, in em (default: read from FILE).",
)
@common_options
def typography(
    files: tuple[Path, ...],
    lines: int,
    by_section: bool,
    space_em: float | None,
    **options: Any,
) -> None:
    """Measure how lines and pages of finished PDFs are set.

    FILES are PDFs made by any program, of one column of text; without them the book's own are
    measured. With --book, the worst lines are looked up in its manuscript.
    """
    from makeready.build.measure_files import measure_files  # noqa: PLC0415
    from makeready.cli.reporter import Reporter  # noqa: PLC0415

    common = Options(**options)
    # Paths of files on the command line are relative to the working directory, not to the book.
    reporter = Reporter(Path(), Path(), common.as_json) if files else common.reporter()
    click.get_current_context().call_on_close(reporter.end_progress)
    has_book = not files or options["book"] is not None
    measured = measure_files(
        files,
        common.request() if has_book else None,
        reporter.step,
        common.time_limit,
        worst=lines,
        space_em=space_em,
    )
    reporter.end_progress()
    reporter.findings(measured.findings, notes=False)
    if common.as_json:
        reporter.print_json({"files": [_as_data(one, common) for one in measured.files]}, indent=2)
    elif measured.files:
        click.echo("\n".join(map(visible, _lines(measured.files, common, by_section=by_section))))
    for error in measured.errors:
        reporter.error(error)
    sys.exit(0 if measured.files and not measured.errors else 1)


def _as_data(one: MeasuredFile, options: Options) -> dict[str, object]:
    typography = one.typography
    return {
        "path": one.path.as_posix(),
        "size_pt": typography.size_pt,
        "leading_pt": typography.leading_pt,
        "measure_pt": typography.measure_pt,
        "space_em": typography.space_em,
        "space_is_from": typography.space_source,
        "pages_left_out": [number + 1 for number in typography.pages_left_out],
        "figures": typography.figures.as_data(),
        "sections": [
            {
                "title": section.title,
                "page": section.page + 1,
                "figures": section.figures.as_data(),
            }
            for section in typography.sections
        ],
        "worst": {
            kind.value: [_place_data(located, one, options) for located in places]
            for kind, places in one.worst.items()
        },
    }


def _place_data(located: LocatedPlace, one: MeasuredFile, options: Options) -> dict[str, object]:
    place, location = located.place, located.location
    if location is not None:
        location = options.original_location(location)
    return {
        "page": place.page + 1,
        "label": one.typography.labels[place.page],
        "text": place.text,
        "value": round(place.value, 3),
        "reason": place.reason or None,
        "path": location.path if location is not None else None,
        "line": location.line if location is not None else None,
    }


def _lines(files: Sequence[MeasuredFile], options: Options, *, by_section: bool) -> Iterator[str]:
    yield from _table(
        ("", *(one.path.name for one in files)),
        [
            ("type size, leading", *(_type(one) for one in files)),
            ("measure", *(f"{one.typography.measure_pt:g} pt" for one in files)),
            *((title, *(value(one.typography.figures) for one in files)) for title, value in _ROWS),
        ],
    )
    for one in files:
        yield from _notes(one)
        if by_section:
            yield from _sections(one)
        yield from _worst(one, options)


def _type(one: MeasuredFile) -> str:
    return f"{one.typography.size_pt:g}/{one.typography.leading_pt:g} pt"


def _notes(one: MeasuredFile) -> Iterator[str]:
    if not one.typography.figures.justified_lines:
        yield f"\n{one.path.name}: no justified lines were found, so word spaces are not measured."
    if one.typography.pages_left_out:
        left_out = len(one.typography.pages_left_out)
        first = one.typography.pages_left_out[0] + 1
        yield (
            f"\n{one.path.name}: {counted(left_out, 'page')} left out, from page {first}: damaged, "
            "or with more text than a page of a book has."
        )


def _sections(one: MeasuredFile) -> Iterator[str]:
    yield f"\nSections of {one.path.name}:"
    yield from _table(
        ("", "page", *(title for title, _ in _SECTION_COLUMNS)),
        [
            (
                clipped(one_line(section.title), _LONGEST_TITLE),
                str(section.page + 1),
                *(value(section.figures) for _, value in _SECTION_COLUMNS),
            )
            for section in one.typography.sections
        ],
    )


def _worst(one: MeasuredFile, options: Options) -> Iterator[str]:
    for kind, places in one.worst.items():
        title, value = _KINDS[kind]
        if places:
            yield f"\n{title} in {one.path.name}:"
        for located in places:
            place = located.place
            where = f"page {place.page + 1}"
            label = one.typography.labels[place.page]
            where += f" ({label})" if label and label != str(place.page + 1) else ""
            if located.location is not None:
                where += f", {options.original_location(located.location)}"
            shown = value(place)
            text = clipped(one_line(place.text), _LONGEST_TEXT)
            yield f"  {f'{shown}  ' if shown else ''}{where}: {text}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; all columns but the first are set to the right."""
    cells = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        first, *others = row
        columns = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *columns)).rstrip()
