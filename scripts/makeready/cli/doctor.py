"""The command ``makeready doctor``: the state of this machine, and what to type to complete it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from makeready import __version__
from makeready.errors import MissingToolError
from makeready.external.tool import DIAGRAMS, OPTIONAL, ToolState

if TYPE_CHECKING:
    from makeready.external.machine import MachineState

_NEEDED_BY_FEW = (DIAGRAMS, OPTIONAL)
"""The uses of tools that need not be installed."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """List what this machine lacks, and how to install it."""
    # Imported here because it imports what each tool is used by, which no build needs.
    from makeready.external.machine import machine_state  # noqa: PLC0415

    machine = machine_state()
    if as_json:
        click.echo(json.dumps(_as_data(machine), indent=2))
    else:
        click.echo("\n".join(_lines(machine)))
    sys.exit(0 if machine.builds_work else MissingToolError.exit_code)


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
    missing = ", ".join(tool.name for tool in required if tool.is_missing)
    unchecked = ", ".join(tool.name for tool in others if tool.is_missing)
    lines = [f"Builds do not work without: {missing}." if missing else "Builds work."]
    if unchecked:
        lines.append(f"`makeready check` cannot check everything without: {unchecked}.")
    return lines
