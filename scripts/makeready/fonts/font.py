"""One static font that a book is set in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import uharfbuzz


@dataclass(frozen=True)
class Font:
    """One static font: ``path`` is a TrueType file, ``licence`` the text that goes with it."""

    family: str
    family_slug: str
    style: str
    weight: int
    path: Path
    licence: Path
    credit: str
    only_for_code: bool = False

    @property
    def file_name(self) -> str:
        """The file's name, the same on every machine."""
        return f"{self.family_slug}-{self.weight}-{self.style}.ttf"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the font's file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def characters(self) -> frozenset[int]:
        """The code points the font has a glyph for."""
        return frozenset(uharfbuzz.Face(uharfbuzz.Blob(self.path.read_bytes())).unicodes)
