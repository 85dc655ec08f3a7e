"""The options that commands share, and the request they make."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from makeready.book.model import BOOK_FILE
from makeready.build.request import BuildRequest, BuildResult
from makeready.cli import completed_names
from makeready.cli.reporter import Reporter
from makeready.cli.verbosity import verbosity_options
from makeready.errors import UsageError
from makeready.findings import Findings, SourceLocation
from makeready.importing.foreign_folder import is_foreign_book
from makeready.user_cache import user_cache_folder

if TYPE_CHECKING:
    from makeready.importing.write_book import WrittenBook

F = TypeVar("F", bound=Callable[..., Any])


class Options:
    """The values of the options that all commands share."""

    def __init__(
        self,
        book: Path | None,
        output: Path,
        cache: Path,
        time_limit: float,
        jobs: int,
        as_json: bool,
        strict: bool = False,
    ) -> None:
        self.book, self.output, self.cache = book or default_book(), output, cache
        self.time_limit, self.jobs = time_limit, jobs
        self.strict, self.as_json = strict, as_json
        self._imported: WrittenBook | None = None

    @property
    def folder(self) -> Path:
        """The folder of the book; of one for another tool, a new one that goes with the run."""
        if self._imported is None and is_foreign_book(self.book):
            folder = Path(tempfile.mkdtemp(prefix="makeready-"))
            click.get_current_context().call_on_close(
                partial(shutil.rmtree, folder, ignore_errors=True)
            )
            # Few books are for another tool, and few commands read one.
            from makeready.importing.detection import read_foreign_book  # noqa: PLC0415
            from makeready.importing.write_book import write_book  # noqa: PLC0415
            from makeready.manuscript.reuse import READINGS  # noqa: PLC0415

            source, book = read_foreign_book(self.book)
            self._imported = write_book(
                source, book, folder, is_dated=False, cache=self.cache / READINGS
            )
        return self._imported.folder if self._imported is not None else self.book

    def of_original(self, result: BuildResult) -> BuildResult:
        """Return a result whose findings name the files of a book for another tool.

        What was not brought from there is among them.
        """
        if self._imported is None:
            return result
        findings = Findings()
        for each in self._imported.left_out:
            if each.is_found_again:
                continue
            location = SourceLocation(each.path, each.line) if each.path else None
            findings.add("MAN-090", location, tool=self._imported.tool, what=each.text)
        for found in result.findings:
            findings.append(self._imported.with_original_path(found))
        return replace(result, findings=tuple(findings))

    def original_location(self, location: SourceLocation) -> SourceLocation:
        """Return a location in the book as it was given, with the folder of the book."""
        if self._imported is not None:
            location = self._imported.original_location(location)
        return SourceLocation((self.book / location.path).as_posix(), location.line)

    def reporter(self, *, shows_stages: bool = True, is_animated: bool = True) -> Reporter:
        """Return the reporter of this run; its progress line is removed however the run ends."""
        reporter = Reporter(self.book, self.output, self.as_json, shows_stages, is_animated)
        click.get_current_context().call_on_close(reporter.end_progress)
        return reporter

    def request(self, **fields: Any) -> BuildRequest:
        """Return the request that these options and other fields make."""
        return BuildRequest(
            self.folder,
            self.output,
            self.cache,
            jobs=self.jobs,
            section_seconds=self.time_limit,
            **fields,
        )


_BOOK_HELP = "Folder of the book (contains book.toml)."
_DEFAULT_BOOK = "the current folder if it contains book.toml, else manuscript"


def default_book() -> Path:
    """Return the folder of the book when none is named: the current one if it has a book.toml."""
    return Path() if Path(BOOK_FILE).is_file() else Path("manuscript")


def require_own_book(book: Path) -> None:
    """UsageError for the book of another tool, of which only one can be built at a time."""
    if is_foreign_book(book):
        raise UsageError(
            f"{book.as_posix()} is a book for another tool, which only a build of one book takes.",
            f"Run: makeready init --from {book.as_posix()}",
        )


def default_output() -> Path:
    """Return the output folder when none is named; UsageError if it leads out of the current one.

    A link may have come with a stranger's book, and files that it leads to would be written over.
    """
    output = Path("dist")
    if output.is_symlink() and not output.resolve().is_relative_to(Path.cwd()):
        target = output.readlink().as_posix()
        raise UsageError(
            f"dist is a symbolic link to {target}.", "Name the folder with --output, or delete it."
        )
    return output


def common_options(command: F) -> F:
    """Add the options that all commands share."""
    book = click.option(
        "--book",
        type=click.Path(path_type=Path),
        show_default=_DEFAULT_BOOK,
        help=_BOOK_HELP,
    )
    return _with_options((book, *_shared_options(), verbosity_options), command)


def preview_options(command: F) -> F:
    """Add the options that all commands share to one that writes no files for its user."""
    book = click.option(
        "--book",
        type=click.Path(path_type=Path),
        show_default=_DEFAULT_BOOK,
        help=_BOOK_HELP,
    )
    return _with_options((book, *_options_of_work()), command)


def common_options_for_books(command: F) -> F:
    """Add the options that all commands share, for a command that takes several books."""
    options = (
        click.option(
            "--book",
            "books",
            multiple=True,
            type=click.Path(path_type=Path),
            show_default=_DEFAULT_BOOK,
            help=f"{_BOOK_HELP} Repeat to build several books in parallel.",
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
    return _with_options((*options, *_shared_options(), verbosity_options), command)


def _shared_options() -> tuple[Callable[[F], F], ...]:
    return (
        click.option(
            "--output",
            type=click.Path(path_type=Path),
            default=default_output,
            show_default="dist",
            help="Folder for the finished files.",
        ),
        *_options_of_work(),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )


def _options_of_work() -> tuple[Callable[[F], F], ...]:
    return (
        click.option(
            "--cache",
            type=click.Path(path_type=Path),
            default=user_cache_folder,
            show_default="the user's cache folder",
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
    )


def strict_option(command: F) -> F:
    """Add the option ``--strict``."""
    return click.option("--strict", is_flag=True, help="Exit with an error on warnings too.")(
        command
    )


def notes_option(command: F) -> F:
    """Add the option ``--notes``."""
    return click.option("--notes", is_flag=True, help="List notes too.")(command)


def build_options(command: F) -> F:
    """Add the options of commands that make files."""
    options = (
        click.option(
            "--stamp",
            type=click.Path(path_type=Path),
            help="Write the paths of the finished files to this file, one per line.",
        ),
        click.option("--profile", is_flag=True, help="Show the time that each stage took."),
        notes_option,
    )
    return _with_options(options, command)


def external_file_options(command: F) -> F:
    """Add the options for a PDF of another program; they are passed on as one dictionary."""

    @wraps(command)
    def with_dictionary(*arguments: Any, **options: Any) -> Any:
        names = ("printer", "cover", "binding", "paper", "ink", "trim", "spine_mm")
        external = {name: options.pop(name) for name in names}
        return command(*arguments, external=external, **options)

    options = (
        click.option(
            "--printer",
            default="",
            shell_complete=completed_names.printers,
            help="Printer to check FILE against.",
        ),
        click.option(
            "--cover", type=click.Path(path_type=Path), help="Cover PDF that belongs to FILE."
        ),
        click.option(
            "--binding",
            default="",
            help="Binding, such as paperback (default: the printer's first).",
        ),
        click.option(
            "--paper",
            default="",
            shell_complete=completed_names.papers,
            help="Paper, as `makeready printers NAME` lists it.",
        ),
        click.option("--ink", default="black", show_default=True, help="Ink of the interior."),
        click.option(
            "--trim",
            callback=_read_trim,
            shell_complete=completed_names.trims,
            help="Trim size, such as 5x8in (default: read from FILE).",
        ),
        click.option("--spine-mm", type=float, help="Spine width from the printer's template."),
    )
    return _with_options(options, cast(F, with_dictionary))


def _read_trim(
    _: click.Context, __: click.Parameter, value: str | None
) -> tuple[float, float] | None:
    if value is None:
        return None
    # The model of a book is slow to import, and few commands have a trim size.
    from makeready.book.schema import trim_pt  # noqa: PLC0415

    trim = trim_pt(value)
    if trim is None:
        raise click.BadParameter("write the trim size as 5x8in or 148x210mm")
    return trim


def page_list_option(command: F) -> F:
    """Add the option that leaves page lists out of e-books."""
    option = click.option(
        "--page-list/--no-page-list",
        "page_list",
        default=True,
        help="Add the print edition's page list to e-books, or skip it (faster).",
    )
    return option(command)


def reference_option(command: F) -> F:
    """Add the option that renders each PDF as one document too."""
    option = click.option(
        "--reference",
        is_flag=True,
        help="Also make each PDF in one pass of the engine, for comparison (slow).",
    )
    return option(command)


def draft_option(command: F) -> F:
    """Add the option that makes files with errors too, marked as drafts."""
    option = click.option(
        "--draft",
        is_flag=True,
        help="Make files in spite of errors, each page marked as a draft, named NAME.draft.pdf.",
    )
    return option(command)


def release_option(command: F) -> F:
    """Add the option that refuses a book with open queries."""
    option = click.option(
        "--release",
        is_flag=True,
        help="Refuse to build while the manuscript has open queries or suggested changes.",
    )
    return option(command)


def open_queries_option(command: F) -> F:
    """Add the option that accepts open queries in a release."""
    option = click.option(
        "--open-queries", is_flag=True, help="Release the book with its open queries."
    )
    return option(command)


def typography_option(command: F) -> F:
    """Add the option that measures the PDFs."""
    option = click.option(
        "--typography",
        "typography",
        is_flag=True,
        help="Measure how lines and pages are set, and list the figures in manifest.json.",
    )
    return option(command)


def kind_option(command: F) -> F:
    """Add the option that selects editions by their kind."""
    option = click.option(
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice(["print", "screen", "epub"]),
        help="Build all editions of this kind. Repeatable.",
    )
    return option(command)


def _with_options(options: Sequence[Callable[[F], F]], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command
