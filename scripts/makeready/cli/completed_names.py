"""The names that a shell completes: editions of the book, printers, papers, stores, finding ids."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from makeready.book.model import BOOK_FILE
from makeready.book.source_files import TOML_BYTES, FileRefusedError, read_book_file
from makeready.book.store_names import store_names
from makeready.book.theme_names import theme_names

Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_EDITION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TRIMS = ("5x8in", "5.25x8in", "5.5x8.5in", "6x9in", "8.5x11in", "148x210mm")
_LANGUAGES = ("de", "en", "en-GB", "en-US", "es", "fr", "kk", "ru")


def edition_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the editions of the book that the command line names, but those it has already."""
    given = context.params.get(parameter.name or "") or ()
    return _beginning(begun, [name for name in _editions(_book(context)) if name not in given])


def printers(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of printers, with their titles."""
    from makeready.printers.profile import printer_names, read_profile  # noqa: PLC0415

    names = [name for name in printer_names() if name.startswith(begun)]
    return [CompletionItem(name, help=read_profile(name).title) for name in names]


def papers(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the papers of the printer that the command line names, or of all."""
    from makeready.printers.profile import printer_names, read_profile  # noqa: PLC0415

    named = context.params.get("printer")
    known = [name for name in printer_names() if not named or name == named]
    stocks = (stock for name in known for stock in read_profile(name).rules.stocks)
    return _beginning(begun, {stock.paper for stock in stocks})


def stores(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of stores."""
    return _beginning(begun, store_names())


def finding_ids(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the ids of findings, with their severities."""
    from makeready.findings import rules_by_id  # noqa: PLC0415

    rules = (rule for rule in rules_by_id().values() if rule.id.startswith(begun.upper()))
    return [CompletionItem(rule.id, help=str(rule.severity)) for rule in rules]


def trims(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return usual trim sizes."""
    return _beginning(begun, _TRIMS)


def themes(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of the built-in themes."""
    return _beginning(begun, theme_names())


def languages(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the languages that have labels."""
    return _beginning(begun, _LANGUAGES)


def _beginning(begun: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(begun)]


def _book(context: click.Context) -> Path:
    """Return the folder of the book, the first of several."""
    several = context.params.get("books") or ()
    named = context.params.get("book") or next(iter(several), None)
    if named is not None:
        return Path(named)
    return Path() if Path(BOOK_FILE).is_file() else Path("manuscript")


def _editions(book: Path) -> list[str]:
    """Return the names of a book's editions; none if its file cannot be read."""
    try:
        data = tomllib.loads(read_book_file(book, BOOK_FILE, TOML_BYTES).decode())
        editions = data["editions"].keys()
    except (FileRefusedError, OSError, ValueError, KeyError, AttributeError, RecursionError):
        return []
    # A shell prints what it is given, whatever a stranger's book has for a name.
    return [name for name in editions if _EDITION.fullmatch(name)]
