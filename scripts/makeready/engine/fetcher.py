"""The URL fetcher: it serves files of the book and the styles, and refuses everything else.

WeasyPrint's own fetcher reads any file and the network, and a document can embed what it reads
(``<link rel=attachment>``). A book may come from a stranger, so it gets this one.
"""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from weasyprint.urls import URLFetcher, URLFetcherResponse

from makeready.engine.resources import BASE_URL, find_resource, resource_name

_RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class RefusedError(ValueError):
    """A document asked for a file outside the book; the engine's warning has this name in it."""


class BookFetcher(URLFetcher):  # type: ignore[misc]
    """A fetcher that serves files from a few named folders and nothing else.

    With ``grey`` it converts raster images to one grey channel on white, as a book printed in
    black ink needs them.
    """

    def __init__(self, folders: Mapping[str, Path], *, grey: bool = False) -> None:
        super().__init__(allowed_protocols=("http",), allow_redirects=False)
        self._folders = dict(folders)
        self._grey = grey

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return the file a URL stands for; raise `RefusedError` if there is none."""
        path = self._path(url)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content = path.read_bytes()
        if self._grey and media_type in _RASTER:
            content, media_type = _to_grey(content), "image/png"
        return URLFetcherResponse(url, content, {"Content-Type": media_type})

    def _path(self, url: str) -> Path:
        name = resource_name(url)
        if not url.startswith(BASE_URL) or name.partition("/")[0] not in self._folders:
            raise RefusedError(f"{url} is not part of the book")
        path = find_resource(self._folders, name)
        if path is None:
            raise RefusedError(f"/{name} is not in the book's folder")
        return path


class RecordingFetcher(BookFetcher):
    """A `BookFetcher` that records the names of all requested files, found or not."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        super().__init__(folders)
        self.requested: set[str] = set()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Record the name, and do as `BookFetcher` does."""
        if url.startswith(BASE_URL):
            self.requested.add(resource_name(url))
        return super().fetch(url, headers)


def _to_grey(content: bytes) -> bytes:
    """Convert a raster image to a PNG of one grey channel, transparency laid on white."""
    with Image.open(io.BytesIO(content)) as image:
        picture = image.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture)
        out = io.BytesIO()
        paper.convert("L").save(out, "PNG")
    return out.getvalue()
