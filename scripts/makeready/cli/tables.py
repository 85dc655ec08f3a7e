"""Tables of printers, stores and their rules, and of the times of a run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from makeready.printers.description import (
    Description,
    HasRules,
    describe_printer,
    is_stale,
    oldest_check_date,
)
from makeready.printers.profile import Profile
from makeready.stores.description import describe_store
from makeready.stores.store import Store
from makeready.workers.profile import RunProfile, StageTime

_SLOWEST_SECTIONS = 10
_STALE_WARNING = "Some figures are more than a year old; compare them with the {kind}'s website."


def show_printers(profiles: Sequence[Profile], today: date, *, as_json: bool) -> None:
    """List printers: name, title, bindings, and the day the oldest figure was read."""
    if as_json:
        _show_json([_printer_summary(profile, today) for profile in profiles])
        return
    rows = [
        (one.name, one.title, ", ".join(one.bindings), _checked_text(one, today))
        for one in profiles
    ]
    hint = "Run `makeready printers NAME` for a printer's rules and their sources."
    _show_list(("name", "printer", "bindings", "checked"), rows, hint)
    _warn_if_stale(profiles, today, "printer")


def show_stores(stores: Sequence[Store], today: date, *, as_json: bool) -> None:
    """List stores: name, title, and the day the oldest figure was read."""
    if as_json:
        _show_json([_summary(store, today) for store in stores])
        return
    rows = [(store.name, store.title, _checked_text(store, today)) for store in stores]
    hint = "Run `makeready stores NAME` for a store's rules and their sources."
    _show_list(("name", "store", "checked"), rows, hint)
    _warn_if_stale(stores, today, "store")


def show_printer(profile: Profile, today: date, *, as_json: bool) -> None:
    """Show all the rules of a printer, with their sources."""
    if as_json:
        _show_json({**_printer_summary(profile, today), "rules": asdict(profile.rules)})
        return
    _show_rules(describe_printer(profile))
    _warn_if_stale([profile], today, "printer")


def show_store(store: Store, today: date, *, as_json: bool) -> None:
    """Show all the rules of a store, with their sources."""
    if as_json:
        _show_json({**_summary(store, today), "rules": asdict(store.rules)})
        return
    _show_rules(describe_store(store))
    _warn_if_stale([store], today, "store")


def _show_rules(description: Description) -> None:
    console = Console(highlight=False)
    console.print(f"[bold]{escape(description.title)}[/]")
    for sheet in description.tables:
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


def show_profile(profile: RunProfile) -> None:
    """Show a run's stages, its slowest sections and its paragraphs, on the error stream."""
    console = Console(stderr=True, highlight=False)
    table = _table(("stage", "edition", "seconds", "share", "workers"))
    table.columns[2].justify = table.columns[3].justify = table.columns[4].justify = "right"
    other = profile.seconds - sum(stage.seconds for stage in profile.stages)
    for stage in (
        *profile.stages,
        StageTime("Other", "", other),
        StageTime("Total", "", profile.seconds),
    ):
        share = f"{stage.seconds / max(profile.seconds, 1e-9):.0%}"
        work = f"{stage.worker_seconds:.2f} s" if stage.worker_seconds else ""
        table.add_row(stage.stage, escape(stage.edition), f"{stage.seconds:.2f} s", share, work)
    console.print(table)
    if profile.sections:
        table = _table(("slowest sections", "edition", "times", "seconds"))
        table.columns[2].justify = table.columns[3].justify = "right"
        for section in profile.sections[:_SLOWEST_SECTIONS]:
            row = (section.section, section.edition, str(section.runs))
            table.add_row(*map(escape, row), f"{section.seconds:.2f} s")
        console.print(table)
    if profile.paragraphs:
        table = _table(("paragraphs", "edition", "number"))
        table.columns[2].justify = "right"
        for counted in profile.paragraphs:
            reason = counted.reason and f"broken by the engine: {counted.reason}"
            name = reason or "broken as a whole"
            table.add_row(name, escape(counted.edition), f"{counted.count:,}")
        console.print(table)


def _table(columns: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _show_json(data: object) -> None:
    Console(highlight=False).print_json(json.dumps(data, default=str))


def _show_list(columns: Sequence[str], rows: Sequence[Sequence[str]], hint: str) -> None:
    console = Console(highlight=False)
    table = _table(columns)
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)
    console.print(hint)


def _warn_if_stale(profiles: Sequence[HasRules], today: date, kind: str) -> None:
    if any(is_stale(oldest_check_date(profile), today) for profile in profiles):
        Console(highlight=False).print(_STALE_WARNING.format(kind=kind), style="yellow")


def _checked_text(profile: HasRules, today: date) -> str:
    checked_on = oldest_check_date(profile)
    old = " (over a year old)" if is_stale(checked_on, today) else ""
    return f"{checked_on.isoformat()}{old}"


def _printer_summary(profile: Profile, today: date) -> dict[str, object]:
    return {**_summary(profile, today), "bindings": profile.bindings}


def _summary(profile: HasRules, today: date) -> dict[str, object]:
    checked_on = oldest_check_date(profile)
    return {
        "name": profile.name,
        "title": profile.title,
        "checked_on": checked_on.isoformat(),
        "stale": is_stale(checked_on, today),
    }
