"""Tables on a terminal or in a pipe: printers and their rules, and where a run's time went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from makeready.printers.description import describe_printer, is_stale, oldest_check
from makeready.printers.profile import Profile
from makeready.stopwatch import Lap, TimeSheet

_SLOWEST = 10
_STALE = "Some figures were read more than a year ago: compare them with the printer's pages."


def show_printers(profiles: Sequence[Profile], today: date, *, as_json: bool) -> None:
    """List printers: name, title, bindings, and the day the oldest figure was read."""
    console = Console(highlight=False)
    if as_json:
        console.print_json(json.dumps([_summary(profile, today) for profile in profiles]))
        return
    table = _table(("name", "printer", "bindings", "checked"))
    for profile in profiles:
        checked_on = oldest_check(profile)
        old = " (over a year ago)" if is_stale(checked_on, today) else ""
        table.add_row(
            profile.name,
            escape(profile.title),
            ", ".join(profile.bindings),
            f"{checked_on.isoformat()}{old}",
        )
    console.print(table)
    console.print("`makeready printers NAME` shows a printer's rules and their sources.")
    if any(is_stale(oldest_check(profile), today) for profile in profiles):
        console.print(_STALE, style="yellow")


def show_printer(profile: Profile, today: date, *, as_json: bool) -> None:
    """Show all the rules of a printer, with their sources."""
    console = Console(highlight=False)
    if as_json:
        rules = {**_summary(profile, today), "rules": asdict(profile.rules)}
        console.print_json(json.dumps(rules, default=str))
        return
    description = describe_printer(profile)
    console.print(f"[bold]{escape(description.title)}[/]")
    for sheet in description.sheets:
        table = _table(sheet.columns)
        for row in sheet.rows:
            table.add_row(*map(escape, row))
        console.print(f"\n[bold]{sheet.title}[/]")
        console.print(table)
        for note in sheet.notes:
            console.print(f"[dim]Note: {escape(note)}[/]")
    console.print("\n[bold]Sources[/]")
    for number, source in enumerate(description.sources, start=1):
        console.print(f"{number:>3}  {escape(source)}", soft_wrap=True)
    if is_stale(oldest_check(profile), today):
        console.print(_STALE, style="yellow")


def show_time_sheet(sheet: TimeSheet) -> None:
    """Show on the error stream where the time of a run went, and its slowest sections."""
    console = Console(stderr=True, highlight=False)
    table = _table(("stage", "edition", "seconds", "share", "workers"))
    table.columns[2].justify = table.columns[3].justify = table.columns[4].justify = "right"
    rest = sheet.seconds - sum(lap.seconds for lap in sheet.laps)
    for lap in (*sheet.laps, Lap("Everything else", "", rest), Lap("In all", "", sheet.seconds)):
        share = f"{lap.seconds / max(sheet.seconds, 1e-9):.0%}"
        work = f"{lap.worker_seconds:.2f} s" if lap.worker_seconds else ""
        table.add_row(lap.stage, escape(lap.edition), f"{lap.seconds:.2f} s", share, work)
    console.print(table)
    if not sheet.sections:
        return
    table = _table(("slowest sections", "edition", "times", "seconds"))
    table.columns[2].justify = table.columns[3].justify = "right"
    for section in sheet.sections[:_SLOWEST]:
        row = (section.section, section.edition, str(section.times))
        table.add_row(*map(escape, row), f"{section.seconds:.2f} s")
    console.print(table)


def _table(columns: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _summary(profile: Profile, today: date) -> dict[str, object]:
    checked_on = oldest_check(profile)
    return {
        "name": profile.name,
        "title": profile.title,
        "bindings": profile.bindings,
        "checked_on": checked_on.isoformat(),
        "stale": is_stale(checked_on, today),
    }
