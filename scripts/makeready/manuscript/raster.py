"""Raster image files opened safely: known formats, a bound on pixels, nothing truncated."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

MAX_PIXELS = 250_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""The raster formats of a book. Pillow opens a JPEG with several pictures as JPEG, and then
reports MPO."""

_FIRST_ON_ITS_SIDE, _LAST_ORIENTATION = 5, 8


class RasterError(ValueError):
    """An image that cannot be used; the message completes “It cannot be used: …”."""


@contextmanager
def open_raster(content: bytes) -> Iterator[Image.Image]:
    """Open a raster image; raise `RasterError` if it is none, damaged or too large.

    So do errors of decoding within the context.
    """
    # WeasyPrint allows truncated images in the whole process once it is imported; no upstream
    # issue known. Pillow's own bound on pixels is lower.
    before = ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = False, None
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            _check_size(image)
            yield image
    except UnidentifiedImageError as error:
        raise RasterError("its content has another format") from error
    except RasterError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise RasterError(f"it is damaged ({error})") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = before


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise RasterError(f"it has more than {MAX_PIXELS // 1_000_000} million pixels")


def orientation(image: Image.Image) -> int:
    """Return the orientation that a camera noted in an image, 1 to 8; 1 is upright (Exif 3.0)."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return 1
    return value if isinstance(value, int) and value in range(1, _LAST_ORIENTATION + 1) else 1


def aspect_ratio(image: Image.Image) -> float:
    """Return an image's width by its height as it is shown; 0 if it has none."""
    width, height = image.size
    if orientation(image) >= _FIRST_ON_ITS_SIDE:
        width, height = height, width
    return width / height if width and height else 0.0


def is_animated(image: Image.Image) -> bool:
    """Return whether an image has several frames; further pictures of a camera are none."""
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))
