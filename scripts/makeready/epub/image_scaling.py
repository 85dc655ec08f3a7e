"""Images made as small as every store takes them that an e-book goes to.

A plate that is fine enough for print has more pixels than some stores take. The picture keeps its
format, its colours and its profile; what cannot be scaled stays as it is, and is told by the check.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from math import floor, sqrt
from typing import Any

from PIL import Image

from makeready.book.model import Edition
from makeready.cache import DiskCache, code_version
from makeready.manuscript.images import refuse_truncated_images
from makeready.stores.store import read_store, stores_named

_MILLION = 1_000_000
_SMOOTH = {"1": "L", "P": "RGBA", "PA": "RGBA"}
"""The modes whose pixels cannot be mixed, and those that hold what they mix to."""

_MODES = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
_WRITTEN: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0, "optimize": True},
    "PNG": {"optimize": True},
}


def most_pixels(edition: Edition) -> int | None:
    """Return the most pixels that every store takes which an e-book goes to; None if all do."""
    stores = stores_named(()) if edition.stores is None else map(read_store, edition.stores)
    rules = (store.rules.images for store in stores)
    limits = [r.most_megapixels for r in rules if r is not None and r.most_megapixels is not None]
    return floor(min(limits) * _MILLION) if limits else None


@dataclass(frozen=True, slots=True)
class ImageScaler:
    """Fits images to a number of pixels, and keeps those it has made."""

    most: int | None
    store: DiskCache | None = None

    def fitted(self, content: bytes) -> bytes:
        """Return an image as it is to be packed: scaled down, or as it was given."""
        if self.most is None or not _is_larger(content, self.most):
            return content
        digest = hashlib.sha256(f"{code_version(__name__)}:{self.most}:".encode())
        digest.update(content)
        key = digest.hexdigest()
        kept = self.store.get(key) if self.store is not None else None
        if kept is not None:
            return kept
        scaled = _scaled(content, self.most)
        if self.store is not None:
            self.store.put(key, scaled)
        return scaled


def _is_larger(content: bytes, most: int) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                fits = image.width * image.height <= most
                return not fits and image.format in _WRITTEN and not _moves(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False


def _moves(image: Image.Image) -> bool:
    return bool(getattr(image, "is_animated", False))


def _scaled(content: bytes, most: int) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                with refuse_truncated_images():
                    image.load()
                mode = _SMOOTH.get(image.mode, image.mode)
                # A colour that stands for transparency would not survive being mixed.
                picture = image.convert("RGBA" if "transparency" in image.info else mode)
                if picture.mode not in _MODES:
                    return content
                scale = sqrt(most / (image.width * image.height))
                size = (max(1, floor(image.width * scale)), max(1, floor(image.height * scale)))
                small = picture.resize(size, Image.Resampling.LANCZOS)
                kept = {k: image.info[k] for k in ("icc_profile", "exif") if image.info.get(k)}
                out = io.BytesIO()
                form = image.format or ""
                small.save(out, form, **kept, **_WRITTEN[form])
                return out.getvalue()
    except (OSError, SyntaxError, ValueError):
        return content
