"""The command that lists the editor's queries in a manuscript."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from makeready.cli.options import Options, common_options
from makeready.wording import counted, visible

if TYPE_CHECKING:
    from makeready.build.list_queries import OpenQuery


@click.command()
@click.option("--strict", is_flag=True, help="Exit with an error if there is one.")
@common_options
def queries(strict: bool, **options: Any) -> None:
    """List the open queries and suggested changes of a book."""
    from makeready.build.list_queries import list_queries  # noqa: PLC0415

    common = Options(**options)
    reporter = common.reporter()
    listed = list_queries(common.request(), reporter.step, common.time_limit)
    reporter.end_progress()
    if common.as_json:
        reporter.print_json({"queries": [_as_data(one, common) for one in listed.queries]})
    else:
        for one in listed.queries:
            click.echo(visible(f"{common.original_location(one.location)}: {one.query.words}"))
        click.echo(counted(len(listed.queries), "open query", "open queries"))
    reporter.findings(listed.errors, notes=False)
    sys.exit(1 if listed.errors or (strict and listed.queries) else 0)


def _as_data(one: OpenQuery, options: Options) -> dict[str, object]:
    location = options.original_location(one.location)
    return {
        "kind": one.query.kind.value,
        "path": location.path,
        "line": location.line,
        "section": one.section,
        "text": one.query.text,
        "marked": one.query.marked,
    }
