"""The command that shows how densely editions are set, and what other type sizes would give."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from makeready.cli.completed_names import edition_names
from makeready.cli.options import Options, common_options
from makeready.wording import counted

if TYPE_CHECKING:
    from makeready.build.measure_density import EditionSizes, SizeRow

_COLUMNS = ("size", "leading", "lines", "letters a line", "words a page", "pages", "spine")
_ESTIMATE = (
    "Pages and spines are estimates, mostly within 6 %; a build counts them. "
    "In book.toml: size_pt = … in the edition's table."
)


@click.command()
@click.argument("editions", nargs=-1, shell_complete=edition_names)
@click.option(
    "--size",
    "sizes_pt",
    multiple=True,
    type=click.FloatRange(6, 36),
    help="A type size in points; several times for several. [default: some beside the edition's]",
)
@common_options
def measures(editions: tuple[str, ...], sizes_pt: tuple[float, ...], **options: Any) -> None:
    """Estimate pages and spines in several type sizes."""
    from makeready.build.measure_density import measure_density  # noqa: PLC0415

    common = Options(**options)
    reporter = common.reporter()
    request = common.request(editions=editions)
    measured = measure_density(request, sizes_pt, reporter.step, common.time_limit)
    reporter.end_progress()
    if common.as_json:
        reporter.print_json({"editions": list(map(_as_data, measured.editions))})
    else:
        for each in measured.editions:
            _show(each)
        if measured.editions:
            click.echo(_ESTIMATE)
    reporter.findings(measured.errors, notes=False)
    sys.exit(1 if measured.errors else 0)


def _show(sizes: EditionSizes) -> None:
    click.echo(f"{sizes.edition}, {sizes.trim}")
    rows = [_COLUMNS, *(_cells(row) for row in sizes.rows)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_COLUMNS))]
    for number, row in enumerate(rows):
        mark = "*" if number and sizes.rows[number - 1].is_own else " "
        click.echo(
            mark + "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        )
    most = sizes.rows[0].most_pages
    if most is not None and any(row.density.pages > most for row in sizes.rows):
        click.echo(f"The printer binds at most {counted(most, 'page')}.")
    click.echo()


def _cells(row: SizeRow) -> tuple[str, ...]:
    one = row.density
    return (
        f"{one.size_pt:g} pt",
        f"{one.leading_pt:g} pt",
        str(one.lines),
        f"{one.letters:.0f}",
        str(one.words),
        str(one.pages),
        f"{row.spine_mm:.1f} mm" if row.spine_mm is not None else "–",
    )


def _as_data(sizes: EditionSizes) -> dict[str, object]:
    return {
        "edition": sizes.edition,
        "sizes": [
            {
                "size_pt": row.density.size_pt,
                "leading_pt": row.density.leading_pt,
                "lines": row.density.lines,
                "letters": round(row.density.letters, 1),
                "words": row.density.words,
                "pages": row.density.pages,
                "spine_mm": row.spine_mm,
                "own": row.is_own,
            }
            for row in sizes.rows
        ],
    }
