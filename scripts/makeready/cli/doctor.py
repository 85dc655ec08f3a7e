"""The command ``makeready doctor``: the state of this machine, and what to type to complete it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from makeready import __version__
from makeready.errors import MissingToolError
from makeready.external.installing import Installing, installing_on, one_command, system_options
from makeready.external.tool import DIAGRAMS, IMPORTS, OPTIONAL, ToolState

if TYPE_CHECKING:
    from makeready.external.machine import MachineState

_NEEDED_BY_FEW = (DIAGRAMS, IMPORTS, OPTIONAL)
"""The uses of tools that need not be installed."""


@click.command()
@click.option(
    "--system",
    "system",
    type=click.Choice([*system_options(), "all"]),
    help="Show what to type on another system, or on all of them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(system: str | None, as_json: bool) -> None:
    """List what this machine lacks, and how to install it."""
    if system is not None:
        _show_installing(system_options() if system == "all" else (system,), as_json=as_json)
        return
    # Imported here because it imports what each tool is used by, which no build needs.
    from makeready.external.machine import machine_state  # noqa: PLC0415

    machine = machine_state()
    if as_json:
        click.echo(json.dumps(_as_data(machine), indent=2))
    else:
        click.echo("\n".join(_lines(machine)))
    sys.exit(0 if machine.builds_work else MissingToolError.exit_code)


def _show_installing(options: Sequence[str], *, as_json: bool) -> None:
    """Show what to type on some systems."""
    shown = {option: installing_on(option) for option in options}
    if as_json:
        data = {option: asdict(one) for option, one in shown.items()}
        click.echo(json.dumps({"systems": data}, indent=2))
    else:
        click.echo("\n\n".join("\n".join(_installing_lines(one)) for one in shown.values()))


def _installing_lines(one: Installing) -> Iterator[str]:
    yield one.system
    if one.first:
        yield "  In PowerShell, as administrator; then restart, and go on in the window of Ubuntu:"
        yield from (f"    {line}" for line in one.first)
    yield "  To build books:"
    yield from (f"    {line}" for line in one.needed)
    yield "  For all checks, diagrams, and imports from word processors:"
    yield f"    {one.optional}"
    yield from (f"    {name}: {words}" for name, words in one.elsewhere.items())


def _as_data(machine: MachineState) -> dict[str, object]:
    return {
        "makeready": __version__,
        "system": machine.system,
        "builds_work": machine.builds_work,
        "tools": [
            asdict(tool) | {"missing": tool.is_missing, "required": tool.is_required}
            for tool in machine.tools
        ],
        "validators": [asdict(tool) | {"missing": tool.is_missing} for tool in machine.validators],
        "diagrams": [asdict(tool) | {"missing": tool.is_missing} for tool in machine.diagrams],
        "importers": [asdict(tool) | {"missing": tool.is_missing} for tool in machine.importers],
    }


def _lines(machine: MachineState) -> list[str]:
    required = [tool for tool in machine.tools if tool.is_required]
    others = [tool for tool in machine.tools if not tool.is_required]
    return [
        f"makeready {__version__} on {machine.system}",
        *_group("Needed to build", required),
        *_group("Needed by `makeready check`", others),
        *_group("Also used by `makeready check` where it is installed", machine.validators),
        *_group("For diagrams in fences of these names", machine.diagrams),
        *_group("For `makeready init --from`", machine.importers),
        "",
        *_summary(required, others),
    ]


def _group(heading: str, tools: Sequence[ToolState]) -> list[str]:
    lines = ["", f"{heading}:"]
    widths = [max(map(len, column)) for column in zip(*map(_cells, tools), strict=True)]
    for tool in tools:
        cells = (cell.ljust(width) for cell, width in zip(_cells(tool), widths, strict=True))
        lines.append(f"  {'  '.join(cells)}  {_place(tool)}".rstrip())
        if tool.install and tool.command not in _NEEDED_BY_FEW:
            lines.append(f"    to install it: {tool.install}")
    return lines


def _cells(tool: ToolState) -> tuple[str, str, str]:
    missing = "not installed" if tool.command in _NEEDED_BY_FEW else "MISSING"
    version = tool.version or missing
    return tool.name, version, tool.purpose


def _place(tool: ToolState) -> str:
    """Return where a tool is, or what is to be done about it."""
    named = tool.install if tool.command in _NEEDED_BY_FEW else ""
    return tool.path or tool.problem or named


def _summary(required: Sequence[ToolState], others: Sequence[ToolState]) -> list[str]:
    lines = []
    if unchecked := [tool.name for tool in others if tool.is_missing]:
        names = ", ".join(unchecked)
        lines.append(f"`makeready check` cannot check everything without: {names}.")
        lines += _line_to_type(unchecked)
    if missing := [tool.name for tool in required if tool.is_missing]:
        lines.append(f"Builds do not work without: {', '.join(missing)}.")
        lines += _line_to_type(missing)
    else:
        lines.append("Builds work.")
    return lines


def _line_to_type(names: Sequence[str]) -> list[str]:
    command = one_command(names)
    return [f"  To install all of them: {command}"] if command else []
