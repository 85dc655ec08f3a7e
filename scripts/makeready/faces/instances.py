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

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from makeready.artefacts import write_whole
from makeready.errors import MissingToolError

REPACKER = "fontTools.ttLib.tables.otBase:USE_HARFBUZZ_REPACKER"
"""fontTools packs tables otherwise where HarfBuzz is at hand; off, its bytes are its own."""

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
        with TTFont(self.path, lazy=True) as font:
            return frozenset(font.getBestCmap())


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
    recipe = repr((REPACKER, sorted(axes.items()), family["name"], face["style"], face["weight"]))
    digest = hashlib.sha256(content + recipe.encode() + version("fonttools").encode()).hexdigest()
    target = cache / f"{family['slug']}-{face['weight']}-{face['style']}-{digest[:12]}.ttf"
    if target.exists():
        return target
    font = TTFont(source, recalcTimestamp=False)
    font.cfg[REPACKER] = False
    if axes and "fvar" in font:
        font = instantiateVariableFont(font, dict(axes), inplace=True)
    _name(font, family["name"], int(face["weight"]), face["style"])
    out = io.BytesIO()
    font.save(out)
    write_whole(target, out.getvalue())
    return target


def _name(font: TTFont, family: str, weight: int, style: str) -> None:
    """Give an instance names of its own, so that no two faces share a PostScript name."""
    label = _WEIGHT_NAMES.get(weight, str(weight)) + ("Italic" if style == "italic" else "")
    names = font["name"]
    postscript = f"{family.replace(' ', '')}-{label}"
    for identifier, text in ((4, f"{family} {label}"), (6, postscript)):
        names.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
