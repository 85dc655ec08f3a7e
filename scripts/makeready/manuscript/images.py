"""The images of the book: found under its folder, known by what they hold."""

from __future__ import annotations

import difflib
import re
import warnings
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from makeready.book.model import Element, Resource
from makeready.findings import Findings, SourceLocation
from makeready.manuscript import svg
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import line_of, take_out

FOLDER = "images"
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


class Images:
    """Looks up what the sections show, each file once."""

    def __init__(self, root: Path, findings: Findings) -> None:
        self._root = root
        self._real_root = root.resolve()
        self._findings = findings
        self._known: dict[str, Resource | None] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The images that the book shows, in the order of their paths."""
        found = {r.path: r for r in self._known.values() if r is not None}
        return tuple(found[path] for path in sorted(found))

    def check(self, tree: Element, path: str) -> None:
        """Check every image of ``tree``; one that cannot be shown is taken out."""
        for image in list(tree.iter("img")):
            location = SourceLocation(path, line_of(image))
            source = unquote((image.get("src") or "").strip())
            resource = self._look_up(source, location)
            if resource is None:
                take_out(image)
                continue
            image.set("src", resource.path)
            decorative = "decorative" in classes(image)
            if decorative:
                image.set("alt", "")
            elif not (image.get("alt") or "").strip():
                self._findings.add("IMG-005", location, src=source)
            image.set("alt", image.get("alt") or "")

    def report_unused(self) -> None:
        """Report the files in the images folder that nothing shows."""
        folder = self._root / FOLDER
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return
        shown = {resource.path for resource in self.resources} | set(self._known)
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(self._root).as_posix()
            hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
            if file.is_file() and not hidden and name not in shown:
                self._findings.add("IMG-007", SourceLocation(name))

    def _look_up(self, source: str, location: SourceLocation) -> Resource | None:
        if not source or _REMOTE.match(source):
            self._findings.add("IMG-002", location, src=source[:80])
            return None
        if self._known.get(source) is None:
            self._known[source] = self._read(source, location)
        return self._known[source]

    def _read(self, source: str, location: SourceLocation) -> Resource | None:
        try:
            path = (self._root / source).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            if ".." in PurePosixPath(source).parts:
                self._findings.add("IMG-003", location, src=source)
            else:
                self._findings.add("IMG-001", location, src=source, nearest=self._nearest(source))
            return None
        if not path.is_relative_to(self._real_root):
            self._findings.add("IMG-003", location, src=source)
            return None
        try:
            kind, problem = _kind_of(path)
        except OSError as error:
            kind, problem = "", error.strerror or str(error)
        if not kind:
            self._findings.add("IMG-004", location, src=source, problem=problem)
            return None
        if kind == "SVG" and problem:
            self._findings.add("IMG-006", location, src=source, problem=problem)
            return None
        media_type, endings = _TYPES[kind]
        if PurePosixPath(source).suffix.lower().removeprefix(".") not in endings:
            self._findings.add(
                "IMG-008", location, src=source, actual=media_type, wanted=endings[0]
            )
        plain = PurePosixPath(source)
        if ".." in plain.parts:
            plain = PurePosixPath(path.relative_to(self._real_root).as_posix())
        return Resource(plain.as_posix(), media_type)

    def _nearest(self, source: str) -> str:
        folder = (self._root / source).parent
        if not folder.is_dir() or not folder.resolve().is_relative_to(self._real_root):
            return ""
        names = sorted(file.name for file in folder.iterdir())
        close = difflib.get_close_matches(PurePosixPath(source).name, names, n=1)
        return f" Did you mean “{PurePosixPath(source).with_name(close[0])}”?" if close else ""


def _kind_of(path: Path) -> tuple[str, str]:
    """Return what kind of image a file holds, empty if none, and what is wrong with it."""
    if not path.is_file():
        return "", "it is not a plain file"
    if path.stat().st_size > MAX_BYTES:
        return "", f"it is more than {MAX_BYTES // 1_000_000} MB long"
    raw = path.read_bytes()
    if _SVG_START.match(raw[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "SVG", svg.fault_of(raw) or ""
    return _raster_kind(raw)


def _raster_kind(raw: bytes) -> tuple[str, str]:
    too_many = "", f"it has more than {MAX_PIXELS // 1_000_000} million pixels"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=[k for k in _TYPES if k != "SVG"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    return too_many
                image.draft("L", (64, 64))
                image.load()
                return image.format or "", ""
    except Image.DecompressionBombError:
        return too_many
    except UnidentifiedImageError:
        return "", "its content is of another type"
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        return "", f"it is damaged ({error})"
