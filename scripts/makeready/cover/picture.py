"""The e-book's cover picture: drawn beside other work, and kept until what it shows changes.

The engine is not imported here, for a kept picture needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from makeready.cache import DiskCache
from makeready.cover.design import Design, Picture, digests, load_picture
from makeready.fonts import exact_library_names, seal_fontconfig

LARGEST_BYTES = 50_000_000
"""How large the store of pictures may grow before the one used longest ago is dropped."""


Begin = Callable[["Callable[[Design], Picture]", Design], "Future[Picture] | None"]
"""Has work begun by a worker; None where there is none to do it."""


class CoverPicture:
    """The picture of one design: the kept one, or one that is drawn now."""

    def __init__(self, design: Design, store: DiskCache) -> None:
        self.design = design
        self._store = store
        self._beside: Future[Picture] | None = None

    def begin(self, begin: Begin) -> None:
        """Have it drawn beside, where it is not kept."""
        if self._kept() is None:
            self._beside = begin(_draw, self.design)

    def finish(self) -> Picture:
        """Return the picture, drawn by now."""
        picture = self._kept()
        if picture is None:
            picture = self._drawn_beside() or _draw(self.design)
            # What cannot be kept is drawn again the next time.
            with suppress(OSError):
                self._store.put(self.design.key, picture.dump())
                self._store.evict()
        return picture

    def _kept(self) -> Picture | None:
        block = self._store.get(self.design.key)
        try:
            picture = None if block is None else load_picture(block)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        if picture is None or picture.shown != digests(self.design.folders, picture.shown):
            return None
        return picture

    def _drawn_beside(self) -> Picture | None:
        """Return what a worker drew; None when it met a fault, to be met here too."""
        picture = None
        if self._beside is not None:
            with suppress(Exception):
                picture = self._beside.result()
            self._beside = None
        return picture


def _draw(design: Design) -> Picture:
    seal_fontconfig(design.fonts)
    with exact_library_names():
        from makeready.cover.draw import draw_picture  # noqa: PLC0415

    return draw_picture(design)
