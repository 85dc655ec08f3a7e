"""The e-book's cover image: from the cache, or drawn by a worker or in this process.

The engine is imported only when an image has to be drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from makeready.cache import DiskCache
from makeready.cover.design import CoverDesign, CoverImage, file_digests, load_cover_image
from makeready.fonts import exact_library_names, seal_fontconfig

LARGEST_BYTES = 50_000_000
"""The size of the cache of cover images above which the least recently used are dropped."""


Submit = Callable[["Callable[[CoverDesign], CoverImage]", CoverDesign], "Future[CoverImage] | None"]
"""A function that calls another in a worker; it returns None where there is no worker."""


class CoverImageTask:
    """The task of drawing the image of one design, unless it is in the cache."""

    def __init__(self, design: CoverDesign, cache: DiskCache) -> None:
        self.design = design
        self._cache = cache
        self._future: Future[CoverImage] | None = None

    def start(self, submit: Submit) -> None:
        """Have a worker draw the image, if it is not in the cache."""
        if self._cached() is None:
            self._future = submit(_draw, self.design)

    def result(self) -> CoverImage:
        """Return the image, from the cache, from the worker, or drawn now."""
        image = self._cached()
        if image is None:
            image = self._drawn_by_worker() or _draw(self.design)
            # Without the cache it is drawn again in the next run.
            with suppress(OSError):
                self._cache.put(self.design.key, image.dump())
                self._cache.evict()
        return image

    def _cached(self) -> CoverImage | None:
        content = self._cache.get(self.design.key)
        try:
            image = None if content is None else load_cover_image(content)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        if image is None or image.shown != file_digests(self.design.folders, image.shown):
            return None
        return image

    def _drawn_by_worker(self) -> CoverImage | None:
        """Return what a worker drew; None if it failed, so that the error is raised here."""
        image = None
        if self._future is not None:
            with suppress(Exception):
                image = self._future.result()
            self._future = None
        return image


def _draw(design: CoverDesign) -> CoverImage:
    seal_fontconfig(design.fonts)
    with exact_library_names():
        from makeready.cover.draw import draw_cover_image  # noqa: PLC0415

    return draw_cover_image(design)
