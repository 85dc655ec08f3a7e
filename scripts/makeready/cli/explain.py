"""The commands that show what makeready knows: rules, printers and stores."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from difflib import get_close_matches

import click

from makeready.cli import completed_names
from makeready.errors import UsageError
from makeready.findings import rules_by_id
from makeready.wording import with_placeholders

_NOT_IGNORABLE = "No [[ignore]] can accept it: nothing could be built, or text would be missing."
_VARIES = "It depends on the problem; the finding's own hint says what to do."


@click.command()
@click.argument("finding", required=False, shell_complete=completed_names.finding_ids)
def explain(finding: str | None) -> None:
    """Explain a FINDING such as MAN-001, or list all findings."""
    rules = rules_by_id()
    if finding is None:
        for one in rules.values():
            click.echo(f"{one.id}  {one.severity:<8} {with_placeholders(one.message)}")
        return
    rule = rules.get(finding.upper())
    if rule is None:
        near = get_close_matches(finding.upper(), rules, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`makeready explain` lists all ids."
        raise UsageError(f"Unknown finding id: {finding}.", hint)
    click.echo(f"{rule.id} ({rule.severity}): {with_placeholders(rule.message)}")
    advice = _VARIES if rule.hint == "{hint}" else with_placeholders(rule.hint)
    accepting = "" if rule.ignorable else _NOT_IGNORABLE
    told = (("Do", advice), ("Ignore", accepting), ("Why", rule.rationale), ("Source", rule.source))
    for label, text in told:
        if text:
            click.echo(textwrap.fill(f"{label}: {text}", 88, subsequent_indent="  "))


@click.command()
@click.argument("printer", required=False, shell_complete=completed_names.printers)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def printers(printer: str | None, as_json: bool) -> None:
    """List the supported printers, or show the rules of one."""
    from makeready.cli.tables import show_printer, show_printers  # noqa: PLC0415
    from makeready.printers.profile import printer_names, read_profile  # noqa: PLC0415

    # Artefacts depend on no clock, but the age of a figure does.
    today = datetime.now(UTC).date()
    if printer is None:
        profiles = [read_profile(name) for name in printer_names()]
        show_printers(profiles, today, as_json=as_json)
    else:
        show_printer(read_profile(printer), today, as_json=as_json)


@click.command()
@click.argument("store", required=False, shell_complete=completed_names.stores)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stores(store: str | None, as_json: bool) -> None:
    """List the supported e-book stores, or show the rules of one."""
    from makeready.cli.tables import show_store, show_stores  # noqa: PLC0415
    from makeready.stores.store import read_store, stores_named  # noqa: PLC0415

    today = datetime.now(UTC).date()
    if store is None:
        show_stores(stores_named(()), today, as_json=as_json)
    else:
        show_store(read_store(store), today, as_json=as_json)
