"""Raster image files opened safely: known formats, a bound on pixels, nothing truncated."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import ExifTags, Image, ImageChops, ImageFile, UnidentifiedImageError

MAX_PIXELS = 250_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""The raster formats of a book. Pillow opens a JPEG with several pictures as JPEG, and then
reports MPO."""

Turn = tuple[Image.Transpose, ...]
"""The steps, one after the other, that turn an image."""

_UPRIGHT: dict[int, Turn] = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""What turns an image of an Exif orientation upright (Exif 3.0, 4.6.5.1.11)."""

_SWAPS_SIDES = frozenset(
    {
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
    }
)


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


def turn_of(image: Image.Image) -> Turn:
    """Return what turns an image upright, by the orientation that its camera noted."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return ()
    return _UPRIGHT.get(orientation, ()) if isinstance(orientation, int) else ()


def turned(image: Image.Image, turn: Turn) -> Image.Image:
    """Return an image turned."""
    for step in turn:
        image = image.transpose(step)
    return image


def turned_size(size: tuple[int, int], turn: Turn) -> tuple[int, int]:
    """Return the size that an image has when it is turned."""
    width, height = size
    return (height, width) if sum(step in _SWAPS_SIDES for step in turn) % 2 else (width, height)


def aspect_ratio(image: Image.Image) -> float:
    """Return an image's width by its height as it is shown."""
    width, height = turned_size(image.size, turn_of(image))
    return width / height


def has_inverted_inks(image: Image.Image) -> bool:
    """Return whether a CMYK JPEG file holds its inks inverted, as Adobe's programs write them."""
    return "adobe" in image.info


def inks_of(image: Image.Image) -> Image.Image:
    """Return a CMYK image with its inks; Pillow takes those of every JPEG file to be inverted."""
    is_jpeg = image.format in ("JPEG", "MPO")
    return ImageChops.invert(image) if is_jpeg and not has_inverted_inks(image) else image


def is_animated(image: Image.Image) -> bool:
    """Return whether an image has several frames; further pictures of a camera are none."""
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))
