"""The names of the stores there are: those of the files that hold their rules."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def store_names() -> tuple[str, ...]:
    """List the stores that have a file, in the order of their names."""
    folder = files("makeready").joinpath("stores")
    return tuple(
        sorted(
            entry.name.removesuffix(".toml")
            for entry in folder.iterdir()
            if entry.name.endswith(".toml")
        )
    )
