"""Static instances of the variable fonts that ``styles/fonts.toml`` names."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import uharfbuzz
from pydantic import AfterValidator, Field

from makeready.book.style_files import StyleFile, StyleTable
from makeready.cache import code_version
from makeready.errors import MissingToolError
from makeready.files import write_whole
from makeready.fonts.font import Font
from makeready.fonts.static_font import static_font

_MAKER = "makeready.fonts.static_font"


def _inside(name: str) -> str:
    """Refuse a file's name that leads out of the package."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise ValueError("it must be a path inside the package")
    return name


_Inside = Annotated[str, AfterValidator(_inside)]


class _FontFile(StyleTable):
    file: _Inside
    style: Literal["normal", "italic"]
    weight: Annotated[int, Field(ge=1, le=1000)]
    axes: dict[str, float] = Field(default_factory=dict)


class _Family(StyleTable):
    name: Annotated[str, Field(min_length=1)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    package: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    licence: _Inside
    credit: str
    only_for_code: bool = False
    face: Annotated[list[_FontFile], Field(min_length=1)]


class _Families(StyleTable):
    family: Annotated[list[_Family], Field(min_length=1)]


def load_fonts(path: Path, cache: Path) -> tuple[Font, ...]:
    """Return the fonts that a ``fonts.toml`` declares, made once into ``cache``.

    FindingsError, with its line, when the file is at fault or names what is not there;
    MissingToolError when a package of fonts is not installed.
    """
    declaration = StyleFile(path)
    fonts = []
    for index, family in enumerate(declaration.read(_Families).family):
        package = _package_folder(family.package)
        licence = package / family.licence
        if not licence.is_file():
            place = ("family", index, "licence")
            raise declaration.error_at(place, *_absent(family.licence, family.package))
        for number, font in enumerate(family.face):
            at_file = ("family", index, "face", number, "file")
            source = package / font.file
            if not source.is_file():
                raise declaration.error_at(at_file, *_absent(font.file, family.package))
            try:
                instance = _instance(source, family, font, cache)
            except (ValueError, RuntimeError) as error:
                problem = f"no face can be made of “{font.file}”: {error}"
                hint = "Name a TrueType font, and axes and values that it has."
                raise declaration.error_at(at_file, problem, hint) from error
            fonts.append(
                Font(
                    family=family.name,
                    family_slug=family.slug,
                    style=font.style,
                    weight=font.weight,
                    path=instance,
                    licence=licence,
                    credit=family.credit,
                    only_for_code=family.only_for_code,
                )
            )
    return tuple(fonts)


def _absent(file: str, package: str) -> tuple[str, str]:
    return (
        f"there is no file “{file}” in the package {package}",
        "Name a file as it lies in the package.",
    )


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingToolError(
            f"The font package {package!r} is not installed.",
            "Run `make` once more: it installs the locked dependencies.",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _instance(source: Path, family: _Family, font: _FontFile, cache: Path) -> Path:
    """Return the static instance of a font, from the cache or made now."""
    content = source.read_bytes()
    about = sorted(font.axes.items()), family.name, font.style, font.weight
    made_by = code_version(_MAKER), version("fonttools"), uharfbuzz.version_string()
    digest = hashlib.sha256(content + repr((about, made_by)).encode()).hexdigest()
    target = cache / f"{family.slug}-{font.weight}-{font.style}-{digest[:12]}.ttf"
    if not target.exists():
        write_whole(target, static_font(content, font.axes, family.name, font.weight, font.style))
    return target
