"""The command ``makeready site``."""

from __future__ import annotations

from typing import Any

import click

from makeready.cli import completed_names
from makeready.cli.options import Options, common_options, notes_option, strict_option
from makeready.cli.results import finish


@click.command()
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@notes_option
@common_options
@strict_option
def site(editions: tuple[str, ...], notes: bool, **options: Any) -> None:
    """Make a web site of the book, one page a section.

    EDITIONS names the e-book that it is made of, if the book has several.
    """
    from makeready.site.write_site import write_site  # noqa: PLC0415 - few commands need it

    common = Options(**options)
    reporter = common.reporter()
    result = write_site(common.request(editions=editions), reporter.step, common.time_limit)
    finish(reporter, common.of_original(result), strict=common.strict, notes=notes)
