"""The images of the book: found in its folder, their type detected from their content."""

from __future__ import annotations

import difflib
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PIL import Image, ImageFile, UnidentifiedImageError

from makeready.book.model import Element, Resource
from makeready.findings import Findings, SourceLocation
from makeready.manuscript import svg
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.suppressed import MissingTargets

FOLDER = "images"
WRONG_EXTENSION = "IMG-008"
MAX_BYTES = 200_000_000
MAX_PIXELS = 250_000_000
_TYPES = {
    "PNG": ("image/png", ("png",)),
    "JPEG": ("image/jpeg", ("jpg", "jpeg")),
    "MPO": ("image/jpeg", ("jpg", "jpeg")),
    "GIF": ("image/gif", ("gif",)),
    "WEBP": ("image/webp", ("webp",)),
    "SVG": ("image/svg+xml", ("svg",)),
}
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|[/\\]", re.IGNORECASE)
_SVG_START = re.compile(
    rb"(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s)*<(?:\w+:)?svg[\s>]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ImageLookup:
    """The result of looking for an image: the image, and the rule it violates, if any."""

    resource: Resource | None
    rule: str = ""
    values: dict[str, str] = field(default_factory=dict)


class BookImages:
    """Finds the images that the book shows, each file once; ``cache`` has earlier results."""

    def __init__(
        self, root: Path, missing_targets: MissingTargets, cache: SectionCache | None = None
    ) -> None:
        self._root = root
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
        """Return the image for a source, a path relative to the book's folder."""
        if source not in self._lookups:
            self._lookups[source] = self._look_up_file(source)
        return self._lookups[source]

    def report_unused(self, findings: Findings) -> None:
        """Report files in the images folder that are not shown."""
        folder = self._root / FOLDER
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return
        shown = {resource.path for resource in self.resources} | set(self._lookups)
        shown |= self._missing_targets.images
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(self._root).as_posix()
            hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
            if file.is_file() and not hidden and name not in shown:
                findings.add("IMG-007", SourceLocation(name))

    def _look_up_file(self, source: str) -> ImageLookup:  # noqa: PLR0911 - one return for each rule
        try:
            path = (self._root / source).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            if ".." in PurePosixPath(source).parts:
                return ImageLookup(None, "IMG-003")
            return ImageLookup(None, "IMG-001", {"suggestion": self._nearest(source)})
        if not path.is_relative_to(self._real_root):
            return ImageLookup(None, "IMG-003")
        try:
            image_format, problem = self._format_of(path)
        except OSError as error:
            image_format, problem = "", error.strerror or str(error)
        if not image_format:
            return ImageLookup(None, "IMG-004", {"problem": problem})
        if image_format == "SVG" and problem:
            return ImageLookup(None, "IMG-006", {"problem": problem})
        media_type, endings = _TYPES[image_format]
        plain = PurePosixPath(source)
        if ".." in plain.parts:
            plain = PurePosixPath(path.relative_to(self._real_root).as_posix())
        resource = Resource(plain.as_posix(), media_type)
        if PurePosixPath(source).suffix.lower().removeprefix(".") not in endings:
            return ImageLookup(
                resource, WRONG_EXTENSION, {"format": image_format, "extension": endings[0]}
            )
        return ImageLookup(resource)

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

    def _format_of(self, path: Path) -> tuple[str, str]:
        """Return the format of a file, empty if it is not an image, and what is wrong with it."""
        if not path.is_file():
            return "", "it is not an ordinary file"
        if path.stat().st_size > MAX_BYTES:
            return "", f"it is larger than {MAX_BYTES // 1_000_000} MB"
        raw = path.read_bytes()
        if self._cache is None:
            return _detect_format(raw)
        key = self._cache.key(raw, "image")
        cached = _cached_format(self._cache.get(key))
        if cached is None:
            cached = _detect_format(raw)
            self._cache.put(key, json.dumps(cached).encode())
        return cached


class SectionImages:
    """The images of one section, and the result of looking for each."""

    def __init__(self, images: BookImages) -> None:
        self._images = images
        self.shown: dict[str, ImageLookup] = {}

    def check(self, tree: Element, path: str, findings: Findings) -> list[Element]:
        """Check every image of ``tree``, and return those that cannot be shown."""
        refused: list[Element] = []
        for image in list(tree.iter("img")):
            location = SourceLocation(path, source_line(image))
            source = unquote((image.get("src") or "").strip())
            resource = self._look_up(source, location, findings)
            if resource is None:
                refused.append(image)
                continue
            image.set("src", resource.path)
            if "decorative" in classes(image):
                image.set("alt", "")
            elif not (image.get("alt") or "").strip():
                # An empty description would mark the image as decorative.
                image.attrib.pop("alt", "")
                findings.add("IMG-005", location, image=source)
        return refused

    def _look_up(
        self, source: str, location: SourceLocation, findings: Findings
    ) -> Resource | None:
        if not source or _REMOTE.match(source):
            findings.add("IMG-002", location, image=source[:80])
            return None
        is_first = source not in self.shown
        lookup = self.shown[source] = self._images.find(source)
        # A refused image is reported wherever it is shown, a wrong extension only once.
        if lookup.rule and (is_first or lookup.resource is None):
            findings.add(lookup.rule, location, image=source, **lookup.values)
        return lookup.resource


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


# Pillow opens a JPEG with several pictures as JPEG, and then reports MPO.
_RASTER_FORMATS = tuple(
    image_format for image_format in _TYPES if image_format not in {"SVG", "MPO"}
)


def _cached_format(entry: bytes | None) -> tuple[str, str] | None:
    try:
        image_format, problem = json.loads(entry or b"")
    except (ValueError, TypeError):
        return None
    known = image_format == "" or image_format in _TYPES
    return (image_format, problem) if known and isinstance(problem, str) else None


def _detect_format(raw: bytes) -> tuple[str, str]:
    if _SVG_START.match(raw[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "SVG", svg.problem_of(raw) or ""
    return _raster_format(raw)


@contextmanager
def refuse_truncated_images() -> Iterator[None]:
    """Within the context, refuse truncated images.

    WeasyPrint allows them in the whole process once it is imported; no upstream issue known.
    """
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _raster_format(raw: bytes) -> tuple[str, str]:
    too_many = "", f"it has more than {MAX_PIXELS // 1_000_000} million pixels"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=_RASTER_FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    return too_many
                image.draft("L", (64, 64))
                with refuse_truncated_images():
                    image.load()
                return image.format or "", ""
    except Image.DecompressionBombError:
        return too_many
    except UnidentifiedImageError:
        return "", "its content has another format"
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        return "", f"it is damaged ({error})"
