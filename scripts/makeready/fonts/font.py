"""A static font."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import uharfbuzz

_LICENCE_NAME_IDS = (0, 13, 14)
"""The ids of the names that are the copyright, the licence, and its address."""

_SMALL_CAPITALS = "smcp"

TEXT, HEADINGS, SANS, CODE = "text", "headings", "sans", "code"
ROLES = (TEXT, HEADINGS, SANS, CODE)
"""What a family of a book's own is for; a family may be for several."""


@dataclass(frozen=True)
class Font:
    """A static font: ``path`` is its file, ``licence`` the file of its licence text.

    Without a licence file, what the font says of it is its licence.

    ``roles`` are those of its family, ``scripts`` the scripts that its family sets, as in
    `makeready.fonts.scripts`. ``only_for_code`` marks a font that the EPUB needs only if the book
    contains code, ``is_last_resort`` one that sets only letters that the others lack.
    ``for_emoji`` marks the one of these that signs are set in which Unicode shows as pictures.
    ``has_overlaps`` says that contours of its glyphs may overlap, which they do in a font made of
    a variable one. ``source`` says what file it was made of, with the SHA-256 ``source_digest``.
    """

    family: str
    family_slug: str
    style: str
    weight: int
    path: Path
    licence: Path | None
    credit: str
    only_for_code: bool = False
    is_last_resort: bool = False
    for_emoji: bool = False
    has_overlaps: bool = False
    roles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    source: str = ""
    source_digest: str = ""

    @property
    def is_fallback(self) -> bool:
        """Whether it follows the book's own fonts: for some scripts only, or of last resort."""
        return self.is_last_resort or (bool(self.scripts) and not self.roles)

    @property
    def is_only_named(self) -> bool:
        """Whether only rules or drawings that name its family, or a sans, are set in it."""
        return self.roles in ((), (SANS,)) and not self.is_fallback

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
        return frozenset(self._face().unicodes)

    @cached_property
    def has_small_capitals(self) -> bool:
        """Whether the font has small capitals of its own, for at least one script."""
        face = self._face()
        scripts = range(len(face.get_table_script_tags("GSUB")))
        return any(_SMALL_CAPITALS in face.get_language_feature_tags("GSUB", n) for n in scripts)

    def licence_text(self) -> bytes:
        """Return the text of the licence."""
        if self.licence is not None:
            return self.licence.read_bytes()
        face = self._face()
        texts = (face.get_name(name) or "" for name in _LICENCE_NAME_IDS)
        return ("\n\n".join(text.strip() for text in texts if text) + "\n").encode()

    def _face(self) -> uharfbuzz.Face:
        return uharfbuzz.Face(uharfbuzz.Blob(self.path.read_bytes()))


def fallback_font(letter: str, fonts: Iterable[Font]) -> Font | None:
    """Return the font that sets a letter which the book's own fonts for all scripts lack."""
    return next((f for f in fonts if f.is_fallback and ord(letter) in f.characters), None)


def family_for(fonts: Iterable[Font], role: str) -> str:
    """Return the family for a role; the one for text if no family has the role, or else none."""
    families = {name: font.family for font in fonts for name in font.roles}
    return families.get(role) or families.get(TEXT, "")
