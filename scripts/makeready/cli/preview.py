"""``makeready preview``: the book in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from makeready.book.model import BOOK_FILE
from makeready.cli import completed_names
from makeready.cli.options import Options, preview_options, require_own_book
from makeready.errors import UsageError
from makeready.findings import SourceLocation
from makeready.wording import counted, visible

if TYPE_CHECKING:
    from makeready.cli.reporter import Reporter
    from makeready.preview.made import Shown

_MOST_LABELS = 4
_EDITOR = "MAKEREADY_EDITOR"


@click.command()
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    show_default="the first free one from 8470 on",
    help="Port of the local web page; 0 for any that is free.",
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.")
@click.option(
    "--editor",
    default="",
    envvar=_EDITOR,
    help="Editor that a click on a line opens: vscode, vscodium, cursor, zed, idea, textmate, "
    "bbedit, or a command with {file} and {line}.",
)
@click.option(
    "--since",
    metavar="REVISION",
    default="",
    help="Show what has changed since this revision in git, such as a tag, old and new side by "
    "side.",
)
@click.option(
    "--goto",
    metavar="FILE:LINE",
    default="",
    help="Have the preview that is running show this line of the manuscript, and end.",
)
@preview_options
def preview(
    editions: tuple[str, ...],
    port: int | None,
    opens: bool,
    editor: str,
    since: str,
    goto: str,
    **options: Any,
) -> None:
    """Show the book in a browser, with pages that follow every save.

    EDITIONS are those to show; all editions of the book by default.
    """
    if goto:
        _go_to(goto)
        return
    # No other command needs them.
    import secrets  # noqa: PLC0415
    import tempfile  # noqa: PLC0415
    import webbrowser  # noqa: PLC0415

    from makeready.preview.editors import editor_of  # noqa: PLC0415
    from makeready.preview.run import run_preview  # noqa: PLC0415
    from makeready.preview.running import noted_down  # noqa: PLC0415
    from makeready.preview.server import ServerProcess, ServerSetup, listen  # noqa: PLC0415

    chosen = editor_of(editor)
    with tempfile.TemporaryDirectory(prefix="makeready-preview-") as folder:
        common = Options(output=Path(folder), as_json=False, **options)
        require_own_book(common.book)
        if not (common.book / BOOK_FILE).is_file():
            raise UsageError(
                f"{common.book.as_posix()} has no {BOOK_FILE}.", "Name the folder with --book."
            )
        if since:
            _require_revision(common.book, since)
        reporter = common.reporter(shows_stages=False)
        request = common.request(editions=editions)
        with listen(port) as listener:
            setup = ServerSetup(
                common.book.absolute(),
                secrets.token_urlsafe(24),
                listener.getsockname()[1],
                chosen,
                since,
            )
            with noted_down(setup), ServerProcess(setup, listener) as server:
                click.echo(f"Preview: {setup.address}")
                reporter.message("Press Ctrl-C to stop.")
                if opens and _has_screen():
                    webbrowser.open(setup.address)
                run_preview(
                    request,
                    server,
                    reporter.step,
                    lambda shown: _tell(reporter, shown),
                    common.time_limit,
                )


def _require_revision(book: Path, since: str) -> None:
    from makeready.external.git import repository_of  # noqa: PLC0415

    repository = repository_of(book)
    if repository is None:
        raise UsageError(
            f"{book.as_posix()} is not in a git repository, so nothing is known of “{since}”.",
            "Leave --since out: the preview can show what has changed since it was started.",
        )
    repository.commit(since)


def _has_screen() -> bool:
    """Return whether a browser has a screen; without one Python would open it in the terminal."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return sys.platform == "darwin" or any(os.environ.get(name) for name in names)


def _go_to(text: str) -> None:
    from makeready.preview.running import go_to  # noqa: PLC0415

    path, _, line = text.rpartition(":")
    if not path or not line.isdigit():
        raise UsageError(
            f"“{text}” is not a file and a line.",
            "Write it as manuscript/chapter-3.md:41.",
        )
    if not go_to(SourceLocation(path, int(line))):
        click.echo("The preview is running, but no browser shows it.", err=True)


def _tell(reporter: Reporter, shown: Shown) -> None:
    """Say which pages a save has changed, or what is wrong."""
    made = shown.pages
    errors = sum(one.severity == "error" for one in made.findings)
    found = f"; {counted(errors, 'error')}" if errors else ""
    if made.file is None:
        reporter.findings(made.findings, notes=False)
        reporter.message(visible(made.error or "The pages could not be made; save to try again."))
        return
    labels = [page.label for page in made.pages if page.digest in shown.changed]
    listed = f" ({', '.join(labels)})" if 0 < len(labels) <= _MOST_LABELS else ""
    pages = f"{len(made.pages)} pages, {len(labels)} changed{listed}"
    reporter.message(f"{made.edition}: {pages}, in {shown.seconds:.2f} s{found}")
