"""The command that shows what Markdown files are read as."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from makeready.cli.options import notes_option, strict_option
from makeready.cli.reporter import Reporter
from makeready.errors import UsageError
from makeready.files import write_whole
from makeready.findings import Findings, Severity

_STANDARD_INPUT = Path("-")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write an .xhtml file for each FILE to this folder (default: print them).",
)
@click.option("--language", default="en", show_default=True, help="Language of the text.")
@notes_option
@strict_option
def html(
    files: tuple[Path, ...], output: Path | None, language: str, notes: bool, strict: bool
) -> None:
    """Show what Markdown FILES are read as, in XHTML.

    A FILE “-” is the standard input.
    """
    from makeready.book.schema import is_language  # noqa: PLC0415
    from makeready.manuscript.source import read_source, read_stream  # noqa: PLC0415
    from makeready.manuscript.xhtml import xhtml_of_text  # noqa: PLC0415

    if not is_language(language):
        raise UsageError(f"“{language}” is not a language tag.", "Use one such as en, pt-BR or uk.")
    names = [_stem(file) for file in files]
    if output is not None and len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"Two files would be written to {name}.xhtml.", "Name them one by one.")
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    has_failed = False
    for file in files:
        findings = Findings()
        path = Path("<stdin>") if file == _STANDARD_INPUT else file
        if file == _STANDARD_INPUT:
            raw = read_stream(sys.stdin.buffer, path.name, findings)
        else:
            raw = read_source(file.parent, file.name, findings)
        document = None if raw is None else xhtml_of_text(raw, path, language, findings)
        if document is not None and output is None:
            sys.stdout.buffer.write(document)
            sys.stdout.buffer.flush()
        elif document is not None and output is not None:
            write_whole(output / f"{_stem(file)}.xhtml", document)
        Reporter(path.parent, Path()).findings(findings, notes=notes)
        has_failed |= any(finding.severity in failing for finding in findings)
    sys.exit(1 if has_failed else 0)


def _stem(file: Path) -> str:
    return "stdin" if file == _STANDARD_INPUT else file.stem
