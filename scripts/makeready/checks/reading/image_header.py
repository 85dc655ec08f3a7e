"""Format, colour mode and size of an image, read from its header."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

from PIL import Image

# A JPEG with several pictures is shown as its first.
_SHOWN_AS = {"MPO": "JPEG"}


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Format and colour mode by Pillow's names, and the size in pixels, 0 × 0 for a drawing."""

    format: str
    mode: str
    width: int
    height: int

    @property
    def is_drawing(self) -> bool:
        """Whether it is a vector drawing, without pixels."""
        return not (self.width and self.height)

    @property
    def megapixels(self) -> float:
        """Its pixels, in millions."""
        return self.width * self.height / 1_000_000


def image_facts(file: IO[bytes]) -> ImageFacts | None:
    """Read an image's header without its pixels; return None if Pillow cannot read it."""
    # Pillow refuses to open images with very many pixels, which the checks have to report.
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(file) as image:
            name = image.format or ""
            return ImageFacts(_SHOWN_AS.get(name, name), image.mode, image.width, image.height)
    except (OSError, SyntaxError, ValueError, struct.error):
        return None
    finally:
        Image.MAX_IMAGE_PIXELS = limit
