"""Images inside an EPUB, against the strictest of the stores' limits."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from makeready.findings import Findings, SourceLocation

_COVER_LEAST_WIDTH, _COVER_LEAST_HEIGHT = 1600, 2560
_COVER_MOST_MEGABYTES = 5
_MOST_MEGAPIXELS = 3.2
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What an image's header says of it."""

    format: str
    mode: str
    width: int
    height: int


def image_facts(content: bytes) -> ImageFacts | None:
    """Read an image's header, and none of its pixels; None where Pillow knows no such image."""
    # Pillow refuses to open an image of very many pixels, which is just what is to be told.
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(io.BytesIO(content)) as image:
            return ImageFacts(image.format or "", image.mode, image.width, image.height)
    except OSError:
        return None
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def check_cover(content: bytes, findings: Findings, location: SourceLocation) -> None:
    """Check the cover image's format, colour, size in pixels and weight."""
    facts = image_facts(content)
    if facts is None or facts.format != "JPEG" or facts.mode != "RGB":
        found = f"a {facts.format} in {facts.mode}" if facts else "not one that can be read"
        findings.add("EPU-006", location, found=found)
    if facts and (facts.width < _COVER_LEAST_WIDTH or facts.height < _COVER_LEAST_HEIGHT):
        findings.add(
            "EPU-007",
            location,
            width=facts.width,
            height=facts.height,
            least_width=_COVER_LEAST_WIDTH,
            least_height=_COVER_LEAST_HEIGHT,
        )
    megabytes = len(content) / _MEGA
    if megabytes > _COVER_MOST_MEGABYTES:
        findings.add("EPU-008", location, megabytes=megabytes, most=_COVER_MOST_MEGABYTES)


def check_image(content: bytes, name: str, findings: Findings, location: SourceLocation) -> None:
    """Check an inside image's pixels; one that cannot be read is EPUBCheck's to report."""
    facts = image_facts(content)
    if facts is None:
        return
    megapixels = facts.width * facts.height / _MEGA
    if megapixels > _MOST_MEGAPIXELS:
        findings.add("EPU-010", location, name=name, megapixels=megapixels, most=_MOST_MEGAPIXELS)
