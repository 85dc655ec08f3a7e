"""The URL fetcher: it serves files of the book and the styles, and refuses everything else.

WeasyPrint's own fetcher reads any file and the network, and a document can embed what it reads
(``<link rel=attachment>``). A book may come from a stranger, so it gets this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

from makeready.engine.resources import BASE_URL, find_resource, resource_name

# The type of an image is that of its content, whatever its name and the machine's tables say.
_MEDIA_TYPES = {".css": "text/css"}
_LONGEST_NAME = 80


class RefusedError(ValueError):
    """A document asked for a file outside the book; the engine's warning has this name in it."""


class BookFetcher(URLFetcher):  # type: ignore[misc]
    """A fetcher that serves files from a few named folders and nothing else."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=("http",), allow_redirects=False)
        self._folders = dict(folders)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return the file a URL stands for; raise `RefusedError` if there is none."""
        path = self._path(url)
        media_type = _MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media_type})

    def _path(self, url: str) -> Path:
        name = resource_name(url)
        if not url.startswith(BASE_URL) or name.partition("/")[0] not in self._folders:
            raise RefusedError(f"{url[:_LONGEST_NAME]} is not part of the book")
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
