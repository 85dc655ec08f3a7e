"""The command that shows how well the lines and pages of finished PDFs are set."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from makeready.cli.options import Options, common_options
from makeready.cli.typography_words import KINDS, ROWS, SECTION_COLUMNS, page_of, type_of
from makeready.wording import clipped, counted, one_line, visible

if TYPE_CHECKING:
    from makeready.build.measure_files import LocatedPlace, MeasuredFile

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
@click.option(
    "--report",
    "report_path",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a web page with the figures, and pictures of the worst places.",
)
@common_options
def typography(
    files: tuple[Path, ...],
    lines: int,
    by_section: bool,
    space_em: float | None,
    report_path: Path | None,
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
        draws=report_path is not None,
    )
    reporter.end_progress()
    reporter.findings(measured.findings, notes=False)
    if common.as_json:
        reporter.print_json({"files": [_as_data(one, common) for one in measured.files]}, indent=2)
    elif measured.files:
        click.echo("\n".join(map(visible, _lines(measured.files, common, by_section=by_section))))
    if report_path is not None and measured.files:
        _write_report(report_path, measured.files, common)
        reporter.message(f"{report_path.as_posix()}  the figures, and pictures of the worst places")
    for error in measured.errors:
        reporter.error(error)
    sys.exit(0 if measured.files and not measured.errors else 1)


def _write_report(path: Path, files: Sequence[MeasuredFile], options: Options) -> None:
    from makeready.cli.typography_report import report_of  # noqa: PLC0415
    from makeready.files import write_whole  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, report_of(files, options.original_location))


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
            ("type size, leading", *(type_of(one) for one in files)),
            ("measure", *(f"{one.typography.measure_pt:g} pt" for one in files)),
            *((title, *(value(one.typography.figures) for one in files)) for title, value in ROWS),
        ],
    )
    for one in files:
        yield from _notes(one)
        if by_section:
            yield from _sections(one)
        yield from _worst(one, options)


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
        ("", "page", *(title for title, _ in SECTION_COLUMNS)),
        [
            (
                clipped(one_line(section.title), _LONGEST_TITLE),
                str(section.page + 1),
                *(value(section.figures) for _, value in SECTION_COLUMNS),
            )
            for section in one.typography.sections
        ],
    )


def _worst(one: MeasuredFile, options: Options) -> Iterator[str]:
    for kind, places in one.worst.items():
        title, value = KINDS[kind]
        if places:
            yield f"\n{title} in {one.path.name}:"
        for located in places:
            place = located.place
            where = page_of(one, place)
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
