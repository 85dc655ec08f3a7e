"""The options ``--quiet``, ``--verbose`` and ``--no-color``, before or after a command's name."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_KEY = "makeready.verbosity"


class Verbosity(Enum):
    """How much of a run is shown: faults alone, stages and files too, or each step."""

    QUIET = "quiet"
    NORMAL = "normal"
    VERBOSE = "verbose"


def verbosity() -> Verbosity:
    """Return what the options of the current command say."""
    context = click.get_current_context(silent=True)
    found = Verbosity.NORMAL if context is None else context.meta.get(_KEY, Verbosity.NORMAL)
    assert isinstance(found, Verbosity)
    return found


def verbosity_options(command: F) -> F:
    """Add the options to a command."""
    options = (
        _option("-q", "--quiet", Verbosity.QUIET, "Show errors and warnings only."),
        _option("-v", "--verbose", Verbosity.VERBOSE, "Show each step, with the time."),
        click.option(
            "--no-color",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_without_colours,
            help="Use no colours, as with the variable NO_COLOR.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _option(short: str, name: str, meaning: Verbosity, text: str) -> Callable[[F], F]:
    def choose(context: click.Context, _: click.Parameter, value: bool) -> None:
        if not value:
            return
        if context.meta.setdefault(_KEY, meaning) is not meaning:
            raise click.UsageError("--quiet and --verbose exclude each other.")

    return click.option(
        short, name, is_flag=True, is_eager=True, expose_value=False, callback=choose, help=text
    )


def _without_colours(_: click.Context, __: click.Parameter, value: bool) -> None:
    if value:
        # Read by everything that writes to the terminal, in this process and its children.
        os.environ["NO_COLOR"] = "1"
