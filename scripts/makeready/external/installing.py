"""What to type on each system to install makeready, and what it needs and can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makeready.bootstrap.system_packages import (
    OPTIONAL_USES,
    Requirement,
    install_command,
    requirements,
    systems,
)
from makeready.external.tool import install_hint

WINDOWS = "windows"
_UBUNTU = "apt"
_INSTALL_MAKEREADY = "pipx install makeready"


@dataclass(frozen=True, slots=True)
class Installing:
    """The lines to type on a system.

    ``first`` come before all others; ``needed`` install makeready and what builds need; with
    ``optional`` everything is there that it can use, but for ``elsewhere``, by name.
    """

    system: str
    first: tuple[str, ...]
    needed: tuple[str, ...]
    optional: str
    elsewhere: dict[str, str]


def system_options() -> tuple[str, ...]:
    """Return the names of the systems, as the command line has them."""
    return (*(system.option for system in systems().values()), WINDOWS)


def installing_on(option: str) -> Installing:
    """Return what to type on a system; ``option`` is one of ``system_options``."""
    if option == WINDOWS:
        return _on("Windows, by WSL with Ubuntu", _UBUNTU, ("wsl --install",))
    manager = next(name for name, one in systems().items() if one.option == option)
    return _on(systems()[manager].title, manager, ())


def one_command(names: Sequence[str]) -> str:
    """Return the line that installs several libraries or tools; nothing for less than two."""
    wanted = [one for one in requirements("engine", *OPTIONAL_USES) if one.name in names]
    return install_hint(*wanted) if len(wanted) > 1 else ""


def _on(title: str, manager: str, first: tuple[str, ...]) -> Installing:
    engine, optional = requirements("engine"), requirements(*OPTIONAL_USES)
    needed = install_command(engine, manager, more=(systems()[manager].pipx,))
    return Installing(
        title,
        first,
        (needed, _INSTALL_MAKEREADY),
        install_command(optional, manager),
        _elsewhere(optional, manager),
    )


def _elsewhere(wanted: Sequence[Requirement], manager: str) -> dict[str, str]:
    return {one.name: one.elsewhere for one in wanted if manager not in one.packages}
