"""Static instances of the variable fonts that ``styles/fonts.toml`` names."""

from __future__ import annotations

import hashlib
import io
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uharfbuzz

from makeready.artefacts import write_whole
from makeready.errors import MissingToolError

_FORM = 2
"""Changes with how an instance is made: an older one is then no longer found."""

_FULL_NAME, _POSTSCRIPT_NAME = 4, 6
# What the format itself names (OpenType, name ids); those of the axes' places are left out.
_NAMES = range(25)
_SIGNATURE = int.from_bytes(b"DSIG", "big")
_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}


@dataclass(frozen=True)
class Face:
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
        """The SHA-256 of the face's file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def characters(self) -> frozenset[int]:
        """The code points the face has a glyph for."""
        return frozenset(uharfbuzz.Face(uharfbuzz.Blob(self.path.read_bytes())).unicodes)


def load_faces(declaration: Path, cache: Path) -> tuple[Face, ...]:
    """Return the faces that a ``fonts.toml`` declares, made once into ``cache``."""
    data = tomllib.loads(declaration.read_text("utf-8"))
    faces = []
    for family in data["family"]:
        package = _package_folder(family["package"])
        for face in family["face"]:
            source = package / face["file"]
            weight, style = int(face["weight"]), str(face["style"])
            faces.append(
                Face(
                    family=family["name"],
                    family_slug=family["slug"],
                    style=style,
                    weight=weight,
                    path=_instance(source, face.get("axes", {}), family, face, cache),
                    licence=package / family["licence"],
                    credit=family["credit"],
                    only_for_code=bool(family.get("only_for_code", False)),
                )
            )
    return tuple(faces)


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingToolError(
            f"The font package {package!r} is not installed.",
            "Run `make` once more: it installs the locked dependencies.",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _instance(
    source: Path, axes: dict[str, float], family: dict[str, Any], face: dict[str, Any], cache: Path
) -> Path:
    """Return the static instance of a font, from the cache or made now."""
    content = source.read_bytes()
    weight, style = int(face["weight"]), face["style"]
    versions = version("fonttools"), uharfbuzz.version_string()
    recipe = repr((_FORM, sorted(axes.items()), family["name"], style, weight, versions))
    digest = hashlib.sha256(content + recipe.encode()).hexdigest()
    target = cache / f"{family['slug']}-{weight}-{style}-{digest[:12]}.ttf"
    if not target.exists():
        static = _placed(content, axes) if axes else content
        write_whole(target, _named(static, family["name"], weight, style))
    return target


def _placed(content: bytes, axes: dict[str, float]) -> bytes:
    """Return the static font that stands at a place on the axes of a variable one."""
    face = uharfbuzz.Face(uharfbuzz.Blob(content))
    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    for axis in face.axis_infos:
        wanted.pin_axis_location(face, axis.tag, axes.get(axis.tag, axis.default_value))
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update([_SIGNATURE])
    names = wanted.sets(uharfbuzz.SubsetInputSets.NAME_ID)
    names.clear()
    names.update(_NAMES)
    return bytes(wanted.subset(face).blob.data)


def _named(content: bytes, family: str, weight: int, style: str) -> bytes:
    """Give a font names of its own, so that no two faces share a PostScript name."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import, and seldom needed

    label = _WEIGHT_NAMES.get(weight, str(weight)) + ("Italic" if style == "italic" else "")
    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        for identifier, text in (
            (_FULL_NAME, f"{family} {label}"),
            (_POSTSCRIPT_NAME, f"{family.replace(' ', '')}-{label}"),
        ):
            font["name"].setName(text, identifier, 3, 1, 0x409)
        font["OS/2"].usWeightClass = weight
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()
