"""Where the fonts of a family are: in a package, in the book's folder, or on the machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec
from pathlib import Path

from makeready.cache import library_version
from makeready.errors import FindingsError, MissingToolError
from makeready.fonts.declaration import Chosen, FamilyTable, Place, slug_of
from makeready.fonts.sfnt import Face, read_faces

BOOK_FONTS = "fonts"
"""The folder of a book where families are looked for by their names."""

_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2"})
_INSTALLED_SUFFIXES = _SUFFIXES - {".woff", ".woff2"}
_MOST_FILES, _MOST_INSTALLED = 500, 20_000
_LICENCES = ("ofl", "licen", "copying", "copyright")
_OF_FONTS_ONLY = ("ofl",)
_LICENCE_PAGES = frozenset({"ofl.md", "license.md", "licence.md", "copying.md"})
"""Other names with this suffix are those of sections, such as copyright-page.md."""

_PACKAGES = "fontpkg_"


@dataclass(frozen=True, slots=True)
class FontSource:
    """A font in a file; ``index`` is its place in a collection, ``origin`` says where it is from.

    ``origin`` has no path of the machine, so that it may be shown in what is published.
    """

    path: Path
    index: int
    face: Face
    origin: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A folder of fonts: of a package, of the book, or one of the machine's.

    ``label`` says which. No link may lead out of the book's folder ``root``.
    """

    folder: Path
    label: str
    root: Path | None = None

    def files(self) -> Iterator[Path]:
        """Yield the files of fonts in it, in the order of their names."""
        found = (p for p in self.folder.rglob("*") if p.suffix.lower() in _SUFFIXES)
        for path in sorted(p for p in found if p.is_file())[:_MOST_FILES]:
            if self.has(path):
                yield path

    def has(self, path: Path) -> bool:
        """Return whether a file is really in the book's folder, if the folder is one of a book."""
        try:
            return self.root is None or path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):
            return False

    def source(self, path: Path, index: int, face: Face) -> FontSource:
        """Return a font of one of its files."""
        name = path.relative_to(self.folder).as_posix()
        return FontSource(path, index, face, f"{self.label}: {name}")

    def licence_of(self, font: Path) -> Path | None:
        """Return the file of the licence of a font of it, beside the font or above it, if any.

        A licence in the book's own folder is the book's, unless its name says that it is a font's.
        """
        for folder in font.parents:
            if not folder.is_relative_to(self.folder):
                break
            names = _OF_FONTS_ONLY if folder == self.root else _LICENCES
            for path in sorted(folder.iterdir()):
                if _is_licence(path.name.lower(), names) and path.is_file() and self.has(path):
                    return path
        return None


def _is_licence(name: str, starts: tuple[str, ...]) -> bool:
    is_text = Path(name).suffix in ("", ".txt") or name in _LICENCE_PAGES
    return is_text and name.startswith(starts)


@dataclass
class FontFinder:
    """What finds the fonts of families, of a book with the folder ``book_root`` or of none."""

    book_root: Path | None = None
    _by_folder: dict[Path, list[FontSource]] = field(default_factory=dict)

    def origin_of(self, family: FamilyTable, place: Place) -> Origin | None:
        """Return the folder that a family is declared to be in; None if it is looked for."""
        if family.package:
            return self.package(family.package)
        if family.folder is not None or family.face:
            folder = family.folder or "."
            if self.book_root is None or not (self.book_root / folder).is_dir():
                problem = f"there is no folder “{folder}” in the book's folder"
                raise place.error(problem, "Use the path of a folder, from the book's.", "folder")
            return Origin(self.book_root / folder, f"book, {folder}", root=self.book_root)
        return None

    def package(self, name: str) -> Origin:
        """Return the folder of a package; MissingToolError if it is not installed."""
        spec = find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise MissingToolError(
                f"The font package {name} is not installed.",
                f"Install it beside makeready: pip install {name.replace('_', '-')}",
            )
        distribution = name.replace("_", "-")
        try:
            label = f"{distribution} {library_version(distribution)}"
        except PackageNotFoundError:
            label = distribution
        return Origin(Path(next(iter(spec.submodule_search_locations))), label)

    def faces_in(self, origin: Origin, family: str, place: Place) -> list[FontSource]:
        """Return the fonts of a family in a folder; FindingsError for a file that is damaged."""
        if origin.folder not in self._by_folder:
            found = self._by_folder[origin.folder] = []
            for path in origin.files():
                try:
                    faces = read_faces(path)
                except (ValueError, OSError) as error:
                    raise _damaged(origin, path, error, place) from error
                found += [origin.source(path, n, face) for n, face in enumerate(faces)]
        return [one for one in self._by_folder[origin.folder] if one.face.is_of(family)]

    def look_for(self, family: str, place: Place) -> tuple[list[FontSource], Origin | None]:
        """Look for a family by its name: in the book, in a package, and on the machine.

        Return its fonts, none if it is nowhere, and the folder they are in.
        """
        if self.book_root is not None and (self.book_root / BOOK_FONTS).is_dir():
            origin = Origin(self.book_root / BOOK_FONTS, f"book, {BOOK_FONTS}", root=self.book_root)
            if found := self.faces_in(origin, family, place):
                return found, origin
        package = _PACKAGES + slug_of(family).replace("-", "_")
        if find_spec(package) is not None:
            origin = self.package(package)
            if found := self.faces_in(origin, family, place):
                return found, origin
        return installed(family), None

    def require(self, chosen: Chosen) -> tuple[list[FontSource], Origin | None]:
        """Look for a family by its name; FindingsError, with what can be done, if there is none."""
        found, origin = self.look_for(chosen.name, chosen.place)
        if not found:
            raise not_found(chosen.name, chosen.place)
        return found, origin


def not_found(family: str, place: Place, *deeper: str) -> FindingsError:
    """Return the error for a family that is neither in the book nor on the machine."""
    package = _PACKAGES.replace("_", "-") + slug_of(family)
    return place.error(
        f"the family “{family}” is not in the book's folder {BOOK_FONTS}/, in no font package "
        "and not installed on this machine",
        f"Put its font files into {BOOK_FONTS}/ beside book.toml, or install a package "
        f"(pip install {package}, where there is one), or use the name of a family you have.",
        *deeper,
    )


def _damaged(origin: Origin, path: Path, error: Exception, place: Place) -> FindingsError:
    name = path.relative_to(origin.folder).as_posix()
    if origin.root is not None:
        name = f"{origin.label.removeprefix('book, ')}/{name}"
    return place.error(
        f"the font “{name}” cannot be read: {error}",
        "Get the font again from where it is published, or delete the file.",
    )


def installed(family: str) -> list[FontSource]:
    """Return the fonts of a family that is installed on this machine."""
    return list(_installed().get(family.casefold(), ()))


@cache
def _installed() -> dict[str, list[FontSource]]:
    """Return all fonts of the machine by the names of their families, in small letters."""
    families: dict[str, list[FontSource]] = {}
    for path in _installed_files():
        try:
            faces = read_faces(path)
        except (ValueError, OSError):
            # A font that no program can use is none.
            continue
        for number, face in enumerate(faces):
            source = FontSource(path, number, face, f"installed: {path.name}")
            for name in dict.fromkeys(map(str.casefold, face.families)):
                families.setdefault(name, []).append(source)
    return families


def _installed_files() -> Iterable[Path]:
    files = (
        Path(folder, name)
        for root in _font_folders()
        for folder, _, names in os.walk(root)
        for name in names
        if Path(name).suffix.lower() in _INSTALLED_SUFFIXES
    )
    return sorted({path: None for path, _ in zip(files, range(_MOST_INSTALLED), strict=False)})


def _font_folders() -> list[Path]:
    """Return the folders of fonts of the user and the system."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - it raises nothing without a home
    if sys.platform == "darwin":
        library = Path("Library/Fonts")
        return [home / library, Path("/") / library, Path("/System") / library]
    data = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    folders = [Path(one) / "fonts" for one in (data, *shared.split(":")) if one.startswith("/")]
    return [home / ".fonts", *folders]
