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
    """Show what Markdown FILES are read as, in XHTML."""
    from makeready.manuscript.xhtml import xhtml_of_file  # noqa: PLC0415

    names = [file.stem for file in files]
    if output is not None and len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"Two files would be written to {name}.xhtml.", "Name them one by one.")
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    has_failed = False
    for file in files:
        findings = Findings()
        document = xhtml_of_file(file, language, findings)
        if document is not None and output is None:
            sys.stdout.buffer.write(document)
            sys.stdout.buffer.flush()
        elif document is not None and output is not None:
            write_whole(output / f"{file.stem}.xhtml", document)
        Reporter(file.parent, Path()).findings(findings, notes=notes)
        has_failed |= any(finding.severity in failing for finding in findings)
    sys.exit(1 if has_failed else 0)
