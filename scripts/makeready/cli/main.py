"""The command line: arguments, progress, exit codes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from makeready import __version__
from makeready.build.batch import Title, build_together, orders_of, read_catalogue
from makeready.build.job import build
from makeready.build.request import BuildRequest, BuildResult
from makeready.cli.explain import explain, printers, stores
from makeready.cli.new_book import write_starter
from makeready.cli.options import (
    Options,
    common,
    common_of_several,
    kinds,
    making,
    page_list,
    reference,
    strict,
    submitting,
)
from makeready.cli.reporter import Screen, described
from makeready.cli.results import exit_code, finish, show, stamp_files, without_profile
from makeready.errors import MakereadyError, UsageError
from makeready.workers.progress import Step

if TYPE_CHECKING:
    from makeready.build.check_file import ExternalFiles
    from makeready.build.watch import Rebuilt

_OUR_BUG = 70
_INTERRUPTED = 130
_TERMINATED = 143


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="makeready")
def makeready() -> None:
    """Make print-ready PDFs and store-ready EPUBs from Markdown chapters."""


@makeready.command(name="build")
@click.argument("editions", nargs=-1)
@kinds
@page_list
@reference
@making
@common_of_several
@strict
def build_command(
    editions: tuple[str, ...],
    kinds: tuple[str, ...],
    page_list: bool,
    reference: bool,
    stamp: Path | None,
    profile: bool,
    books: tuple[Path, ...],
    catalogue: Path | None,
    scheduler: str,
    **options: Any,
) -> None:
    """Build the named EDITIONS, or all editions of the book (or books)."""
    given = Options(books[0], **options)
    what = {
        "editions": editions,
        "kinds": kinds,
        "scheduler": scheduler,
        "page_list": page_list,
        "reference": reference,
    }
    if catalogue is None and len(books) == 1:
        _make(given, stamp, profile=profile, **what)
    titles = read_catalogue(catalogue) if catalogue else tuple(map(Title, books))
    _make_together(given, stamp, orders_of(titles, given.request(**what)), profile=profile)


@makeready.command(name="watch")
@click.argument("editions", nargs=-1)
@kinds
@page_list
@click.option("--profile", is_flag=True, help="Show the time that each stage of a rebuild took.")
@common
def watch_command(
    editions: tuple[str, ...],
    kinds: tuple[str, ...],
    page_list: bool,
    profile: bool,
    **options: Any,
) -> None:
    """Build the editions, and rebuild them whenever a file is saved."""
    from makeready.build.watch import rebuilds  # noqa: PLC0415

    given = Options(**options)
    screen = given.screen(tells_stages=False)
    request = given.request(editions=editions, kinds=kinds, page_list=page_list)
    for rebuilt in rebuilds(request, screen.step, 2 * given.time_limit):
        _show_rebuilt(screen, rebuilt, profile=profile)


def _show_rebuilt(screen: Screen, rebuilt: Rebuilt, *, profile: bool) -> None:
    if rebuilt.code_changed:
        screen.say("makeready has changed; restart watch to use the new version.")
        return
    if rebuilt.stopped_by is not None:
        screen.error(rebuilt.stopped_by)
    elif rebuilt.result is not None:
        result = without_profile(rebuilt.result, profile=profile)
        show(screen, result, notes=False, seconds=rebuilt.seconds)
        screen.document(result, rebuilt.seconds)
        if result.failed:
            screen.say("Editions with errors were not written; their previous files are kept.")
    screen.say(f"Watching {screen.book.as_posix()} for changes (press Ctrl-C to stop).")


@makeready.command()
@click.option(
    "--guides",
    is_flag=True,
    help="Also make each printed cover with guides for trim, bleed, folds and safe area.",
)
@making
@common
@strict
def cover(guides: bool, stamp: Path | None, profile: bool, **options: Any) -> None:
    """Make only the covers: the cover image, and the print cover of each print edition."""
    _make(Options(**options), stamp, profile=profile, cover_only=True, guides=guides)


@makeready.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--store",
    "stores",
    multiple=True,
    help="Check against this store (default: stores in book.toml, else all).",
)
@submitting
@common
@strict
def check(
    files: tuple[Path, ...], stores: tuple[str, ...], submitted: dict[str, Any], **options: Any
) -> None:
    """Check the book's finished files, or FILES made by any program.

    FILES are EPUBs, checked against the stores, or one interior PDF, checked against a printer.
    """
    from makeready.build.check_book import preflight  # noqa: PLC0415 - a build has no use for them
    from makeready.build.check_file import prove  # noqa: PLC0415

    given = Options(**options)
    # Files that are named are found from here, and not in the folder of a book.
    screen = Screen(Path(), Path(), given.as_json) if files else given.screen()
    if submitted["printer"] or any(file.suffix.lower() == ".pdf" for file in files):
        result = prove(_submission(files, submitted), screen.step, given.time_limit)
    else:
        request = given.request(files=files, stores=stores)
        result = preflight(request, screen.step, given.time_limit)
    finish(screen, result, strict=given.strict, notes=True)


def _submission(files: Sequence[Path], submitted: dict[str, Any]) -> ExternalFiles:
    from makeready.build.check_file import ExternalFiles  # noqa: PLC0415

    if len(files) != 1 or not submitted["printer"]:
        raise UsageError(
            "Give one PDF and its printer.", "Run: makeready check --printer kdp book.pdf"
        )
    return ExternalFiles(interior=files[0], **submitted)


@makeready.command()
@click.argument("editions", nargs=-1)
@click.option(
    "--store",
    "stores",
    multiple=True,
    help="Make only the folder for this store (default: all printers and stores in book.toml).",
)
@common
@strict
def kit(editions: tuple[str, ...], stores: tuple[str, ...], **options: Any) -> None:
    """Make an upload folder for each printer and store."""
    from makeready.distribution.kit import make_kits  # noqa: PLC0415

    given = Options(**options)
    screen = given.screen()
    result = make_kits(
        given.request(editions=editions, stores=stores), screen.step, given.time_limit
    )
    finish(screen, result, strict=given.strict, notes=False)


@makeready.command()
@click.argument("editions", nargs=-1)
@common
@strict
def onix(editions: tuple[str, ...], **options: Any) -> None:
    """Write ONIX metadata for the book trade."""
    from makeready.onix.write_files import make_onix  # noqa: PLC0415

    given = Options(**options)
    screen = given.screen()
    result = make_onix(given.request(editions=editions), screen.step, given.time_limit)
    finish(screen, result, strict=given.strict, notes=True)


@makeready.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="Untitled", help="The book's title.")
@click.option("--author", default="Unknown Author", help="The author's name.")
def init(folder: Path, title: str, author: str) -> None:
    """Create a new book: FOLDER with a book.toml and a first chapter."""
    for path in write_starter(folder, title, author):
        click.echo(path.as_posix())
    click.echo(f"Next: makeready build --book {folder.as_posix()}")


for _command in (explain, printers, stores):
    makeready.add_command(_command)


def _make(options: Options, stamp: Path | None, *, profile: bool, **what: Any) -> NoReturn:
    screen = options.screen()
    request = options.request(**what)
    result = build(request, screen.step, 2 * options.time_limit)
    if not result.failed:
        stamp_files(stamp, [(request, result)])
    finish(screen, without_profile(result, profile=profile), strict=options.strict, notes=False)


def _make_together(
    options: Options, stamp: Path | None, requests: Sequence[BuildRequest], *, profile: bool
) -> NoReturn:
    line = options.screen(moves=False)
    made: dict[int, BuildResult] = {}
    failed: dict[int, MakereadyError] = {}

    def step(place: int, step: Step) -> None:
        line.step(replace(step, book=requests[place].book.as_posix()))

    for place, came in build_together(requests, step, 2 * options.time_limit):
        line.rest()
        screen = Screen(requests[place].book, requests[place].output, json_only=options.as_json)
        if isinstance(came, MakereadyError):
            failed[place] = came
            screen.error(came)
        else:
            made[place] = without_profile(came, profile=profile)
            show(screen, made[place], notes=False)
    line.data(
        {"titles": [_title(requests[n], made.get(n, failed.get(n))) for n in range(len(requests))]}
    )
    if not failed and not any(result.failed for result in made.values()):
        stamp_files(stamp, [(requests[place], result) for place, result in sorted(made.items())])
    codes = [exit_code(result, strict=options.strict) for result in made.values()]
    sys.exit(max(*codes, *(error.exit_code for error in failed.values()), 0))


def _title(request: BuildRequest, came: BuildResult | MakereadyError | None) -> dict[str, object]:
    data: dict[str, object] = {"book": request.book.as_posix(), "output": request.output.as_posix()}
    if isinstance(came, BuildResult):
        return data | described(came)
    return data | {"error": came.message if came else ""}


def main() -> NoReturn:
    """Run the command line; every failure ends in a message and an exit code of its own."""
    screen = Screen(Path(), Path())
    # As for Ctrl-C: what was begun is to be ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        makeready.main(standalone_mode=False)
    except MakereadyError as error:
        screen.error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        screen.rest()
        sys.exit(_INTERRUPTED)
    except OSError as error:
        screen.error(UsageError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")))
        sys.exit(UsageError.exit_code)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        screen.error(MakereadyError(message, "This is a bug in makeready; please report it."))
        sys.exit(_OUR_BUG)
    sys.exit(0)
