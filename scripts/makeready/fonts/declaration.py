"""The tables of ``fonts.toml``: those of the house and of the book, merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from makeready.book.style_files import StyleFile, StyleTable
from makeready.book.toml_lines import TomlPath
from makeready.book.validation import suggestion
from makeready.errors import FindingsError
from makeready.fonts.font import ROLES, TEXT
from makeready.fonts.scripts import scripts

NO_SLUG = "font"
"""The slug of a name without Latin letters."""


def _path_inside(name: str) -> str:
    """Return a file name; ValueError if it leads out of its folder."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise ValueError("must be a path inside the package or the book's folder")
    return name


_PathInside = Annotated[str, AfterValidator(_path_inside)]
_Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r'^[^"\\{};\x00-\x1f]+$')]
_NameOrNone = Annotated[str, Field(max_length=100, pattern=r'^[^"\\{};\x00-\x1f]*$')]
_Size = Annotated[float, Field(ge=0.25, le=4)]


class FaceTable(StyleTable):
    """A font of a family, made of a file; ``index`` is its place in a collection, from 0."""

    file: _PathInside
    style: Literal["normal", "italic"]
    weight: Annotated[int, Field(ge=1, le=1000)]
    axes: dict[str, float] = Field(default_factory=dict)
    index: Annotated[int, Field(ge=0, le=1000)] = 0


class FamilyTable(StyleTable):
    """A family: in a package, in a folder of the book, or installed on the machine."""

    name: _Name
    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = ""
    package: Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")] = ""
    folder: _PathInside | None = None
    installed: bool = False
    licence: _PathInside | None = None
    credit: str = ""
    size: _Size = 1.0
    without: str = ""
    optional: bool = False
    face: list[FaceTable] = Field(default_factory=list)

    @property
    def shown_slug(self) -> str:
        """The family's name in file names."""
        return self.slug or slug_of(self.name)


class _Roles(StyleTable):
    text: _Name | None = None
    headings: _Name | None = None
    sans: _Name | None = None
    code: _Name | None = None
    symbols: list[_Name] | None = None
    emoji: _NameOrNone | None = None


class _Script(StyleTable):
    text: _Name
    size: _Size = 1.0


class _Fonts(StyleTable):
    family: list[FamilyTable] = Field(default_factory=list)
    roles: _Roles = Field(default_factory=_Roles)
    scripts: dict[str, _Script] = Field(default_factory=dict)


def slug_of(name: str) -> str:
    """Return a family's name as it is in the names of files and packages, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or NO_SLUG


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is declared."""

    file: StyleFile
    path: TomlPath

    def error(self, problem: str, hint: str, *deeper: str | int) -> FindingsError:
        """Return an error with the line of it, or of what is ``deeper`` in it."""
        return self.file.error_at((*self.path, *deeper), problem, hint)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A family that is chosen by its name, the size of its letters, and where it was chosen."""

    name: str
    place: Place
    size: float = 1.0


@dataclass
class Declaration:
    """All that the files declare, what comes later replacing what it names again."""

    families: dict[str, tuple[FamilyTable, Place]] = field(default_factory=dict)
    """By name, in small letters."""

    roles: dict[str, Chosen] = field(default_factory=dict)
    scripts: dict[str, Chosen] = field(default_factory=dict)
    symbols: list[Chosen] = field(default_factory=list)
    emoji: Chosen | None = None
    house: StyleFile | None = None
    """The first of the files."""

    def add(self, path: Path) -> None:
        """Add what a file declares; FindingsError, with a line, if it is invalid."""
        file = StyleFile(path)
        self.house = self.house or file
        read = file.read(_Fonts)
        for index, family in enumerate(read.family):
            place = Place(file, ("family", index))
            if family.installed + bool(family.package) + (family.folder is not None) > 1:
                raise place.error(
                    f"the family “{family.name}” is at more than one place",
                    "Leave one of package, folder and installed.",
                )
            self.families[family.name.casefold()] = family, place
        for role in ROLES:
            if (name := getattr(read.roles, role)) is not None:
                self.roles[role] = Chosen(name, Place(file, ("roles", role)))
        if read.roles.symbols is not None:
            places = [Place(file, ("roles", "symbols", n)) for n in range(len(read.roles.symbols))]
            self.symbols = list(map(Chosen, read.roles.symbols, places))
            self.emoji = None
        if read.roles.emoji:
            self.emoji = Chosen(read.roles.emoji, Place(file, ("roles", "emoji")))
        for code, script in read.scripts.items():
            place = Place(file, ("scripts", code))
            if code not in scripts():
                advice = suggestion(code, sorted(scripts()))
                raise place.error(f"no script “{code}” is known", advice)
            self.scripts[code] = Chosen(script.text, place, script.size)

    def check(self) -> None:
        """Check that the family for emoji is one for symbols, and that there is one for text.

        That is the first family, if no file says which it is.
        """
        if TEXT not in self.roles:
            if not self.families:
                assert self.house is not None
                raise self.house.error_at(
                    ("roles",), "there is no family for text", 'Add [roles] text = "…".'
                )
            family, place = next(iter(self.families.values()))
            self.roles[TEXT] = Chosen(family.name, place)
        symbols = {one.name.casefold() for one in self.symbols}
        if self.emoji is not None and self.emoji.name.casefold() not in symbols:
            problem = f"“{self.emoji.name}” is none of the families for symbols"
            raise self.emoji.place.error(problem, "Use one of them.")


def read_declaration(paths: Sequence[Path]) -> Declaration:
    """Return what some files declare, those of the house first; FindingsError as `Declaration`."""
    declaration = Declaration()
    for path in paths:
        declaration.add(path)
    declaration.check()
    return declaration
