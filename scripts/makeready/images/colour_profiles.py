"""ICC profiles of images: read, compared with the standard ones, and converted by littlecms."""

from __future__ import annotations

import io
import struct
from functools import cache, lru_cache

from PIL import Image, ImageChops, ImageCms

from makeready.printers.printing_condition import printing_condition

_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
"""The colour space that a profile must have for an image of a mode (ICC.1:2022, table 19)."""

_KEPT_PROFILES = 16
_LEVELS = tuple(range(0, 256, 17))
_NOTICEABLE = {"RGB": 3, "L": 12}
"""By how many of 255 levels a profile's colours must differ from sRGB to be converted. Greys
differ by eight between sRGB and the usual profiles of a gamma of 2.2."""

_ABOUT_ZERO = 2
_DATE = slice(24, 36)
_SOME_DATE = struct.pack(">6H", 2014, 1, 1, 0, 0, 0)
"""A date in the header of a profile: six numbers, from the year to the second (ICC.1:2022, 4.2)."""

_SAME_CONDITION = ("FOGRA39", "ISO Coated v2")
"""Words in the names of profiles for the printing condition of the print PDFs."""


def noticeable_profile(image: Image.Image) -> bytes | None:
    """Return an image's profile if it gives colours that differ from the standard ones.

    Standard are sRGB, and for CMYK the printing condition. A damaged profile, and one for other
    colours than the image has, counts as none.
    """
    content = image.info.get("icc_profile")
    mode = "RGB" if image.mode in ("RGB", "RGBA", "P") else image.mode.removesuffix("A")
    mode = "L" if mode in ("1", "I;16", "I") else mode
    if not isinstance(content, bytes) or not _is_noticeable(content, mode):
        return None
    return content


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert an image, grey, RGB or CMYK, to sRGB or to grey.

    An sRGB or grey image without a profile stays as it is, and one of black ink alone keeps its
    tones as grey.
    """
    if profile is None and image.mode != "CMYK":
        return image
    if image.mode == "CMYK":
        *colours, black = image.split()
        if all(map(is_empty, colours)):
            return ImageChops.invert(black)
    return _applied(image, _to_srgb(profile, image.mode))


def is_empty(band: Image.Image) -> bool:
    """Return whether the levels of a band are all about zero, as after compression with losses."""
    return not any(band.histogram()[_ABOUT_ZERO + 1 :])


def to_printing_condition(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert an RGB or CMYK image to CMYK; a CMYK one without a profile stays as it is."""
    if profile is None and image.mode == "CMYK":
        return image
    return _applied(image, _to_printing_condition(profile, image.mode))


def _applied(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None
    return converted


@lru_cache(maxsize=_KEPT_PROFILES)
def _to_srgb(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform:
    source = _opened(profile) if profile is not None else _standard(mode)
    return _transform(source, _srgb(), mode, "RGB")


@lru_cache(maxsize=_KEPT_PROFILES)
def _to_printing_condition(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform:
    source = _opened(profile) if profile is not None else _standard(mode)
    return _transform(source, _condition(), mode, "CMYK")


def _transform(
    source: ImageCms.ImageCmsProfile,
    target: ImageCms.ImageCmsProfile,
    source_mode: str,
    target_mode: str,
) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        source,
        target,
        source_mode,
        target_mode,
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


@lru_cache(maxsize=_KEPT_PROFILES)
def _is_noticeable(content: bytes, mode: str) -> bool:
    try:
        profile = _opened(content)
        if profile.profile.xcolor_space.strip() != _PROFILE_SPACES.get(mode):
            return False
        if mode == "CMYK":
            name = ImageCms.getProfileDescription(profile)
            return not any(word.lower() in name.lower() for word in _SAME_CONDITION)
        samples = _samples(mode)
        converted = to_srgb(samples, content)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    difference = ImageChops.difference(samples.convert("RGB"), converted)
    least = _NOTICEABLE[mode] + 1
    return any(any(band.histogram()[least:]) for band in difference.split())


def _samples(mode: str) -> Image.Image:
    """Return an image of colours from all over the space of a mode."""
    if mode == "L":
        samples = Image.new("L", (256, 1))
        samples.putdata(range(256))
        return samples
    samples = Image.new("RGB", (len(_LEVELS) ** 3, 1))
    samples.putdata([(r, g, b) for r in _LEVELS for g in _LEVELS for b in _LEVELS])
    return samples


def _opened(content: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(content))


def _standard(mode: str) -> ImageCms.ImageCmsProfile:
    return _condition() if mode == "CMYK" else _srgb()


@cache
def srgb_profile() -> bytes:
    """Return the profile of sRGB, the same at any time: littlecms dates it with the clock."""
    content = _srgb().tobytes()
    return content[: _DATE.start] + _SOME_DATE + content[_DATE.stop :]


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@cache
def _condition() -> ImageCms.ImageCmsProfile:
    return ImageCms.getOpenProfile(str(printing_condition().profile))
