"""What an image's header says of it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

from PIL import Image

# A JPEG that holds more than one picture is shown as the first.
_SAME = {"MPO": "JPEG"}


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Format and colour mode by Pillow's names, and the size in pixels; a drawing has none."""

    format: str
    mode: str
    width: int
    height: int

    @property
    def is_drawing(self) -> bool:
        """Whether it has no pixels, and so any size."""
        return not (self.width and self.height)

    @property
    def megapixels(self) -> float:
        """Its pixels, in millions."""
        return self.width * self.height / 1_000_000


def image_facts(file: IO[bytes]) -> ImageFacts | None:
    """Read an image's header, and none of its pixels; None where Pillow knows no such image."""
    # Pillow refuses to open an image of very many pixels, which is just what is to be told.
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(file) as image:
            name = image.format or ""
            return ImageFacts(_SAME.get(name, name), image.mode, image.width, image.height)
    except (OSError, SyntaxError, ValueError, struct.error):
        return None
    finally:
        Image.MAX_IMAGE_PIXELS = limit
