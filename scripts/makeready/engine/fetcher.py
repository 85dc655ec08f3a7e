"""The only way the engine reads a file: inside the book's folder and the styles, nowhere else."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from weasyprint.urls import URLFetcher, URLFetcherResponse

from makeready.engine.resources import BASE_URL, find, name_in

_RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class RefusedError(ValueError):
    """A document asked for something outside the book."""


class BookFetcher(URLFetcher):  # type: ignore[misc]
    """Serve files from a few named folders; refuse the network and every other path.

    ``grey``: raster images are handed over in one grey channel, on white, as a book printed in
    black ink needs them.
    """

    def __init__(self, folders: Mapping[str, Path], *, grey: bool = False) -> None:
        super().__init__(allowed_protocols=("http",), allow_redirects=False)
        self._folders = dict(folders)
        self._grey = grey

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return the file a URL stands for, or raise `RefusedError`."""
        path = self._path(url)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content = path.read_bytes()
        if self._grey and media_type in _RASTER:
            content, media_type = _in_grey(content), "image/png"
        return URLFetcherResponse(url, content, {"Content-Type": media_type})

    def _path(self, url: str) -> Path:
        name = name_in(url)
        if not url.startswith(BASE_URL) or name.partition("/")[0] not in self._folders:
            raise RefusedError(f"{url} is not part of the book")
        path = find(self._folders, name)
        if path is None:
            raise RefusedError(f"/{name} is not in the book's folder")
        return path


class RecordingFetcher(BookFetcher):
    """A `BookFetcher` that records the names a document asks for, found or not, in ``asked``."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        super().__init__(folders)
        self.asked: set[str] = set()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Record the name, and do as `BookFetcher` does."""
        if url.startswith(BASE_URL):
            self.asked.add(name_in(url))
        return super().fetch(url, headers)


def _in_grey(content: bytes) -> bytes:
    """Convert a raster image to one grey channel, transparency laid on white."""
    with Image.open(io.BytesIO(content)) as image:
        picture = image.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture)
        out = io.BytesIO()
        paper.convert("L").save(out, "PNG")
    return out.getvalue()
