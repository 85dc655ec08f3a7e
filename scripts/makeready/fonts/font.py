"""A static font."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import uharfbuzz


@dataclass(frozen=True)
class Font:
    """A static font: ``path`` is its TrueType file, ``licence`` the file of its licence text.

    ``only_for_code`` marks a font that the EPUB needs only if the book contains code.
    """

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
        """The name of the font file in an EPUB, the same on every machine."""
        return f"{self.family_slug}-{self.weight}-{self.style}.ttf"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the font file, in hexadecimal."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def characters(self) -> frozenset[int]:
        """The code points that the font has glyphs for."""
        return frozenset(uharfbuzz.Face(uharfbuzz.Blob(self.path.read_bytes())).unicodes)
