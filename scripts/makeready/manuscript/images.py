"""The images of the book: found in its folder, their type detected from their content."""

from __future__ import annotations

import difflib
import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from pathlib import Path, PurePosixPath
from unicodedata import normalize
from urllib.parse import unquote

from makeready.book.model import Element, Resource
from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.findings import Findings, SourceLocation
from makeready.images.raster import RasterError, aspect_ratio, is_animated, open_raster
from makeready.manuscript import svg
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.diagrams import DIAGRAM_DRAWING
from makeready.manuscript.figures import classes
from makeready.manuscript.image_sizes import set_sizes
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.subfigures import RATIO
from makeready.manuscript.suppressed import MissingTargets

FOLDER = "images"
WRONG_EXTENSION = "IMG-008"
MAX_BYTES = 200_000_000
SVG_TYPE = "image/svg+xml"
_TYPES = {
    "PNG": ("image/png", ("png",)),
    "JPEG": ("image/jpeg", ("jpg", "jpeg")),
    "MPO": ("image/jpeg", ("jpg", "jpeg")),
    "GIF": ("image/gif", ("gif",)),
    "WEBP": ("image/webp", ("webp",)),
    "SVG": (SVG_TYPE, ("svg",)),
}
_ENDINGS = dict(_TYPES.values())
MEDIA_TYPE = "data-type"
"""The attribute of an image whose name has the ending of another type: its media type."""

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|[/\\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a file holds: its format, empty if it is no image, and what is wrong with it."""

    format: str
    problem: str = ""
    ratio: float = 0.0
    families: tuple[tuple[str, ...], ...] = ()
    is_animated: bool = False


@dataclass(frozen=True, slots=True)
class ImageLookup:
    """The result of looking for an image: the image, and the rule it violates, if any."""

    resource: Resource | None
    rule: str = ""
    values: dict[str, str] = field(default_factory=dict)
    is_animated: bool = False


class BookImages:
    """Finds the images that the book shows, each file once; ``cache`` has earlier results."""

    def __init__(
        self, root: Path, missing_targets: MissingTargets, cache: SectionCache | None = None
    ) -> None:
        self.root = self._root = root
        self._real_root = root.resolve()
        self._missing_targets = missing_targets
        self._cache = cache
        self._lookups: dict[str, ImageLookup] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The images that the book shows, sorted by path."""
        found = {r.path: r for lookup in self._lookups.values() if (r := lookup.resource)}
        return tuple(found[path] for path in sorted(found))

    def find(self, source: str) -> ImageLookup:
        """Return the image for a source: a path relative to the book's folder, or its URL."""
        if source not in self._lookups:
            self._lookups[source] = self._look_up(source)
        return self._lookups[source]

    def report_unused(self, findings: Findings, elsewhere: Iterable[str] = ()) -> None:
        """Report files in the images folder that are not shown, nor used ``elsewhere``."""
        folder = self._root / FOLDER
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return
        shown = {resource.path for resource in self.resources}
        shown |= {name for source in self._lookups for name in _names(source)}
        shown |= self._missing_targets.images
        shown |= {name for source in elsewhere for name in _names(source)}
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(self._root).as_posix()
            hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
            if file.is_file() and not hidden and name not in shown:
                findings.add("IMG-007", SourceLocation(name))

    def _look_up(self, source: str) -> ImageLookup:
        lookups = [self._look_up_file(name) for name in _names(source)]
        return next((lookup for lookup in lookups if lookup.rule != "IMG-001"), lookups[0])

    def _look_up_file(self, source: str) -> ImageLookup:  # noqa: PLR0911 - one return for each rule
        try:
            path = (self._root / source).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            if ".." in PurePosixPath(source).parts:
                return ImageLookup(None, "IMG-003")
            return ImageLookup(None, "IMG-001", {"suggestion": self._nearest(source)})
        if not path.is_relative_to(self._real_root):
            return ImageLookup(None, "IMG-003")
        content = self._content_of(path)
        if not content.format:
            return ImageLookup(None, "IMG-004", {"problem": content.problem})
        if content.format == "SVG" and content.problem:
            return ImageLookup(None, "IMG-006", {"problem": content.problem})
        media_type, endings = _TYPES[content.format]
        plain = PurePosixPath(source)
        if ".." in plain.parts:
            plain = PurePosixPath(path.relative_to(self._real_root).as_posix())
        resource = Resource(plain.as_posix(), media_type, content.ratio, content.families)
        if right_suffix(resource.path, media_type) != plain.suffix.lower():
            return ImageLookup(
                resource, WRONG_EXTENSION, {"format": content.format, "extension": endings[0]}
            )
        return ImageLookup(resource, is_animated=content.is_animated)

    def _nearest(self, source: str) -> str:
        folder = (self._root / source).parent
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return ""
        names = sorted(file.name for file in folder.iterdir())
        close = difflib.get_close_matches(PurePosixPath(source).name, names, n=1)
        if not close:
            return ""
        near = PurePosixPath(source).with_name(close[0])
        self._missing_targets.images.add(near.as_posix())
        return f" Did you mean “{near}”?"

    def _content_of(self, path: Path) -> _Content:
        try:
            raw = read_book_file(self._real_root, str(path), MAX_BYTES)
        except FileRefusedError as error:
            is_large = error.size is not None
            large = f"it is larger than {MAX_BYTES // 1_000_000} MB"
            return _Content("", large if is_large else error.problem)
        if self._cache is None:
            return _inspect(raw)
        key = self._cache.key(raw, "image")
        cached = _cached_content(self._cache.get(key))
        if cached is None:
            cached = _inspect(raw)
            self._cache.put(key, json.dumps(astuple(cached)).encode())
        return cached


def media_type_of(raw: bytes) -> str:
    """Return the media type of an image, by its content; an empty one if it is none of a book."""
    if svg.is_svg(raw):
        return SVG_TYPE
    try:
        with open_raster(raw) as image:
            return _TYPES[image.format or ""][0]
    except RasterError:
        return ""


def right_suffix(path: str, media_type: str) -> str:
    """Return the suffix, in lower case, of a path if it is one of the type's, else the type's."""
    suffix = PurePosixPath(path).suffix.lower()
    endings = _ENDINGS.get(media_type, ())
    return suffix if not endings or suffix.removeprefix(".") in endings else f".{endings[0]}"


class SectionImages:
    """The images of one section, and the result of looking for each."""

    def __init__(self, images: BookImages) -> None:
        self._images = images
        self.root = images.root
        self.shown: dict[str, ImageLookup] = {}

    def check(self, tree: Element, path: str, file: str, findings: Findings) -> list[Element]:
        """Check every image of a tree, and return those that cannot be shown.

        Their names are relative to the folder of ``file``, or else to the book's folder.
        """
        refused: list[Element] = []
        folder = PurePosixPath(file).parent.as_posix()
        for image in list(tree.iter("img")):
            if image.get(DIAGRAM_DRAWING):
                continue
            location = SourceLocation(path, source_line(image))
            source = (image.get("src") or "").strip()
            lookup = self._look_up(source, folder, location, findings)
            resource = lookup.resource if lookup is not None else None
            if lookup is None or resource is None:
                refused.append(image)
                continue
            image.set("src", resource.path)
            if lookup.rule == WRONG_EXTENSION:
                image.set(MEDIA_TYPE, resource.media_type)
            set_sizes(image, resource.ratio, location, findings)
            if resource.ratio:
                image.set(RATIO, f"{resource.ratio:.4f}")
            if "decorative" in classes(image):
                image.set("alt", "")
            elif not (image.get("alt") or "").strip():
                # An empty description would mark the image as decorative.
                image.attrib.pop("alt", "")
                findings.add("IMG-005", location, image=resource.path)
        return refused

    def _look_up(
        self, source: str, folder: str, location: SourceLocation, findings: Findings
    ) -> ImageLookup | None:
        name = unquote(source)
        if not source or _REMOTE.match(name):
            findings.add("IMG-002", location, image=name[:80])
            return None
        path = source
        if folder != ".":
            near = posixpath.normpath(f"{folder}/{source}")
            is_first, lookup = self._found(near)
            is_near_only = posixpath.normpath(source).startswith("../")
            path = near if is_near_only or lookup.rule not in {"IMG-001", "IMG-003"} else source
        if path == source:
            is_first, lookup = self._found(source)
        # A refused image is reported wherever it is shown, a wrong extension only once.
        if lookup.rule and (is_first or lookup.resource is None):
            findings.add(lookup.rule, location, image=name, **lookup.values)
        if is_first and lookup.resource is not None and lookup.is_animated:
            is_drawing = lookup.resource.media_type == SVG_TYPE
            findings.add("IMG-013" if is_drawing else "IMG-009", location, image=name)
        return lookup

    def _found(self, source: str) -> tuple[bool, ImageLookup]:
        """Return whether an image is looked for here for the first time, and the result."""
        is_first = source not in self.shown
        self.shown[source] = self._images.find(source)
        return is_first, self.shown[source]


def remove_refused_images(images: list[Element]) -> None:
    """Replace each image by an empty span with its id; remove it if it is in a figure."""
    for image in images:
        parent = image.getparent()
        if parent is not None and parent.tag == "figure":
            remove_element(image)
            continue
        anchor = image.get("id")
        image.tag = "span"
        image.attrib.clear()
        if anchor:
            image.set("id", anchor)


def _names(source: str) -> list[str]:
    """Return the names of files that a source may stand for.

    In a URL other characters than letters may be escaped (``%20``), but authors write names as
    they are too. Some file systems decompose accented letters.
    """
    names = (unquote(source), source)
    return list(
        dict.fromkeys(
            (*names, *(normalize(form, name) for form in ("NFC", "NFD") for name in names))
        )
    )


def _cached_content(entry: bytes | None) -> _Content | None:
    try:
        image_format, problem, ratio, families, is_animated = json.loads(entry or b"")
        names = tuple(tuple(map(str, family)) for family in families)
        ratio = float(ratio)
    except (ValueError, TypeError):
        return None
    known = image_format == "" or image_format in _TYPES
    if not known or not isinstance(problem, str):
        return None
    return _Content(image_format, problem, ratio, names, is_animated=bool(is_animated))


def _inspect(raw: bytes) -> _Content:
    if svg.is_svg(raw):
        drawing = svg.inspect(raw, lambda embedded: _inspect_raster(embedded).problem)
        return _Content("SVG", drawing.problem, drawing.ratio, drawing.families, drawing.moves)
    return _inspect_raster(raw)


def _inspect_raster(raw: bytes) -> _Content:
    try:
        with open_raster(raw) as image:
            ratio, animated = aspect_ratio(image), is_animated(image)
            image.draft("L", (64, 64))
            image.load()
            return _Content(image.format or "", ratio=ratio, is_animated=animated)
    except RasterError as error:
        return _Content("", str(error))
