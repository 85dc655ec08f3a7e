"""RGB colours converted to the inks of a press: black alone, or CMYK."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageCms, ImageMath

from makeready.printers.print_job import PrintJob
from makeready.printers.printing_condition import printing_condition

_FULL = 255
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
        pixel = Image.new("RGB", (1, 1), tuple(round(v * _FULL) for v in (red, green, blue)))
        inked = self.image(pixel).getpixel((0, 0))
        assert isinstance(inked, tuple)
        return [round(value / _FULL, 4) for value in inked]

    def image(self, image: Image.Image) -> Image.Image:
        """Convert an image to CMYK, within the total ink coverage."""
        inked = ImageCms.applyTransform(image.convert("RGB"), _rgb_to_cmyk())
        assert inked is not None
        return self._within_limit(inked)

    def _within_limit(self, inked: Image.Image) -> Image.Image:
        """Reduce cyan, magenta and yellow where there is too much ink; black keeps the detail."""
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


@cache
def _rgb_to_cmyk() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.getOpenProfile(str(printing_condition().profile)),
        "RGB",
        "CMYK",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


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
