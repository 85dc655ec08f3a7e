"""The names of the supported stores."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def store_names() -> tuple[str, ...]:
    """Return the names of the stores that have a file of rules, sorted."""
    folder = files("makeready").joinpath("stores")
    return tuple(
        sorted(
            entry.name.removesuffix(".toml")
            for entry in folder.iterdir()
            if entry.name.endswith(".toml")
        )
    )
