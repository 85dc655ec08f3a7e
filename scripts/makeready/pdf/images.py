"""Raster images as a PDF holds them: upright, in an edition's colours, no finer than is useful.

An image that needs no change stays the JPEG that it is, without its metadata. One that was
compressed with losses becomes a JPEG again, any other is compressed without losses.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from math import ceil

from PIL import Image, ImageChops, ImageMath, __version__

from makeready.cache import DiskCache, code_version
from makeready.images.colour_profiles import is_empty, noticeable_profile, to_srgb
from makeready.images.file_metadata import without_metadata
from makeready.images.raster import (
    Turn,
    has_inverted_inks,
    inks_of,
    open_raster,
    turn_of,
    turned,
    turned_size,
)
from makeready.pdf.inks import InkConverter
from makeready.printers.print_job import PrintJob

IMAGE_SUFFIX, LARGEST_BYTES = ".image", 500_000_000
"""The names of cached images, and the size above which those used longest ago are deleted."""

_DEFAULT_DPI, _DEFAULT_LINE_ART_DPI = 300, 1200
"""What offset and digital printing resolve: of photographs, and of pure black and white."""

_TOLERANCE = 1.1
"""Scaling by less than a tenth would only blur."""

_JPEG_QUALITY = 92
_SPACES = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_PNG_SIGNATURE_BYTES = 8
_OPAQUE, _MIDDLE = 255, 128
_BLACK_AND_WHITE = frozenset({(0, 0, 0), (255, 255, 255)})


@dataclass(frozen=True, slots=True)
class ImageTarget:
    """What the images of an edition become.

    Without ``ink`` colours are sRGB. An image of more than ``most_dpi`` pixels per inch where it
    is shown is scaled to that, one of pure black and white to ``most_line_art_dpi``.
    """

    ink: InkConverter | None = None
    most_dpi: int = _DEFAULT_DPI
    most_line_art_dpi: int = _DEFAULT_LINE_ART_DPI


def image_target(job: PrintJob, ink: InkConverter) -> ImageTarget:
    """Return the target for a print edition, with the resolutions that its printer recommends."""
    rules = job.profile.rules.interior
    return ImageTarget(
        ink,
        rules.useful_image_dpi or _DEFAULT_DPI,
        rules.line_art_dpi or _DEFAULT_LINE_ART_DPI,
    )


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """An image's size in pixels when upright, and whether it is of pure black and white."""

    width: int
    height: int
    is_line_art: bool
    turn: Turn


@dataclass(frozen=True, slots=True)
class PdfImage:
    """An image XObject: its entries, its data, and the data of its soft mask if it has one.

    The data of a ``/FlateDecode`` image with 8 bits a colour have PNG predictors, except CMYK.
    ``is_inverted``: 0 is the full ink. Without ``data`` the image is the JPEG file itself.
    """

    width: int
    height: int
    colour_space: str
    bits: int
    filter: str
    is_inverted: bool = False
    data: bytes = b""
    mask: bytes = b""

    def dump(self) -> bytes:
        """Return the image as bytes, for a cache."""
        entries = asdict(self) | {"data": len(self.data), "mask": len(self.mask)}
        return json.dumps(entries).encode() + b"\n" + self.data + self.mask


def load_image(content: bytes) -> PdfImage:
    """Read what `PdfImage.dump` returned; ValueError or TypeError if it is not that."""
    head, _, rest = content.partition(b"\n")
    entries = json.loads(head)
    length = int(entries.pop("data"))
    if length + int(entries.pop("mask")) != len(rest):
        raise ValueError("The data of the image are not whole.")
    return PdfImage(**entries, data=rest[:length], mask=rest[length:])


def read_header(content: bytes, turn: Turn | None = None) -> ImageHeader:
    """Read the header of an image; ``turn`` replaces the orientation that the file has.

    Raises RasterError if it is no image of a book.
    """
    with open_raster(content) as image:
        turn = turn_of(image) if turn is None else turn
        width, height = turned_size(image.size, turn)
        return ImageHeader(width, height, _is_line_art(image), turn)


@dataclass(frozen=True, slots=True)
class ImageConverter:
    """Converts images for one edition, with a cache of the results."""

    target: ImageTarget
    cache: DiskCache | None = None

    def scale(self, header: ImageHeader, width_in: float, height_in: float) -> float:
        """Return the scale, at most 1, for an image shown in a size in inches."""
        if not width_in or not height_in:
            return 1.0
        most = self.target.most_line_art_dpi if header.is_line_art else self.target.most_dpi
        dpi = min(header.width / width_in, header.height / height_in)
        return most / dpi if dpi > most * _TOLERANCE else 1.0

    def convert(self, content: bytes, header: ImageHeader, scale: float) -> PdfImage:
        """Convert an image, scaled; raise RasterError if it is damaged."""
        key = self._key(content, header, scale)
        cached = self.cache.get(key) if self.cache is not None else None
        if cached is not None:
            with suppress(ValueError, TypeError):
                return load_image(cached)
        with open_raster(content) as image:
            converted = _converted(image, content, header, self.target, scale)
        if self.cache is not None:
            # Without the cache the image is converted again the next time.
            with suppress(OSError):
                self.cache.put(key, converted.dump())
        return converted

    def _key(self, content: bytes, header: ImageHeader, scale: float) -> str:
        turn = tuple(map(int, header.turn))
        about = (code_version(__name__), __version__, self.target, turn, repr(scale))
        digest = hashlib.sha256(repr(about).encode())
        digest.update(content)
        return digest.hexdigest()


def _converted(
    image: Image.Image, content: bytes, header: ImageHeader, target: ImageTarget, scale: float
) -> PdfImage:
    profile = noticeable_profile(image)
    is_lossy = _is_lossy(image, content)
    if scale == 1 and not header.turn and _is_ready(image, profile, target):
        needed = without_metadata(content)
        return PdfImage(
            *image.size,
            _SPACES[image.mode],
            8,
            "/DCTDecode",
            is_inverted=_is_inverted(image),
            data=b"" if needed == content else needed,
        )
    size = image.size
    if scale < 1:
        size = ceil(image.width * scale), ceil(image.height * scale)
        # JPEG can be decoded at an eighth, a quarter or half of its size.
        image.draft(image.mode, (2 * size[0], 2 * size[1]))
    picture = _scaled(_plain(image, is_line_art=header.is_line_art), size)
    picture = turned(picture, header.turn)
    colours, mask = _split_mask(picture, keep=target.ink is None)
    return _encoded(_in_colours(colours, profile, target), mask, is_lossy=is_lossy)


def _is_ready(image: Image.Image, profile: bytes | None, target: ImageTarget) -> bool:
    """Return whether a file is a JPEG that can be used in a PDF as it is."""
    if image.format not in ("JPEG", "MPO") or profile is not None:
        return False
    if image.mode == "CMYK" and target.ink is not None and not target.ink.black_only:
        return target.ink.is_within_limit(_plain(image, is_line_art=False))
    return image.mode == "L" or (image.mode == "RGB" and target.ink is None)


def _is_inverted(image: Image.Image) -> bool:
    """Return whether the inks of a JPEG file are stored inverted, as Adobe's programs do."""
    return image.mode == "CMYK" and has_inverted_inks(image)


def _is_lossy(image: Image.Image, content: bytes) -> bool:
    return image.format in ("JPEG", "MPO") or (image.format == "WEBP" and b"VP8 " in content)


def _is_line_art(image: Image.Image) -> bool:
    """Return whether an image has black and white pixels only, by its header."""
    if image.has_transparency_data:
        return False
    if image.mode != "P":
        return image.mode == "1"
    levels = image.getpalette("RGB") or []
    colours = set(zip(levels[::3], levels[1::3], levels[2::3], strict=False))
    return bool(colours) and colours <= _BLACK_AND_WHITE


def _plain(image: Image.Image, *, is_line_art: bool) -> Image.Image:
    """Return an image, or its first frame, in the mode 1, L, LA, RGB, RGBA or CMYK."""
    image.load()
    if is_line_art:
        return image.convert("L").point(lambda level: level >= _MIDDLE and 255, mode="1")
    if image.mode.startswith("I"):
        return _from_16_bits(image)
    if image.mode == "CMYK":
        return inks_of(image)
    is_grey = image.mode in ("1", "L", "LA", "La")
    if image.has_transparency_data:
        return image.convert("LA" if is_grey else "RGBA")
    return image.convert("L" if is_grey else "RGB")


def _from_16_bits(image: Image.Image) -> Image.Image:
    """Return a grey image of 16 bits a pixel in 8 bits."""
    levels = image.convert("I")
    grey = levels.point(lambda level: level * (1 / 257)).convert("L")
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return grey
    mask = ImageMath.lambda_eval(
        lambda a: a["convert"]((a["levels"] != a["key"]) * _OPAQUE, "L"), levels=levels, key=key
    )
    return Image.merge("LA", (grey, mask))


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    if image.mode != "1":
        return image.resize(size, Image.Resampling.LANCZOS)
    grey = image.convert("L").resize(size, Image.Resampling.LANCZOS)
    return grey.point(lambda level: level >= _MIDDLE and 255, mode="1")


def _split_mask(image: Image.Image, *, keep: bool) -> tuple[Image.Image, Image.Image | None]:
    """Return an image without transparency, and its mask; without ``keep`` laid on white."""
    if image.mode not in ("LA", "RGBA"):
        return image, None
    colours, mask = image.convert(image.mode.removesuffix("A")), image.getchannel("A")
    if keep:
        return colours, mask if mask.getextrema() != (_OPAQUE, _OPAQUE) else None
    paper = Image.new(colours.mode, colours.size, "white")
    paper.paste(colours, mask=mask)
    return paper, None


def _in_colours(image: Image.Image, profile: bytes | None, target: ImageTarget) -> Image.Image:
    """Convert the colours of an image without transparency to those of an edition."""
    if image.mode == "1":
        return image
    if image.mode == "L" or (target.ink is not None and target.ink.black_only):
        return to_srgb(image, profile).convert("L")
    if target.ink is None:
        return to_srgb(image, profile)
    if image.mode == "RGB" and profile is None and _is_neutral(image):
        return image.getchannel("G")
    return target.ink.image(image, profile)


def _is_neutral(image: Image.Image) -> bool:
    """Return whether an RGB image has no colours but greys."""
    red, green, blue = image.split()
    differences = (ImageChops.difference(green, other) for other in (red, blue))
    return all(map(is_empty, differences))


def _encoded(image: Image.Image, mask: Image.Image | None, *, is_lossy: bool) -> PdfImage:
    mask_data = _png_data(mask) if mask is not None else b""
    space, bits = _SPACES[image.mode], 1 if image.mode == "1" else 8
    if is_lossy and bits != 1:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
        is_inverted = image.mode == "CMYK"
        data = out.getvalue()
        return PdfImage(*image.size, space, bits, "/DCTDecode", is_inverted, data, mask_data)
    data = _png_data(image) if image.mode in ("L", "RGB") else zlib.compress(image.tobytes(), 9)
    return PdfImage(*image.size, space, bits, "/FlateDecode", False, data, mask_data)


def _png_data(image: Image.Image) -> bytes:
    """Return an image's pixels as a PNG file holds them: predicted row by row, and compressed."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return b"".join(data for kind, data in _png_chunks(out.getvalue()) if kind == b"IDAT")


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _PNG_SIGNATURE_BYTES
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        yield kind, content[at + 8 : at + 8 + length]
        at += length + 12
