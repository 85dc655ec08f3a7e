"""Static instances of the variable fonts that ``styles/fonts.toml`` names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import uharfbuzz
from pydantic import AfterValidator, Field

from makeready.book.style_files import StyleFile, StyleTable
from makeready.cache import code_version, library_version
from makeready.errors import MissingToolError, UsageError
from makeready.files import open_folder, read_inside, write_inside
from makeready.fonts.font import Font
from makeready.fonts.static_font import LastResort, static_font
from makeready.user_cache import is_own_digest, own_digest

_DIGEST = ".digest"
"""The suffix of the file with the digest of a font."""

_MAKER = "makeready.fonts.static_font"


def _path_in_package(name: str) -> str:
    """Return a file name; ValueError if it leads out of the package."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise ValueError("must be a path inside the package")
    return name


_PathInPackage = Annotated[str, AfterValidator(_path_in_package)]


class _FontFile(StyleTable):
    file: _PathInPackage
    style: Literal["normal", "italic"]
    weight: Annotated[int, Field(ge=1, le=1000)]
    axes: dict[str, float] = Field(default_factory=dict)


class _Family(StyleTable):
    name: Annotated[str, Field(min_length=1)]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    package: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    licence: _PathInPackage | None = None
    credit: str
    only_for_code: bool = False
    size: Annotated[float, Field(ge=0.25, le=4)] = 1.0
    without: str = ""
    optional: bool = False
    face: Annotated[list[_FontFile], Field(min_length=1)]


class _Roles(StyleTable):
    symbols: list[str] = Field(default_factory=list)
    emoji: str = ""


class _Families(StyleTable):
    family: Annotated[list[_Family], Field(min_length=1)]
    roles: _Roles | None = None


def load_book_fonts(path: Path, built_in: Path, cache: Path) -> tuple[Font, ...]:
    """Return the fonts of a book's ``fonts.toml``, those of last resort at the end.

    A file without roles has the fonts of last resort of the built-in one. Raises as `load_fonts`.
    """
    families = StyleFile(path).read(_Families)
    fonts = load_fonts(path, cache)
    if families.roles is not None:
        return fonts
    names = {font.family for font in fonts}
    last = (font for font in load_fonts(built_in, cache) if font.is_last_resort)
    return (*fonts, *(font for font in last if font.family not in names))


def load_fonts(path: Path, cache: Path) -> tuple[Font, ...]:
    """Return the fonts that a ``fonts.toml`` declares, their instances kept in ``cache``.

    Those of last resort are at the end, in their order. Raises FindingsError, with a line, when
    the file is invalid or names a file that does not exist; MissingToolError when a font package
    is not installed.
    """
    style_file = StyleFile(path)
    families = style_file.read(_Families)
    roles = families.roles or _Roles()
    _check_roles(style_file, families, roles)
    fonts: list[Font] = []
    for index, family in enumerate(families.family):
        if family.optional and find_spec(family.package) is None:
            continue
        package = _package_folder(family.package)
        licence = package / family.licence if family.licence is not None else None
        if licence is not None and not licence.is_file():
            missing = _missing_file(str(family.licence), family.package)
            raise style_file.error_at(("family", index, "licence"), *missing)
        is_last_resort = family.name in roles.symbols
        for number, font in enumerate(family.face):
            file_key = ("family", index, "face", number, "file")
            source = package / font.file
            if not source.is_file():
                raise style_file.error_at(file_key, *_missing_file(font.file, family.package))
            try:
                instance = _instance(source, family, font, cache, is_last_resort=is_last_resort)
            except (ValueError, RuntimeError) as error:
                problem = f"cannot make a font from “{font.file}”: {error}"
                hint = "Use a TrueType font, with axes and values that it has."
                raise style_file.error_at(file_key, problem, hint) from error
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
                    is_last_resort=is_last_resort,
                    for_emoji=family.name == roles.emoji,
                    has_overlaps=bool(font.axes),
                )
            )
    order = {name: number for number, name in enumerate(roles.symbols)}
    return tuple(sorted(fonts, key=lambda font: order.get(font.family, -1)))


def _check_roles(style_file: StyleFile, families: _Families, roles: _Roles) -> None:
    """Check that the roles name families of the file, and not all of them; raise FindingsError."""
    names = [family.name for family in families.family]
    hint = "Use the name of a [[family]]."
    for number, name in enumerate(roles.symbols):
        if name not in names:
            problem = f"there is no family “{name}”"
            raise style_file.error_at(("roles", "symbols", number), problem, hint)
    if roles.emoji and roles.emoji not in roles.symbols:
        problem = f"“{roles.emoji}” is none of the families for symbols"
        raise style_file.error_at(("roles", "emoji"), problem, "Use one of them.")
    if set(names) <= set(roles.symbols):
        problem = "there is no family for text"
        raise style_file.error_at(("roles", "symbols"), problem, "Add a [[family]] for text.")


def _missing_file(file: str, package: str) -> tuple[str, str]:
    return (
        f"no file “{file}” in the package {package}",
        "Use the path of a file in the package.",
    )


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingToolError(
            f"The font package {package} is not installed.",
            f"Install it beside makeready: pip install {package.replace('_', '-')}",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _instance(
    source: Path, family: _Family, font: _FontFile, cache: Path, *, is_last_resort: bool
) -> Path:
    """Return the file of a static instance; create it if the cache does not have it whole."""
    content = source.read_bytes()
    last_resort = LastResort(family.size, family.without) if is_last_resort else None
    description = sorted(font.axes.items()), family.name, font.style, font.weight, last_resort
    made_by = code_version(_MAKER), library_version("fonttools"), uharfbuzz.version_string()
    digest = hashlib.sha256(content + repr((description, made_by)).encode()).hexdigest()
    name = f"{family.slug}-{font.weight}-{font.style}-{digest[:12]}.ttf"
    with _open_cache(cache) as folder:
        if not _is_whole(folder, name):
            made = static_font(
                content, font.axes, family.name, font.weight, font.style, last_resort
            )
            write_inside(folder, name, made)
            write_inside(folder, f"{name}{_DIGEST}", own_digest(name, made))
    return cache / name


@contextmanager
def _open_cache(cache: Path) -> Iterator[int]:
    """Yield a descriptor of the folder of instances; UsageError if a link is in its place."""
    if cache.is_symlink():
        raise UsageError(
            f"{cache.as_posix()} is a symbolic link.",
            "Delete it, or choose another folder with --cache.",
        )
    with open_folder(cache.parent, cache.name, create=True) as folder:
        yield folder


def _is_whole(folder: int, name: str) -> bool:
    """Return whether a font is in the cache as this user made it."""
    try:
        content = read_inside(folder, name)
        return is_own_digest(read_inside(folder, f"{name}{_DIGEST}"), name, content)
    except OSError:
        return False
