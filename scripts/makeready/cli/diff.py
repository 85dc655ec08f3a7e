"""The command that compares the pages of two files, or of a book at two times."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from makeready.cli.options import Options, common_options
from makeready.errors import UsageError
from makeready.wording import counted, visible

if TYPE_CHECKING:
    from makeready.build.compare import Side
    from makeready.cli.reporter import Reporter
    from makeready.comparison.compare_files import Comparison

_USAGE = "Run: makeready diff old.pdf new.pdf, or: makeready diff --since v1.0"


@click.command()
@click.argument("sides", nargs=-1)
@click.option(
    "--since",
    metavar="REVISION",
    default="",
    help="Compare the book with what it was at this revision in git, such as a tag.",
)
@click.option("--pdf/--no-pdf", "draws", default=True, help="Write a PDF with the pages, or none.")
@click.option("--strict", is_flag=True, help="Exit with an error if a page changed.")
@common_options
def diff(sides: tuple[str, ...], since: str, draws: bool, strict: bool, **options: Any) -> None:
    """Compare the pages of two PDFs, or of a book with a revision.

    SIDES are two PDFs made by any program, or the folders of two books; with --since an edition,
    by default the first with pages.
    """
    from makeready.build.compare import compare  # noqa: PLC0415

    common = Options(**options)
    reporter = common.reporter()
    with _sides(sides, since, common, reporter) as (old, new):
        comparison, content = compare(
            old, new, common.cache, reporter.step, common.time_limit, draws=draws
        )
    reporter.end_progress()
    written = _write(content, common, new) if content and comparison.shown() else None
    if common.as_json:
        reporter.print_json(_as_data(comparison, old, new, written))
    else:
        _print(comparison, written)
    sys.exit(1 if strict and comparison.shown() else 0)


def _sides(
    sides: tuple[str, ...], since: str, options: Options, reporter: Reporter
) -> AbstractContextManager[tuple[Side, Side]]:
    from makeready.build.compare import Side, sides_of_folders, sides_since  # noqa: PLC0415

    limit = options.time_limit
    if since:
        if len(sides) > 1:
            raise UsageError("With --since name one edition at most.", _USAGE)
        edition = sides[0] if sides else ""
        return sides_since(options.request(), since, edition, reporter.step, limit)
    if len(sides) != 2:  # noqa: PLR2004
        raise UsageError("Name two files to compare.", _USAGE)
    old, new = map(Path, sides)
    if old.is_dir() and new.is_dir():
        before, after = (replace(options.request(), book=folder) for folder in (old, new))
        return sides_of_folders(before, after, "", reporter.step, limit)
    return nullcontext((Side(old, old.name), Side(new, new.name)))


def _write(content: bytes, options: Options, new: Side) -> Path:
    from makeready.files import write_whole  # noqa: PLC0415

    options.output.mkdir(parents=True, exist_ok=True)
    target = options.output / f"{new.path.stem}.diff.pdf"
    write_whole(target, content)
    return target


def _print(comparison: Comparison, written: Path | None) -> None:
    from makeready.comparison.wording import change_in_words, counts_in_words  # noqa: PLC0415

    for page in comparison.shown():
        click.echo(visible(change_in_words(page)))
    click.echo(visible(counts_in_words(comparison)))
    if written is not None:
        shown = counted(len(comparison.shown()), "page")
        click.echo(visible(f"{written.as_posix()}  {shown} side by side"))


def _as_data(
    comparison: Comparison, old: Side, new: Side, written: Path | None
) -> dict[str, object]:
    return {
        "old": old.name,
        "new": new.name,
        "pdf": written.as_posix() if written is not None else None,
        "counts": {str(change): count for change, count in comparison.counts().items()},
        "pages": [
            {
                "change": str(page.change),
                "old_page": page.old + 1 if page.old is not None else None,
                "new_page": page.new + 1 if page.new is not None else None,
                "old_label": page.old_label,
                "new_label": page.new_label,
                "old_boxes": [box._asdict() for box in page.old_boxes],
                "new_boxes": [box._asdict() for box in page.new_boxes],
                "removed": list(page.removed),
                "added": list(page.added),
            }
            for page in comparison.pages
            if page.change != "same"
        ],
    }
