"""The command that makes proofs for editors and authors."""

from __future__ import annotations

from typing import Any

import click

from makeready.build.job import build
from makeready.build.request import ProofRequest
from makeready.cli import completed_names
from makeready.cli.options import Options, common_options, kind_option, notes_option, strict_option
from makeready.cli.results import finish, without_profile


@click.command()
@click.argument("editions", nargs=-1, shell_complete=completed_names.edition_names)
@kind_option
@click.option(
    "--since",
    metavar="REVISION",
    default="",
    help="Mark what changed since this revision in git, such as a tag.",
)
@click.option(
    "--watermark",
    metavar="TEXT",
    default="Proof",
    show_default=True,
    help='Word across every page; --watermark "" for none.',
)
@notes_option
@common_options
@strict_option
def proof(
    editions: tuple[str, ...],
    kinds: tuple[str, ...],
    since: str,
    watermark: str,
    notes: bool,
    **options: Any,
) -> None:
    """Make proofs: pages with line numbers, queries and changes.

    EDITIONS are by default the first edition with pages, and the first e-book.
    """
    common = Options(**options)
    reporter = common.reporter()
    asked = ProofRequest(since, watermark)
    request = common.request(editions=editions, kinds=kinds, as_draft=True, proof=asked)
    result = common.of_original(build(request, reporter.step, common.time_limit))
    result = without_profile(result, profile=False)
    finish(reporter, result, strict=common.strict, notes=notes)
