"""Themes: designs in folders of their own, between the built-in styles and those of a book."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from makeready.book.model import BOOK_FILE, CoverColours
from makeready.book.source_files import TOML_BYTES, FileRefusedError, read_book_file
from makeready.book.style_files import StyleFile, StyleTable
from makeready.book.styles_folder import STYLES, built_in_styles
from makeready.book.theme_names import DECLARATION, HOUSE, THEMES, theme_folder
from makeready.errors import FindingsError

_COLOURS = CoverColours()
_Colour = Annotated[str, Field(pattern=r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")]


class _Cover(StyleTable):
    spine: Literal["cloth", "plain"] = "cloth"
    ground: _Colour = _COLOURS.ground
    ink: _Colour = _COLOURS.ink
    accent: _Colour = _COLOURS.accent


class _Declaration(StyleTable):
    summary: Annotated[str, Field(min_length=1)]
    title_letters: Annotated[int, Field(ge=10, le=100)] = 40
    drop_cap: bool = False
    cover: _Cover = _Cover()


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its folder, and what its ``theme.toml`` says.

    ``shown_path`` is the path of the folder as messages show it. A theme of the book ``is_own``.
    ``title_letters`` is how many letters of a section's title fit on a line. With
    ``has_drop_caps``, the first letter of a chapter has a ``span`` of its own. With
    ``has_cloth_spine``, a strip of cloth covers the spine of the printed cover and the edges of
    both boards. ``cover`` are the colours of a book that names none.
    """

    name: str
    folder: Path
    shown_path: str
    is_own: bool
    summary: str
    title_letters: int = 40
    has_drop_caps: bool = False
    has_cloth_spine: bool = True
    cover: CoverColours = _COLOURS


def read_theme(name: str, root: Path | None = None) -> Theme | None:
    """Return a theme of the book in a folder, or a built-in one; None if neither has it.

    Raises FindingsError, with its line, if its ``theme.toml`` has an error.
    """
    folder = theme_folder(name, root)
    if folder is None:
        return None
    shown = f"{STYLES}/{THEMES}/{name}"
    declared = StyleFile(folder / DECLARATION, f"{shown}/{DECLARATION}").read(_Declaration)
    return Theme(
        name,
        folder,
        shown,
        is_own=folder.parent != built_in_styles() / THEMES,
        summary=declared.summary,
        title_letters=declared.title_letters,
        has_drop_caps=declared.drop_cap,
        has_cloth_spine=declared.cover.spine == "cloth",
        cover=CoverColours(**declared.cover.model_dump(exclude={"spine"})),
    )


def theme_of(root: Path | None) -> Theme:
    """Return the theme of the book in a folder: that of the house where it names none there is.

    Reading the book reports what is wrong with its ``book.toml`` and its theme.
    """
    theme = None
    if root is not None:
        with suppress(FindingsError):
            theme = read_theme(_chosen(root), root)
    theme = theme or read_theme(HOUSE)
    assert theme is not None
    return theme


def _chosen(root: Path) -> str:
    try:
        content = read_book_file(root, BOOK_FILE, TOML_BYTES)
        design = tomllib.loads(content.decode("utf-8-sig")).get("design")
    except (FileRefusedError, ValueError, RecursionError):
        return HOUSE
    name = design.get("theme", HOUSE) if isinstance(design, dict) else HOUSE
    return name if isinstance(name, str) else HOUSE
