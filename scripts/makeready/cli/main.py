"""The command line: arguments, progress, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from makeready.build.batch import Title, build_together, read_catalogue, requests_for
from makeready.build.job import build
from makeready.build.request import BuildRequest, BuildResult
from makeready.cli import completed_names
from makeready.cli.completion import completion
from makeready.cli.diff import diff
from makeready.cli.doctor import doctor
from makeready.cli.explain import explain, printers, stores
from makeready.cli.html import html
from makeready.cli.init import init
from makeready.cli.measures import measures
from makeready.cli.options import (
    Options,
    build_options,
    common_options,
    common_options_for_books,
    default_book,
    draft_option,
    external_file_options,
    kind_option,
    notes_option,
    open_queries_option,
    page_list_option,
    reference_option,
    release_option,
    require_own_book,
    strict_option,
    typography_option,
)
from makeready.cli.outline import outline
from makeready.cli.preview import preview
from makeready.cli.proof import proof
from makeready.cli.queries import queries
from makeready.cli.reporter import Reporter, json_data
from makeready.cli.results import Shown, exit_code, finish, show, stamp_files, without_profile
from makeready.cli.run_log import RUN_LOG
from makeready.cli.schema import schema
from makeready.cli.signals import ending_in_order
from makeready.cli.site import site
from makeready.cli.themes import themes
from makeready.cli.typography import typography as typography_command
from makeready.cli.verbosity import verbosity_options
from makeready.cli.version import show_version
from makeready.errors import (
    FindingsError,
    MakereadyError,
    MissingToolError,
    OutputError,
    UsageError,
    file_error,
    missing_module,
)
from makeready.workers.library_messages import silence_libraries
from makeready.workers.progress import Step

if TYPE_CHECKING:
    from makeready.build.check_file import ExternalFiles
    from makeready.build.watch import Rebuilt

_INTERNAL_ERROR = 70
_INTERRUPTED = 130
_EXPLAINED = {
    error.exit_code for error in (FindingsError, UsageError, MissingToolError, OutputError)
}
"""The exit codes of errors whose message is all there is to know."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=show_version,
    help="Show the versions of makeready and its engines, and exit.",
)
@verbosity_options
def makeready() -> None:
    """Make print-ready PDFs and store-ready EPUBs from Markdown chapters."""


@makeready.command(name="build")
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@kind_option
@page_list_option
@reference_option
@draft_option
@release_option
@open_queries_option
@typography_option
@build_options
@common_options_for_books
@strict_option
def build_command(
    editions: tuple[str, ...],
    kinds: tuple[str, ...],
    page_list: bool,
    reference: bool,
    draft: bool,
    release: bool,
    open_queries: bool,
    typography: bool,
    stamp: Path | None,
    profile: bool,
    notes: bool,
    books: tuple[Path, ...],
    catalogue: Path | None,
    scheduler: str,
    **options: Any,
) -> None:
    """Build EDITIONS, or all editions of the book."""
    books = books or (default_book(),)
    common = Options(books[0], **options)
    shown = Shown(profile=profile, notes=notes)
    fields = {
        "editions": editions,
        "kinds": kinds,
        "scheduler": scheduler,
        "page_list": page_list,
        "reference": reference,
        "as_draft": draft,
        "release": release,
        "open_queries": open_queries,
        "typography": typography,
    }
    if catalogue is None and len(books) == 1:
        _build_one(common, stamp, shown, **fields)
    titles = read_catalogue(catalogue) if catalogue else tuple(map(Title, books))
    for title in titles:
        require_own_book(title.book)
    requests = requests_for(titles, common.request(**fields))
    _build_several(common, stamp, shown, requests)


@makeready.command(name="watch")
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@kind_option
@page_list_option
@click.option("--profile", is_flag=True, help="Show the time that each stage of a rebuild took.")
@notes_option
@common_options
def watch_command(
    editions: tuple[str, ...],
    kinds: tuple[str, ...],
    page_list: bool,
    profile: bool,
    notes: bool,
    **options: Any,
) -> None:
    """Build the editions, and rebuild them whenever a file is saved."""
    from makeready.build.watch import rebuilds  # noqa: PLC0415

    common, shown = Options(**options), Shown(profile=profile, notes=notes)
    require_own_book(common.book)
    reporter = common.reporter(shows_stages=False)
    request = common.request(editions=editions, kinds=kinds, page_list=page_list)
    for rebuilt in rebuilds(request, reporter.step, common.time_limit):
        _show_rebuilt(reporter, rebuilt, shown)


def _show_rebuilt(reporter: Reporter, rebuilt: Rebuilt, shown: Shown) -> None:
    if rebuilt.code_changed:
        reporter.message("makeready has changed; restart watch to use the new version.")
        return
    if rebuilt.stopped_by is not None:
        error = rebuilt.stopped_by
        reporter.error(error, _log_of(error, error.exit_code))
    elif rebuilt.result is not None:
        result = without_profile(rebuilt.result, profile=shown.profile)
        show(reporter, result, notes=shown.notes, seconds=rebuilt.seconds)
        reporter.print_result_json(result, rebuilt.seconds)
        if result.failed:
            reporter.message(
                "Editions with errors were not written; their previous files are kept."
            )
    reporter.message(f"Watching {reporter.book.as_posix()} for changes (press Ctrl-C to stop).")


@makeready.command()
@click.option(
    "--guides",
    is_flag=True,
    help="Also make each printed cover with guides for trim, bleed, folds and safe area.",
)
@build_options
@common_options
@strict_option
def cover(guides: bool, stamp: Path | None, profile: bool, notes: bool, **options: Any) -> None:
    """Make only the covers: the cover image and the print covers."""
    shown = Shown(profile=profile, notes=notes)
    _build_one(Options(**options), stamp, shown, cover_only=True, guides=guides)


@makeready.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--store",
    "stores",
    multiple=True,
    shell_complete=completed_names.stores,
    help="Check against this store (default: the stores in book.toml).",
)
@external_file_options
@common_options
@strict_option
def check(
    files: tuple[Path, ...], stores: tuple[str, ...], external: dict[str, Any], **options: Any
) -> None:
    """Check the book's finished files, or FILES made by any program.

    FILES are EPUBs and tagged PDFs, or one interior PDF, checked against a printer.
    """
    from makeready.build.check_book import check_book  # noqa: PLC0415 - builds do not need it
    from makeready.build.check_file import check_external_files  # noqa: PLC0415

    common = Options(**options)
    # Paths of files on the command line are relative to the working directory, not to the book.
    reporter = Reporter(Path(), Path(), common.as_json) if files else common.reporter()
    if external["printer"] or external["cover"]:
        result = check_external_files(
            _external_files(files, external), reporter.step, common.time_limit
        )
    else:
        request = common.request(files=files, stores=stores)
        result = common.of_original(check_book(request, reporter.step, common.time_limit))
    finish(reporter, result, strict=common.strict, notes=True)


def _external_files(files: Sequence[Path], external: dict[str, Any]) -> ExternalFiles:
    from makeready.build.check_file import ExternalFiles  # noqa: PLC0415

    if len(files) != 1 or not external["printer"]:
        raise UsageError(
            "Give one PDF and its printer.", "Run: makeready check --printer kdp book.pdf"
        )
    return ExternalFiles(interior=files[0], **external)


@makeready.command()
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@click.option(
    "--store",
    "stores",
    multiple=True,
    shell_complete=completed_names.stores,
    help="Make only the folder for this store (default: all printers and stores in book.toml).",
)
@open_queries_option
@notes_option
@common_options
@strict_option
def kit(
    editions: tuple[str, ...],
    stores: tuple[str, ...],
    open_queries: bool,
    notes: bool,
    **options: Any,
) -> None:
    """Make an upload folder for each printer and store."""
    from makeready.distribution.kit import make_kits  # noqa: PLC0415

    common = Options(**options)
    reporter = common.reporter()
    request = common.request(editions=editions, stores=stores, open_queries=open_queries)
    result = make_kits(request, reporter.step, common.time_limit)
    finish(reporter, common.of_original(result), strict=common.strict, notes=notes)


@makeready.command()
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@common_options
@strict_option
def onix(editions: tuple[str, ...], **options: Any) -> None:
    """Write ONIX metadata for the book trade."""
    from makeready.onix.write_files import make_onix  # noqa: PLC0415

    common = Options(**options)
    reporter = common.reporter()
    result = make_onix(common.request(editions=editions), reporter.step, common.time_limit)
    finish(reporter, common.of_original(result), strict=common.strict, notes=True)


_MORE = (
    completion,
    diff,
    doctor,
    explain,
    html,
    init,
    measures,
    outline,
    preview,
    printers,
    proof,
    queries,
    schema,
    site,
    stores,
    themes,
    typography_command,
)
for _command in _MORE:
    makeready.add_command(_command)


def _build_one(options: Options, stamp: Path | None, shown: Shown, **fields: Any) -> NoReturn:
    reporter = options.reporter()
    request = options.request(**fields)
    result = options.of_original(build(request, reporter.step, options.time_limit))
    if not result.failed:
        stamp_files(stamp, [(request, result)])
    result = without_profile(result, profile=shown.profile)
    finish(reporter, result, strict=options.strict, notes=shown.notes)


def _build_several(
    options: Options, stamp: Path | None, shown: Shown, requests: Sequence[BuildRequest]
) -> NoReturn:
    """Build several books side by side; show each as soon as it is finished."""
    progress = options.reporter(is_animated=False)
    results: dict[int, BuildResult] = {}
    errors: dict[int, MakereadyError] = {}

    def step(index: int, step: Step) -> None:
        progress.step(replace(step, book=requests[index].book.as_posix()))

    for index, outcome in build_together(requests, step, options.time_limit):
        progress.end_progress()
        request = requests[index]
        reporter = Reporter(request.book, request.output, json_only=options.as_json)
        if isinstance(outcome, MakereadyError):
            errors[index] = outcome
            reporter.error(outcome, _log_of(outcome, outcome.exit_code))
        else:
            results[index] = without_profile(outcome, profile=shown.profile)
            show(reporter, results[index], notes=shown.notes)
    titles = [
        _title_data(request, results.get(index, errors.get(index)))
        for index, request in enumerate(requests)
    ]
    progress.print_json({"titles": titles})
    if not errors and not any(result.failed for result in results.values()):
        stamp_files(stamp, [(requests[index], result) for index, result in sorted(results.items())])
    codes = [exit_code(result, strict=options.strict) for result in results.values()]
    sys.exit(max(*codes, *(error.exit_code for error in errors.values()), 0))


def _title_data(
    request: BuildRequest, outcome: BuildResult | MakereadyError | None
) -> dict[str, object]:
    data: dict[str, object] = {"book": request.book.as_posix(), "output": request.output.as_posix()}
    if isinstance(outcome, BuildResult):
        return data | json_data(outcome)
    return data | {"error": outcome.message if outcome else ""}


def main() -> NoReturn:
    """Run the command line; each kind of failure ends with a message and its own exit code."""
    with ending_in_order():
        _run()
    sys.exit(0)


def _run() -> None:
    silence_libraries()
    try:
        makeready.main(standalone_mode=False)
    except MakereadyError as error:
        _end(error, error)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except ImportError as error:
        _end(missing_module(error), error)
    except OSError as error:
        _end(file_error(error), error)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        internal = MakereadyError(message, "This is a bug in makeready; please report it.")
        _end(internal, error, _INTERNAL_ERROR)


def _end(shown: MakereadyError, error: Exception, code: int | None = None) -> NoReturn:
    """Show the error that ended the run; of one that the user cannot explain, keep a log."""
    code = code or shown.exit_code
    Reporter(Path(), Path()).error(shown, _log_of(error, code))
    sys.exit(code)


def _log_of(error: Exception, code: int) -> Path | None:
    return None if code in _EXPLAINED else RUN_LOG.write(error)
