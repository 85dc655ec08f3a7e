"""Scaling of images to the most pixels that the stores of an e-book accept.

An image that is sharp enough for print has more pixels than some stores accept. It keeps its
format, its colour mode and its profile. An image that cannot be scaled stays as it is, and the
check reports it.
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
from makeready.manuscript.raster import RasterError, is_animated, open_raster
from makeready.stores.store import read_store, stores_named

_MILLION = 1_000_000
_MODE_TO_SCALE = {"1": "L", "P": "RGBA", "PA": "RGBA"}
"""The modes whose pixels cannot be averaged, and the modes they are converted to."""

_SCALABLE_MODES = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
_FORMAT_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0, "optimize": True},
    "PNG": {"optimize": True},
}


def pixel_limit(edition: Edition) -> int | None:
    """Return the most pixels that all stores of an e-book accept; None without a limit."""
    stores = stores_named(()) if edition.stores is None else map(read_store, edition.stores)
    rules = (store.rules.images for store in stores)
    limits = [r.most_megapixels for r in rules if r is not None and r.most_megapixels is not None]
    return floor(min(limits) * _MILLION) if limits else None


@dataclass(frozen=True, slots=True)
class ImageScaler:
    """Scales images down to a number of pixels, with a cache of the results."""

    most_pixels: int | None
    cache: DiskCache | None = None

    def scale(self, content: bytes) -> bytes:
        """Return an image with no more pixels than the limit, if it can be scaled."""
        if self.most_pixels is None or not _is_too_large(content, self.most_pixels):
            return content
        digest = hashlib.sha256(f"{code_version(__name__)}:{self.most_pixels}:".encode())
        digest.update(content)
        key = digest.hexdigest()
        cached = self.cache.get(key) if self.cache is not None else None
        if cached is not None:
            return cached
        scaled = _scaled(content, self.most_pixels)
        if self.cache is not None:
            self.cache.put(key, scaled)
        return scaled


def _is_too_large(content: bytes, most_pixels: int) -> bool:
    try:
        with open_raster(content) as image:
            fits = image.width * image.height <= most_pixels
            return not fits and image.format in _FORMAT_OPTIONS and not is_animated(image)
    except RasterError:
        return False


def _scaled(content: bytes, most_pixels: int) -> bytes:
    try:
        with open_raster(content) as image:
            image.load()
            mode = _MODE_TO_SCALE.get(image.mode, image.mode)
            # A single colour that means transparency would be lost by averaging.
            picture = image.convert("RGBA" if "transparency" in image.info else mode)
            if picture.mode not in _SCALABLE_MODES:
                return content
            scale = sqrt(most_pixels / (image.width * image.height))
            size = (max(1, floor(image.width * scale)), max(1, floor(image.height * scale)))
            small = picture.resize(size, Image.Resampling.LANCZOS)
            metadata = {k: image.info[k] for k in ("icc_profile", "exif") if image.info.get(k)}
            out = io.BytesIO()
            image_format = image.format or ""
            small.save(out, image_format, **metadata, **_FORMAT_OPTIONS[image_format])
            return out.getvalue()
    except RasterError:
        return content
