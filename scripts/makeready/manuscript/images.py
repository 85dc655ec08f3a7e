"""The images of the book: found under its folder, known by what they hold."""

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
MISNAMED = "IMG-008"
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
    """What came of looking for an image, and the rule that it breaks."""

    resource: Resource | None
    rule: str = ""
    values: dict[str, str] = field(default_factory=dict)


class Images:
    """Looks up what the book shows, each file once; ``shelf`` knows those of former times."""

    def __init__(
        self, root: Path, missing_targets: MissingTargets, shelf: SectionCache | None = None
    ) -> None:
        self._root = root
        self._real_root = root.resolve()
        self._losses = missing_targets
        self._shelf = shelf
        self._known: dict[str, ImageLookup] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The images that the book shows, in the order of their paths."""
        found = {r.path: r for looked in self._known.values() if (r := looked.resource)}
        return tuple(found[path] for path in sorted(found))

    def look(self, source: str) -> ImageLookup:
        """Say what there is under an image's source."""
        if source not in self._known:
            self._known[source] = self._read(source)
        return self._known[source]

    def report_unused(self, findings: Findings) -> None:
        """Report the files in the images folder that nothing shows."""
        folder = self._root / FOLDER
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return
        shown = {resource.path for resource in self.resources} | set(self._known)
        shown |= self._losses.images
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(self._root).as_posix()
            hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
            if file.is_file() and not hidden and name not in shown:
                findings.add("IMG-007", SourceLocation(name))

    def _read(self, source: str) -> ImageLookup:  # noqa: PLR0911 - one return for each rule
        try:
            path = (self._root / source).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            if ".." in PurePosixPath(source).parts:
                return ImageLookup(None, "IMG-003")
            return ImageLookup(None, "IMG-001", {"nearest": self._nearest(source)})
        if not path.is_relative_to(self._real_root):
            return ImageLookup(None, "IMG-003")
        try:
            kind, problem = self._kind_of(path)
        except OSError as error:
            kind, problem = "", error.strerror or str(error)
        if not kind:
            return ImageLookup(None, "IMG-004", {"problem": problem})
        if kind == "SVG" and problem:
            return ImageLookup(None, "IMG-006", {"problem": problem})
        media_type, endings = _TYPES[kind]
        plain = PurePosixPath(source)
        if ".." in plain.parts:
            plain = PurePosixPath(path.relative_to(self._real_root).as_posix())
        resource = Resource(plain.as_posix(), media_type)
        if PurePosixPath(source).suffix.lower().removeprefix(".") not in endings:
            return ImageLookup(resource, MISNAMED, {"actual": media_type, "wanted": endings[0]})
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
        self._losses.images.add(near.as_posix())
        return f" Did you mean “{near}”?"

    def _kind_of(self, path: Path) -> tuple[str, str]:
        """Return what kind of image a file holds, empty if none, and what is wrong with it."""
        if not path.is_file():
            return "", "it is not a plain file"
        if path.stat().st_size > MAX_BYTES:
            return "", f"it is more than {MAX_BYTES // 1_000_000} MB long"
        raw = path.read_bytes()
        if self._shelf is None:
            return _kind_in(raw)
        key = self._shelf.key(raw, "image")
        kept = _kept_kind(self._shelf.get(key))
        if kept is None:
            kept = _kind_in(raw)
            self._shelf.put(key, json.dumps(kept).encode())
        return kept


class SectionImages:
    """The images of one section, each source with what came of looking for it."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self.shown: dict[str, ImageLookup] = {}

    def check(self, tree: Element, path: str, findings: Findings) -> list[Element]:
        """Check every image of ``tree``; return those that cannot be shown."""
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
                # An empty description would say that there is nothing to describe.
                image.attrib.pop("alt", "")
                findings.add("IMG-005", location, src=source)
        return refused

    def _look_up(
        self, source: str, location: SourceLocation, findings: Findings
    ) -> Resource | None:
        if not source or _REMOTE.match(source):
            findings.add("IMG-002", location, src=source[:80])
            return None
        first = source not in self.shown
        looked = self.shown[source] = self._images.look(source)
        # A refused image is missing wherever it stands; a wrong name is told of once.
        if looked.rule and (first or looked.resource is None):
            findings.add(looked.rule, location, src=source, **looked.values)
        return looked.resource


def take_out_refused(images: list[Element]) -> None:
    """Put a place in the stead of each image; in a figure its caption is enough."""
    for image in images:
        parent = image.getparent()
        if parent is not None and parent.tag == "figure":
            remove_element(image)
            continue
        place = image.get("id")
        image.tag = "span"
        image.attrib.clear()
        if place:
            image.set("id", place)


# A JPEG of several pictures is opened as a JPEG and only then called MPO.
_OPENED = tuple(kind for kind in _TYPES if kind not in {"SVG", "MPO"})


def _kept_kind(block: bytes | None) -> tuple[str, str] | None:
    try:
        kind, problem = json.loads(block or b"")
    except (ValueError, TypeError):
        return None
    known = kind == "" or kind in _TYPES
    return (kind, problem) if known and isinstance(problem, str) else None


def _kind_in(raw: bytes) -> tuple[str, str]:
    if _SVG_START.match(raw[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "SVG", svg.fault_of(raw) or ""
    return _raster_kind(raw)


@contextmanager
def whole_images_only() -> Iterator[None]:
    """Refuse cut-off images, which the engine, once imported, has the whole process accept."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _raster_kind(raw: bytes) -> tuple[str, str]:
    too_many = "", f"it has more than {MAX_PIXELS // 1_000_000} million pixels"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=_OPENED) as image:
                if image.width * image.height > MAX_PIXELS:
                    return too_many
                image.draft("L", (64, 64))
                with whole_images_only():
                    image.load()
                return image.format or "", ""
    except Image.DecompressionBombError:
        return too_many
    except UnidentifiedImageError:
        return "", "its content is of another type"
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        return "", f"it is damaged ({error})"
