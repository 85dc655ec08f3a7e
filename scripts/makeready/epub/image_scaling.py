"""Images made fit for e-books: upright, in RGB or grey, with no more pixels than stores accept.

Some reading systems ignore the orientation that a camera noted, and show CMYK in wrong colours. An
image that is sharp enough for print has more pixels than some stores accept. An image keeps its
format and its profile, and loses what its file says besides, such as where it was taken. One that
cannot be scaled keeps its size, and the check reports it.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from math import floor, sqrt
from typing import Any

from PIL import Image

from makeready.book.model import Edition
from makeready.cache import DiskCache, code_version
from makeready.images.colour_profiles import noticeable_profile, to_srgb
from makeready.images.file_metadata import without_metadata
from makeready.images.raster import (
    RasterError,
    inks_of,
    is_animated,
    open_raster,
    turn_of,
    turned,
)
from makeready.stores.store import read_store, stores_named

_MILLION = 1_000_000
_MODE_TO_SCALE = {"1": "L", "P": "RGBA", "PA": "RGBA"}
"""The modes whose pixels cannot be averaged, and the modes they are converted to."""

_SCALABLE_MODES = frozenset({"L", "LA", "RGB", "RGBA"})
_FORMAT_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 92},
}
_FORMAT_OPTIONS["MPO"] = _FORMAT_OPTIONS["JPEG"]


def pixel_limit(edition: Edition) -> int | None:
    """Return the most pixels that all stores of an e-book accept; None without a limit."""
    stores = stores_named(()) if edition.stores is None else map(read_store, edition.stores)
    rules = (store.rules.images for store in stores)
    limits = [r.most_megapixels for r in rules if r is not None and r.most_megapixels is not None]
    return floor(min(limits) * _MILLION) if limits else None


@dataclass(frozen=True, slots=True)
class ImageScaler:
    """Makes images fit for e-books, with a cache of the results."""

    most_pixels: int | None
    cache: DiskCache | None = None

    def scale(self, content: bytes) -> bytes:
        """Return an image upright, in RGB or grey, and within the limit, if it can be scaled."""
        if not _needs_change(content, self.most_pixels):
            return without_metadata(content)
        digest = hashlib.sha256(f"{code_version(__name__)}:{self.most_pixels}:".encode())
        digest.update(content)
        key = digest.hexdigest()
        cached = self.cache.get(key) if self.cache is not None else None
        if cached is not None:
            return cached
        scaled = _changed(content, self.most_pixels)
        if self.cache is not None:
            self.cache.put(key, scaled)
        return scaled


def _needs_change(content: bytes, most_pixels: int | None) -> bool:
    try:
        with open_raster(content) as image:
            if image.format not in _FORMAT_OPTIONS or is_animated(image):
                return False
            fits = most_pixels is None or image.width * image.height <= most_pixels
            return not fits or image.mode == "CMYK" or turn_of(image) != ()
    except RasterError:
        return False


def _changed(content: bytes, most_pixels: int | None) -> bytes:
    try:
        with open_raster(content) as image:
            image.load()
            turn = turn_of(image)
            picture = _averageable(image)
            if picture is None:
                return content if turn else without_metadata(content)
            profile = image.info.get("icc_profile") if image.mode != "CMYK" else None
            pixels = image.width * image.height
            if most_pixels is not None and pixels > most_pixels:
                scale = sqrt(most_pixels / pixels)
                size = (max(1, floor(image.width * scale)), max(1, floor(image.height * scale)))
                picture = picture.resize(size, Image.Resampling.LANCZOS)
            out = io.BytesIO()
            image_format = "JPEG" if image.format == "MPO" else image.format or ""
            turned(picture, turn).save(
                out, image_format, icc_profile=profile, **_FORMAT_OPTIONS[image_format]
            )
            # Pillow copies comments.
            return without_metadata(out.getvalue())
    except RasterError:
        return content


def _averageable(image: Image.Image) -> Image.Image | None:
    """Return an image in a mode that can be scaled and that reading systems show; None without."""
    if image.mode == "CMYK":
        return to_srgb(inks_of(image), noticeable_profile(image))
    # A single colour that means transparency would be lost by averaging.
    mode = "RGBA" if "transparency" in image.info else _MODE_TO_SCALE.get(image.mode, image.mode)
    picture = image.convert(mode)
    return picture if picture.mode in _SCALABLE_MODES else None
