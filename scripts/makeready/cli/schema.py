"""The command ``makeready schema``: the JSON schema of ``book.toml``, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from makeready.book.model import BOOK_FILE
from makeready.cli.editor_schema import write_schema
from makeready.errors import UsageError
from makeready.wording import visible


@click.command()
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="Write the schema beside the book.toml in this folder, and name it in its first line.",
)
def schema(book: Path | None) -> None:
    """Print the JSON schema of book.toml, for editors."""
    if book is None:
        from makeready.book.json_schema import book_json_schema_text  # noqa: PLC0415
        from makeready.printers.profile import printer_names  # noqa: PLC0415

        click.echo(book_json_schema_text(printer_names()), nl=False)
        return
    if not (book / BOOK_FILE).is_file():
        raise UsageError(f"There is no {BOOK_FILE} in {book}.", "Name the folder of a book.")
    click.echo(visible(write_schema(book).as_posix()))
