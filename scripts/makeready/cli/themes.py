"""The command ``makeready themes``."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path

import click

from makeready.book.theme_names import theme_names
from makeready.user_cache import user_cache_folder

_STEP_SECONDS = 300.0


@click.command()
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="Folder of a book, whose own themes are listed too, and which is set for the pictures.",
)
@click.option(
    "--pictures",
    type=click.Path(path_type=Path),
    help="Write pictures to this folder: cover and pages in each theme, and a page with them all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def themes(book: Path | None, pictures: Path | None, as_json: bool) -> None:
    """List the designs of books, or show them in pictures."""
    from makeready.book.themes import read_theme  # noqa: PLC0415

    found = [theme for name in theme_names(book) if (theme := read_theme(name, book)) is not None]
    if pictures is not None:
        from makeready.build.request import BuildRequest  # noqa: PLC0415
        from makeready.cli.reporter import Reporter  # noqa: PLC0415
        from makeready.cli.theme_pictures import write_theme_pictures  # noqa: PLC0415

        reporter = Reporter(book or Path(), pictures, as_json, shows_stages=False)
        click.get_current_context().call_on_close(reporter.end_progress)
        request = BuildRequest(Path(), pictures, user_cache_folder(), jobs=os.cpu_count() or 1)
        for path in write_theme_pictures(
            found, book, pictures, request, reporter.step, _STEP_SECONDS
        ):
            reporter.end_progress()
            click.echo(path.as_posix())
        return
    if as_json:
        listed = [{"name": one.name, "summary": one.summary, "own": one.is_own} for one in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    width = max(len(theme.name) for theme in found) + 2
    for theme in found:
        lines = textwrap.wrap(theme.summary, 88 - width)
        click.echo(f"{theme.name:<{width}}" + f"\n{' ' * width}".join(lines))
    click.echo('\nIn book.toml: [design] theme = "NAME"')
