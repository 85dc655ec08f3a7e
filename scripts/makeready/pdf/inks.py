"""Colours of a screen as the inks of a press: black alone, or cyan, magenta, yellow and black."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageCms, ImageMath

from makeready.printers.print_job import PrintJob
from makeready.printers.printing_condition import printing_condition

_FULL = 255
_WEIGHTS = (0.299, 0.587, 0.114)
"""The lightness of red, green and blue, by ITU-R BT.601."""


@dataclass(frozen=True, slots=True)
class InkConverter:
    """The ink of an edition, and how much of it the paper carries, in percent of one ink."""

    black_only: bool = True
    total_percent: int = 300

    @property
    def space(self) -> str:
        """The colour space of PDF that the ink is given in."""
        return "/DeviceGray" if self.black_only else "/DeviceCMYK"

    def operator(self, rgb: str) -> str:
        """Return the operator that stands for ``rg`` or ``RG``."""
        letter = "g" if self.black_only else "k"
        return letter if rgb.islower() else letter.upper()

    def of(self, red: float, green: float, blue: float) -> list[float]:
        """Return a colour, from 0 to 1, in the ink's space; what is neutral is of black alone."""
        lightness = sum(w * v for w, v in zip(_WEIGHTS, (red, green, blue), strict=True))
        if self.black_only:
            return [round(lightness, 4)]
        if red == green == blue:
            return [0, 0, 0, round(1 - lightness, 4)]
        dot = Image.new("RGB", (1, 1), tuple(round(v * _FULL) for v in (red, green, blue)))
        inked = self.picture(dot).getpixel((0, 0))
        assert isinstance(inked, tuple)
        return [round(value / _FULL, 4) for value in inked]

    def picture(self, picture: Image.Image) -> Image.Image:
        """Convert a picture to four inks, no more of them together than the paper carries."""
        inked = ImageCms.applyTransform(picture.convert("RGB"), _to_inks())
        assert inked is not None
        return self._within_limit(inked)

    def _within_limit(self, inked: Image.Image) -> Image.Image:
        """Take colour away where there is too much ink; black keeps the drawing."""
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
        lessened = [
            ImageMath.lambda_eval(
                lambda a: a["convert"](a["band"] * a["share"], "L"), band=band, share=share
            )
            for band in (cyan, magenta, yellow)
        ]
        return Image.merge("CMYK", (*lessened, inked.getchannel("K")))


@cache
def _to_inks() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.getOpenProfile(str(printing_condition().profile)),
        "RGB",
        "CMYK",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def ink_of(job: PrintJob, *, black_only: bool) -> InkConverter:
    """Return an ink for an edition, no more of it than its printer's paper carries.

    Black alone is the same for all printers: they share the pages that are set in it.
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
