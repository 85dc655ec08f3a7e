"""Static instances of the fonts that ``fonts.toml`` names, of the house and of the book."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import uharfbuzz

from makeready.cache import code_version, library_version
from makeready.errors import MissingToolError, UsageError
from makeready.files import open_folder, read_inside, write_inside
from makeready.fonts.choose import ChosenFace, axes_for, choose_faces
from makeready.fonts.declaration import (
    NO_SLUG,
    Chosen,
    Declaration,
    FaceTable,
    FamilyTable,
    Place,
    read_declaration,
)
from makeready.fonts.font import CODE, ROLES, Font
from makeready.fonts.scripts import code_points_left_out
from makeready.fonts.sfnt import read_faces, unpacked
from makeready.fonts.sources import FontFinder, Origin, installed, not_found
from makeready.fonts.static_font import Fit, static_font
from makeready.fonts.tables import read_tables
from makeready.user_cache import is_own_digest, own_digest

_DIGEST = ".digest"
"""The suffix of the file with the digest of a font."""

_MAKER = "makeready.fonts.static_font"
_ASCENT_AT = 4


def load_fonts(path: Path, cache: Path) -> tuple[Font, ...]:
    """Return the fonts of one ``fonts.toml`` as `load_book_fonts`, all of its families."""
    return load_book_fonts((path,), None, cache)


def load_book_fonts(paths: Sequence[Path], book_root: Path | None, cache: Path) -> tuple[Font, ...]:
    """Return the fonts that files declare, their instances kept in ``cache``.

    The first file is the house's, whose families are used if they have a role. The font for text
    comes first; those for some scripts only and those of last resort are at the end, in their
    order. Raises FindingsError, with a line, when a file is invalid or names a font that does not
    exist or must not be embedded; MissingToolError when a font package is not installed.
    """
    declaration = read_declaration(paths)
    maker = _FontMaker(declaration, FontFinder(book_root), cache)
    by_role: dict[str, list[str]] = {}
    chosen: dict[str, Chosen] = {}
    for role in ROLES:
        if (one := declaration.roles.get(role)) is not None:
            by_role.setdefault(one.name.casefold(), []).append(role)
            chosen.setdefault(one.name.casefold(), one)
    for_scripts = _by_family(declaration.scripts)
    _check_sizes(declaration, chosen, for_scripts)
    symbols = {one.name.casefold(): one for one in declaration.symbols}
    fonts: list[Font] = []
    for key, one in chosen.items():
        scripts = tuple(code for code, _ in for_scripts.pop(key, ()))
        fonts += maker.make(one, _Use(tuple(by_role[key]), scripts))
    for key, (family, place) in declaration.families.items():
        is_own = place.file is not declaration.house or len(paths) == 1
        if is_own and key not in {**chosen, **for_scripts, **symbols}:
            fonts += maker.make(Chosen(family.name, place), _Use())
    fitted = _line_of(fonts[0]) if for_scripts else ()
    for codes in for_scripts.values():
        scripts = tuple(code for code, _ in codes)
        fonts += maker.make(codes[0][1], _Use((), scripts, line=fitted))
    emoji = declaration.emoji.name.casefold() if declaration.emoji else ""
    for key, one in symbols.items():
        if key not in chosen and key not in for_scripts:
            fonts += maker.make(one, _Use(is_last_resort=True, for_emoji=key == emoji))
    return tuple(fonts)


def _by_family(scripts: dict[str, Chosen]) -> dict[str, list[tuple[str, Chosen]]]:
    families: dict[str, list[tuple[str, Chosen]]] = {}
    for code, chosen in scripts.items():
        families.setdefault(chosen.name.casefold(), []).append((code, chosen))
    return families


def _check_sizes(
    declaration: Declaration,
    chosen: Collection[str],
    for_scripts: Mapping[str, list[tuple[str, Chosen]]],
) -> None:
    """Raise FindingsError for a size, or letters left out, that would do nothing.

    A family with a role has the size of the text, and one for several scripts has one size.
    """
    for name, codes in for_scripts.items():
        size = 1.0 if name in chosen else codes[0][1].size
        for code, one in codes:
            if one.size != size:
                raise one.place.error(
                    f"the size of {code} differs from that which “{one.name}” has",
                    f"Write size = {size:g}, or use another family.",
                    "size",
                )
    for name in chosen:
        family, place = declaration.families.get(name, (None, None))
        if family is None or place is None or place.file is declaration.house:
            continue
        for key, is_set in (("size", family.size != 1.0), ("without", bool(family.without))):
            if is_set:
                raise place.error(
                    f"“{key}” does nothing for “{family.name}”, which has a role",
                    f"Delete {key}, or use another family.",
                    key,
                )


def _line_of(font: Font) -> tuple[float, float]:
    """Return how far the lines of a font extend above and below the baseline, in ems."""
    tables = read_tables(font.path.read_bytes())
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    ascent, descent = struct.unpack_from(">hh", tables["hhea"], _ASCENT_AT)
    return ascent / units, -descent / units


@dataclass(frozen=True, slots=True)
class _Use:
    """What a family is for; ``line`` is the height of the lines it has to fit into."""

    roles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    is_last_resort: bool = False
    for_emoji: bool = False
    line: tuple[float, ...] = ()


@dataclass
class _FontMaker:
    """Makes the fonts of families, each instance kept in the folder ``cache``."""

    declaration: Declaration
    finder: FontFinder
    cache: Path
    _slugs: dict[str, str] = field(default_factory=dict)
    """The families by their names in file names."""

    def make(self, chosen: Chosen, use: _Use) -> Iterator[Font]:
        """Yield the fonts of a family; none of one that is optional and not there."""
        declared = self.declaration.families.get(chosen.name.casefold())
        family, place = declared or (FamilyTable(name=chosen.name), chosen.place)
        try:
            faces, origin = self._faces(family, place, chosen, use)
        except MissingToolError:
            if family.optional:
                return
            raise
        if not faces and family.optional:
            return
        if not faces:
            raise not_found(family.name, place, *(["name"] if declared else []))
        licence = self._licence(family, place, origin, faces[0].source.path)
        slug = self._slug_of(family)
        for number, face in enumerate(faces):
            if refusal := face.source.face.refusal:
                raise place.error(
                    f"the font “{face.source.path.name}” of {family.name} is not used: {refusal}",
                    "Use another family, or get a licence and a file that allow embedding.",
                )
            try:
                path, digest = self._instance(family, face, self._fit(family, face, chosen, use))
            except (ValueError, RuntimeError) as error:
                problem = f"cannot make a font from “{_shown_name(family, face, number)}”: {error}"
                hint = "Use a font file that is whole, with axes and values that it has."
                raise place.error(problem, hint, *_key_of(family, number)) from error
            yield Font(
                family=family.name,
                family_slug=slug,
                style=face.style,
                weight=face.weight,
                path=path,
                licence=licence,
                credit=family.credit or family.name,
                only_for_code=use.roles == (CODE,),
                is_last_resort=use.is_last_resort,
                for_emoji=use.for_emoji,
                has_overlaps=bool(face.axes),
                roles=use.roles,
                scripts=use.scripts,
                source=face.source.origin,
                source_digest=digest,
            )

    def _slug_of(self, family: FamilyTable) -> str:
        """Return a family's name in file names, which no other family has."""
        name, slug = family.name.casefold(), family.shown_slug
        if slug == NO_SLUG or self._slugs.setdefault(slug, name) != name:
            slug = f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return slug

    def _faces(
        self, family: FamilyTable, place: Place, chosen: Chosen, use: _Use
    ) -> tuple[list[ChosenFace], Origin | None]:
        """Return the fonts of a family, and the folder that they are in if it is known."""
        if family.installed:
            found, origin = installed(family.name), None
        else:
            origin = self.finder.origin_of(family, place)
            if family.face and origin is not None:
                faces = [
                    self._declared_face(family, place, origin, number)
                    for number in range(len(family.face))
                ]
                return faces, origin
            if origin is None:
                found, origin = self.finder.look_for(chosen.name, chosen.place)
            else:
                found = self.finder.faces_in(origin, family.name, place)
        return (choose_faces(found, use.roles) if found else []), origin

    @staticmethod
    def _declared_face(
        family: FamilyTable, place: Place, origin: Origin, number: int
    ) -> ChosenFace:
        declared: FaceTable = family.face[number]
        path = origin.folder / declared.file
        if not path.is_file() or not origin.has(path):
            where = f"the package {family.package}" if family.package else "the book's folder"
            raise place.error(
                f"no file “{declared.file}” in {where}",
                "Use the path of a file in it.",
                *_key_of(family, number),
            )
        try:
            face = read_faces(path)[declared.index]
        except (ValueError, IndexError, OSError) as error:
            reason = "it has no such font" if isinstance(error, IndexError) else error
            raise place.error(
                f"cannot make a font from “{declared.file}”: {reason}",
                "Use a font file that is whole, with axes and values that it has.",
                *_key_of(family, number),
            ) from error
        axes = {**axes_for(face, declared.style, declared.weight), **declared.axes}
        source = origin.source(path, declared.index, face)
        return ChosenFace(source, declared.style, declared.weight, axes)

    @staticmethod
    def _licence(
        family: FamilyTable, place: Place, origin: Origin | None, font: Path
    ) -> Path | None:
        if origin is None or family.licence is None:
            return None if origin is None or family.package else origin.licence_of(font)
        licence = origin.folder / family.licence
        if not licence.is_file() or not origin.has(licence):
            where = f"the package {family.package}" if family.package else "the book's folder"
            raise place.error(
                f"no file “{family.licence}” in {where}",
                "Use the path of a file in it.",
                "licence",
            )
        return licence

    @staticmethod
    def _fit(family: FamilyTable, face: ChosenFace, chosen: Chosen, use: _Use) -> Fit | None:
        if use.is_last_resort:
            return Fit(family.size, frozenset(map(ord, family.without)))
        if use.roles or not use.scripts:
            return None
        state = face.source.path.stat()
        points = _code_points(face.source.path, face.source.index, state.st_mtime_ns)
        without = code_points_left_out(points, use.scripts) | set(map(ord, family.without))
        size = family.size * chosen.size
        ascent, descent = use.line
        return Fit(size, frozenset(without), ascent, descent)

    def _instance(self, family: FamilyTable, face: ChosenFace, fit: Fit | None) -> tuple[Path, str]:
        """Return the file of a static instance, made if the cache does not have it whole.

        With it comes the SHA-256 of the file that it is made of.
        """
        content = face.source.path.read_bytes()
        source_digest = hashlib.sha256(content).hexdigest()
        axes = sorted(face.axes.items())
        fitted = fit.key if fit is not None else ""
        described = axes, face.source.index, family.name, face.style, face.weight, fitted
        made_by = code_version(_MAKER), library_version("fonttools"), uharfbuzz.version_string()
        digest = hashlib.sha256(repr((source_digest, described, made_by)).encode()).hexdigest()
        stem = f"{family.shown_slug}-{face.weight}-{face.style}-{digest[:12]}"
        name = f"{stem}.{'otf' if face.source.face.is_postscript else 'ttf'}"
        with _open_cache(self.cache) as folder:
            if not _is_whole(folder, name):
                made = static_font(
                    unpacked(content, face.source.index),
                    face.axes,
                    family.name,
                    face.weight,
                    face.style,
                    fit,
                )
                write_inside(folder, name, made)
                write_inside(folder, f"{name}{_DIGEST}", own_digest(name, made))
        return self.cache / name, source_digest


def _key_of(family: FamilyTable, number: int) -> tuple[str | int, ...]:
    return ("face", number, "file") if family.face else ()


def _shown_name(family: FamilyTable, face: ChosenFace, number: int) -> str:
    return family.face[number].file if family.face else face.source.path.name


@cache
def _code_points(path: Path, index: int, _changed_at: int) -> frozenset[int]:
    """Return the code points of a font in a file, as it was when it was last changed."""
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob(unpacked(path.read_bytes(), index))).unicodes)


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
