"""RGB colours converted to the inks of a press: black alone, or CMYK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PIL import Image, ImageChops, ImageMath

from makeready.images.colour_profiles import to_printing_condition
from makeready.printers.print_job import PrintJob

_FULL = 255
_QUARTERS = [level // 4 for level in range(256)]
_TOLERANCE, _SCATTERED = 1.05, 0.001
"""JPEG compression changes the inks of single pixels."""

_STRIP_PIXELS = 500_000
_MOST_COLOURS = 4096
_WEIGHTS = (0.299, 0.587, 0.114)
"""The share of red, green and blue in lightness (ITU-R BT.601)."""


@dataclass(frozen=True, slots=True)
class InkConverter:
    """A converter of RGB colours and images to the inks of an edition.

    ``total_percent`` is the most ink at one point: the sum of the inks, each up to 100 %.
    """

    black_only: bool = True
    total_percent: int = 300

    @property
    def space(self) -> str:
        """The PDF colour space of the converted colours."""
        return "/DeviceGray" if self.black_only else "/DeviceCMYK"

    def operator(self, rgb: str) -> str:
        """Return the colour operator in the inks' space that replaces ``rg`` or ``RG``."""
        letter = "g" if self.black_only else "k"
        return letter if rgb.islower() else letter.upper()

    def colour(self, red: float, green: float, blue: float) -> list[float]:
        """Convert a colour, from 0 to 1; a neutral grey becomes black ink alone."""
        lightness = sum(w * v for w, v in zip(_WEIGHTS, (red, green, blue), strict=True))
        if self.black_only:
            return [round(lightness, 4)]
        if red == green == blue:
            return [0, 0, 0, round(1 - lightness, 4)]
        return list(_cmyk(self, red, green, blue))

    def image(self, image: Image.Image, profile: bytes | None = None) -> Image.Image:
        """Convert an image to CMYK, within the total ink coverage.

        ``profile`` is the ICC profile of its colours; without one they are sRGB, and those of a
        CMYK image are inks already.
        """
        picture = image if image.mode == "CMYK" else image.convert("RGB")
        return self._within_limit(to_printing_condition(picture, profile))

    def is_within_limit(self, inked: Image.Image) -> bool:
        """Return whether a CMYK image has too much ink at no more than a few scattered pixels."""
        too_much = 0
        for strip in _strips(inked):
            total = Image.new("L", strip.size)
            for band in strip.split():
                total = ImageChops.add(total, band.point(_QUARTERS))
            least = ceil(self.total_percent / 4 / 100 * _FULL * _TOLERANCE)
            too_much += sum(total.histogram()[least:])
        return too_much <= inked.width * inked.height * _SCATTERED

    def _within_limit(self, inked: Image.Image) -> Image.Image:
        """Reduce cyan, magenta and yellow where there is too much ink; black keeps the detail."""
        reduced = Image.new("CMYK", inked.size)
        top = 0
        for strip in _strips(inked):
            reduced.paste(self._reduced(strip), (0, top))
            top += strip.height
        return reduced

    def _reduced(self, inked: Image.Image) -> Image.Image:
        cyan, magenta, yellow, black = (band.convert("F") for band in inked.split())
        share = ImageMath.lambda_eval(
            lambda a: a["min"](
                (a["limit"] - a["k"]) / a["max"](a["c"] + a["m"] + a["y"], 1.0), 1.0
            ),
            c=cyan,
            m=magenta,
            y=yellow,
            k=black,
            limit=self.total_percent / 100 * _FULL,
        )
        reduced = [
            ImageMath.lambda_eval(
                lambda a: a["convert"](a["band"] * a["share"], "L"), band=band, share=share
            )
            for band in (cyan, magenta, yellow)
        ]
        return Image.merge("CMYK", (*reduced, inked.getchannel("K")))


@lru_cache(maxsize=_MOST_COLOURS)
def _cmyk(ink: InkConverter, red: float, green: float, blue: float) -> tuple[float, ...]:
    pixel = Image.new("RGB", (1, 1), tuple(round(v * _FULL) for v in (red, green, blue)))
    inked = ink.image(pixel).getpixel((0, 0))
    assert isinstance(inked, tuple)
    return tuple(round(value / _FULL, 4) for value in inked)


def _strips(image: Image.Image) -> Iterator[Image.Image]:
    """Yield an image in strips from the top, so that reckoning with them takes little memory."""
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))


def ink_converter(job: PrintJob, *, black_only: bool) -> InkConverter:
    """Return the converter for an edition, with the total ink coverage its printer allows.

    Black alone is converted alike for all printers, so that editions share their fragments.
    """
    if black_only:
        return InkConverter()
    rules = job.profile.rules.colour
    limit = rules.total_ink_percent if rules is not None else None
    return (
        InkConverter(black_only=False)
        if limit is None
        else InkConverter(black_only=False, total_percent=limit)
    )
