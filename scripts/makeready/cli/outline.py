"""The command that prints what a screen reader says of finished PDFs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from makeready.cli.reporter import Reporter
from makeready.wording import counted, one_line

if TYPE_CHECKING:
    from makeready.build.read_pdf_aloud import FileAloud
    from makeready.checks.reading.read_aloud import ReadAloud, Spoken

_DEEPEST_INDENT = 12
_MOST_PAGES = 20


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--headings", is_flag=True, help="Print the headings only.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=1),
    default=300.0,
    show_default=True,
    help="Seconds that one file may take.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def outline(files: tuple[Path, ...], headings: bool, time_limit: float, as_json: bool) -> None:
    """Print what a screen reader says of tagged PDFs, with roles.

    FILES are PDFs made by any program.
    """
    from makeready.build.read_pdf_aloud import read_files_aloud  # noqa: PLC0415

    reporter = Reporter(Path(), Path(), as_json)
    click.get_current_context().call_on_close(reporter.end_progress)
    read = read_files_aloud(files, reporter.step, time_limit)
    reporter.end_progress()
    if as_json:
        whole = [_as_data(one, one.said, headings=headings) for one in read if one.said]
        reporter.print_json({"files": whole}, indent=2)
    for one in read:
        if one.said is not None and not as_json:
            for line in _lines(one, one.said, headings=headings):
                click.echo(one_line(line))
        if one.error is not None:
            reporter.error(one.error)
    sys.exit(1 if any(one.error for one in read) else 0)


def _parts(said: ReadAloud, *, headings: bool) -> Iterator[Spoken]:
    return (part for part in said.parts if part.kind == "heading" or not headings)


def _as_data(one: FileAloud, said: ReadAloud, *, headings: bool) -> dict[str, object]:
    return {
        "path": one.path.as_posix(),
        "title": said.title,
        "language": said.language,
        "parts": [
            {
                "depth": part.depth,
                "kind": part.kind,
                "tag": part.tag,
                "level": part.level or None,
                "size": part.size or None,
                "language": part.language,
                "page": None if part.page is None else part.page + 1,
                "label": _label(said, part.page),
                "text": part.text,
                "empty": part.is_empty,
            }
            for part in _parts(said, headings=headings)
        ],
        "pages_with_untagged_content": [page + 1 for page in said.unread_pages],
    }


def _label(said: ReadAloud, page: int | None) -> str | None:
    return said.labels[page] if page is not None and page < len(said.labels) else None


def _lines(one: FileAloud, said: ReadAloud, *, headings: bool) -> Iterator[str]:
    yield f"{one.path.as_posix()}: {said.title or '(no title)'}, {said.language or '(no language)'}"
    page = None
    for part in _parts(said, headings=headings):
        if part.page is not None and part.page != page:
            page = part.page
            label = _label(said, page)
            yield f"-- page {page + 1}{f' ({label})' if label and label != str(page + 1) else ''}"
        depth = part.level - 1 if headings and part.level else part.depth
        yield "  " * min(depth, _DEEPEST_INDENT) + _line(part)
    if said.unread_pages:
        numbers = ", ".join(str(number + 1) for number in said.unread_pages[:_MOST_PAGES])
        more = len(said.unread_pages) - _MOST_PAGES
        yield (
            f"-- not read: content in no tag on {counted(len(said.unread_pages), 'page')}: "
            f"{numbers}{' …' if more > 0 else ''}"
        )


def _line(part: Spoken) -> str:
    kind = f"{part.kind} {part.level}" if part.level else part.kind
    kind += f" of {part.size}" if part.size else ""
    kind += f" [{part.language}]" if part.language else ""
    if part.text:
        return f"{kind}: {part.text}"
    if part.kind in ("figure", "formula"):
        return f"{kind} (no alternative text)"
    return f"{kind} (empty)" if part.is_empty else kind
