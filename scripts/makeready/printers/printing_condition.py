"""The printing condition that print PDFs are made for, and its colour profile."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROFILES = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class PrintingCondition:
    """A printing condition, as registered with the International Color Consortium."""

    identifier: str
    condition: str
    registry: str
    profile: Path


@cache
def printing_condition() -> PrintingCondition:
    """Return the printing condition of all print PDFs."""
    data = tomllib.loads((_PROFILES / "fogra39.toml").read_text("utf-8"))
    return PrintingCondition(
        data["identifier"], data["condition"], data["registry"], _PROFILES / data["profile"]
    )
