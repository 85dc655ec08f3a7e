"""The command ``makeready themes``."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from makeready.book.theme_names import theme_names


@click.command()
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="Folder of a book, whose own themes are listed too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def themes(book: Path | None, as_json: bool) -> None:
    """List the themes, the designs that a book can be set in."""
    from makeready.book.themes import read_theme  # noqa: PLC0415

    found = [theme for name in theme_names(book) if (theme := read_theme(name, book)) is not None]
    if as_json:
        listed = [{"name": one.name, "summary": one.summary, "own": one.is_own} for one in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    width = max(len(theme.name) for theme in found) + 2
    for theme in found:
        lines = textwrap.wrap(theme.summary, 88 - width)
        click.echo(f"{theme.name:<{width}}" + f"\n{' ' * width}".join(lines))
    click.echo('\nIn book.toml: [design] theme = "NAME"')
