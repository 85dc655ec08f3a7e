"""The command ``makeready init``: a new book, from options or from answers on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from makeready.book.theme_names import theme_names
from makeready.cli import completed_names
from makeready.cli.new_book import (
    NewBook,
    valid_language,
    valid_theme,
    valid_title,
    valid_trim,
    write_imported,
    write_starter,
)
from makeready.errors import UsageError
from makeready.printers.profile import printer_names
from makeready.wording import visible

_DEFAULT = NewBook()
_TRIMS = "5x8in, 5.5x8.5in, 6x9in, 148x210mm …"
_LANGUAGES = "en, en-GB, de, fr, es, ru, kk …"


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--title", help=f"The book's title (default: {_DEFAULT.title}).")
@click.option("--author", help=f"The author's name (default: {_DEFAULT.author}).")
@click.option(
    "--language",
    shell_complete=completed_names.languages,
    help=f"The book's language: {_LANGUAGES} (default: en).",
)
@click.option(
    "--printer",
    type=click.Choice(printer_names()),
    help=f"The printer of the paperback (default: {_DEFAULT.printer}).",
)
@click.option(
    "--trim",
    shell_complete=completed_names.trims,
    help=f"The trim size: {_TRIMS} (default: {_DEFAULT.trim}).",
)
@click.option(
    "--theme",
    shell_complete=completed_names.themes,
    help=f"The design; `makeready themes` shows them (default: {_DEFAULT.theme}).",
)
@click.option(
    "--no-input", is_flag=True, help="Ask nothing; take the default of what no option gives."
)
@click.option(
    "--from",
    "original",
    type=click.Path(path_type=Path),
    help="Folder or file of a book for another tool (mdBook, Quarto, bookdown, MkDocs, Leanpub, "
    "Jupyter Book, GitBook, Pandoc, Word), or a folder of Markdown, to make the book of.",
)
def init(folder: Path | None, no_input: bool, original: Path | None, **options: str | None) -> None:
    """Create a new book in FOLDER, or import one.

    The new book is a small one that shows what a book can hold, and builds as it is. On a
    terminal, what no option gives is asked.
    """
    if original is not None:
        folder, report = write_imported(original, folder, **_for_import(options))
        click.echo("\n".join(visible(line) for line in report.rstrip("\n").split("\n")))
    else:
        asks = not no_input and sys.stdin.isatty() and sys.stdout.isatty()
        folder = _folder(folder, options["title"], asks=asks)
        book = _asked_for(options) if asks else _given(options)
        for path in write_starter(folder, book):
            click.echo(visible(path.as_posix()))
    click.echo(visible(f"Next: makeready build --book {folder.as_posix()}"))


def _folder(folder: Path | None, title: str | None, *, asks: bool) -> Path:
    if folder is not None:
        return folder
    if not asks:
        raise UsageError("Name the folder of the new book.", "Run: makeready init my-book")
    from makeready.book.slugs import file_slug  # noqa: PLC0415

    return Path(click.prompt("Folder", file_slug(title) if title else "my-book"))


def _for_import(options: dict[str, str | None]) -> dict[str, str]:
    given = {key: value for key, value in options.items() if value is not None}
    if refused := {"printer", "trim", "theme"} & set(given):
        raise UsageError(
            f"--{min(refused)} is not for a book that is made --from another.",
            "Set it in the new book's book.toml.",
        )
    if "language" in given:
        valid_language(given["language"])
    return given


def _given(options: dict[str, str | None]) -> NewBook:
    given = {key: value for key, value in options.items() if value is not None}
    book = NewBook(**given)
    valid_title(book.title)
    valid_language(book.language)
    valid_trim(book.trim, book.printer)
    valid_theme(book.theme)
    return book


def _asked_for(options: dict[str, str | None]) -> NewBook:
    """Ask for what the options do not give."""

    def value(key: str, question: str, valid: Callable[[str], str] = str) -> str:
        given = options[key]
        if given is not None:
            return valid(given)
        return str(click.prompt(question, getattr(_DEFAULT, key), value_proc=_asking_again(valid)))

    title = value("title", "Title", valid_title)
    author = value("author", "Author")
    language = value("language", f"Language ({_LANGUAGES})", valid_language)
    printer = value("printer", f"Printer ({', '.join(printer_names())})", _printer)
    trim = value("trim", f"Trim size ({_TRIMS})", lambda text: valid_trim(text, printer))
    theme = value("theme", f"Theme ({', '.join(theme_names())})", valid_theme)
    return NewBook(title, author, language, printer, trim, theme)


def _asking_again(valid: Callable[[str], str]) -> Callable[[str], str]:
    """Return a check of an answer after whose errors click asks again."""

    def answer(text: str) -> str:
        try:
            return valid(text.strip())
        except UsageError as error:
            raise click.UsageError(f"{error.message} {error.hint}") from error

    return answer


def _printer(name: str) -> str:
    if name not in printer_names():
        raise UsageError(f"There is no printer “{name}”.", "Choose one of these.")
    return name
