"""The options that commands share, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from makeready.build.request import BuildRequest
from makeready.cli.reporter import Screen

F = TypeVar("F", bound=Callable[..., Any])


class Options:
    """The options that all commands share."""

    def __init__(
        self,
        book: Path,
        output: Path,
        cache: Path,
        time_limit: float,
        jobs: int,
        as_json: bool,
        strict: bool = False,
    ) -> None:
        self.book, self.output, self.cache = book, output, cache
        self.time_limit, self.jobs = time_limit, jobs
        self.strict, self.as_json = strict, as_json

    def screen(self, *, tells_stages: bool = True, moves: bool = True) -> Screen:
        """Return where this run shows what it does."""
        return Screen(self.book, self.output, self.as_json, tells_stages, moves)

    def request(self, **what: Any) -> BuildRequest:
        """Return the order these options make."""
        return BuildRequest(
            self.book,
            self.output,
            self.cache,
            jobs=self.jobs,
            section_seconds=self.time_limit,
            **what,
        )


_BOOK = "Folder of the book (contains book.toml)."


def common(command: F) -> F:
    """Give a command the options that all share."""
    book = click.option(
        "--book",
        type=click.Path(path_type=Path),
        default=Path("manuscript"),
        show_default=True,
        help=_BOOK,
    )
    return _given((book, *_shared()), command)


def common_of_several(command: F) -> F:
    """Give a command the options that all share, and several books."""
    options = (
        click.option(
            "--book",
            "books",
            multiple=True,
            type=click.Path(path_type=Path),
            default=(Path("manuscript"),),
            show_default="manuscript",
            help=f"{_BOOK} Repeat to build several books in parallel.",
        ),
        click.option(
            "--catalogue",
            type=click.Path(path_type=Path),
            help="TOML file that lists the books to build, each as a [[title]].",
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            default="",
            help="Typeset on a Dask cluster, for example tcp://host:8786.",
        ),
    )
    return _given((*options, *_shared()), command)


def _shared() -> tuple[Callable[[F], F], ...]:
    return (
        click.option(
            "--output",
            type=click.Path(path_type=Path),
            default=Path("dist"),
            show_default=True,
            help="Folder for the finished files.",
        ),
        click.option(
            "--cache",
            type=click.Path(path_type=Path),
            default=Path(".makeready"),
            show_default=True,
            help="Folder for the cache.",
        ),
        click.option(
            "--time-limit",
            type=click.FloatRange(min=1),
            default=300.0,
            show_default=True,
            help="Seconds that one step may take.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=1),
            default=os.cpu_count() or 1,
            show_default="number of CPUs",
            help="Number of sections to typeset at once.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )


def strict(command: F) -> F:
    """Give a command that ends with an exit code the option that makes it stricter."""
    return click.option("--strict", is_flag=True, help="Exit with an error on warnings too.")(
        command
    )


def making(command: F) -> F:
    """Give a command the options of those that make files."""
    options = (
        click.option(
            "--stamp",
            type=click.Path(path_type=Path),
            help="Write the paths of the finished files to this file, one per line.",
        ),
        click.option("--profile", is_flag=True, help="Show the time that each stage took."),
    )
    return _given(options, command)


def submitting(command: F) -> F:
    """Give a command the options that say what a printer is to make of files from elsewhere."""

    @wraps(command)
    def gathered(*arguments: Any, **options: Any) -> Any:
        names = ("printer", "cover", "binding", "paper", "ink", "trim", "spine_mm")
        submitted = {name: options.pop(name) for name in names}
        return command(*arguments, submitted=submitted, **options)

    options = (
        click.option("--printer", default="", help="Printer to check FILE against."),
        click.option(
            "--cover", type=click.Path(path_type=Path), help="Cover PDF that belongs to FILE."
        ),
        click.option(
            "--binding",
            default="",
            help="Binding, such as paperback (default: the printer's first).",
        ),
        click.option("--paper", default="", help="Paper, as `makeready printers NAME` lists it."),
        click.option("--ink", default="black", show_default=True, help="Ink of the interior."),
        click.option(
            "--trim",
            callback=_read_trim,
            help="Trim size, such as 5x8in (default: read from FILE).",
        ),
        click.option("--spine-mm", type=float, help="Spine width from the printer's template."),
    )
    return _given(options, cast(F, gathered))


def _read_trim(
    _: click.Context, __: click.Parameter, value: str | None
) -> tuple[float, float] | None:
    if value is None:
        return None
    # The book's model takes a while to import, and few commands have a trim.
    from makeready.book.schema import trim_pt  # noqa: PLC0415

    trim = trim_pt(value)
    if trim is None:
        raise click.BadParameter("write the trim size as 5x8in or 148x210mm")
    return trim


def page_list(command: F) -> F:
    """Give a command the option that leaves page lists out of e-books."""
    option = click.option(
        "--page-list/--no-page-list",
        "page_list",
        default=True,
        help="Add the print edition's page list to e-books, or skip it (faster).",
    )
    return option(command)


def reference(command: F) -> F:
    """Give a command the option that has PDFs made by the engine alone as well."""
    option = click.option(
        "--reference",
        is_flag=True,
        help="Also make each PDF in one pass of the engine, for comparison (slow).",
    )
    return option(command)


def kinds(command: F) -> F:
    """Give a command the option that names editions by their kind."""
    option = click.option(
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice(["print", "screen", "epub"]),
        help="Build all editions of this kind. Repeatable.",
    )
    return option(command)


def _given(options: Sequence[Callable[[F], F]], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command
