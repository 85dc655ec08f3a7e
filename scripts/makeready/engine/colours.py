"""CSS colours that the engine cannot draw everywhere: ``device-cmyk()``, Lab and OKLCH.

In gradients, blurred shadows and borders in relief the engine takes sRGB only, and raises
NotImplementedError for others; the sRGB colours of borders in relief become nearly black. No
upstream issue known. Its functions are replaced for as long as a document is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from colorsys import hsv_to_rgb, rgb_to_hsv
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Any

import weasyprint.draw.color as engine_border_colours
import weasyprint.images as engine_images
import weasyprint.svg as engine_svg
import weasyprint.svg.defs as engine_svg_definitions
from PIL import Image
from tinycss2 import color4
from tinycss2.color5 import Color, parse_color
from weasyprint.pdf.stream import Stream

from makeready.engine.replaced_functions import replaced
from makeready.images.colour_profiles import to_srgb
from makeready.pdf.inks import InkConverter

_LOGGER = logging.getLogger("weasyprint")
_CMYK = "device-cmyk"
_DRAWN = frozenset({"srgb", "hsl", "hwb", _CMYK})
_FULL = 255
_LIGHTER, _DARKER, _LESS_GREY = 1.5, 1.5, 1.25
"""What the engine divides the distance to white, the lightness, and the saturation by."""

_MOST_COLOURS = 4096
_XYZ_TO_LINEAR_SRGB = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
_D50_TO_D65 = (
    (0.9555766, -0.0230393, 0.0631636),
    (-0.0282895, 1.0099416, 0.0210077),
    (0.0122982, -0.0204830, 1.3299098),
)
"""The matrices of CSS Color 4, section 19 (Bradford adaptation)."""

_LINEAR_END = 0.0031308


@contextmanager
def colours_drawn(ink: InkConverter | None) -> Iterator[None]:
    """Draw every CSS colour everywhere for as long as the context lasts.

    For a press colours stay in CMYK, or with ``ink`` of black only become grey.
    """
    press = None if ink is None or ink.black_only else ink

    def set_color(self: Any, color: Any, stroke: bool = False) -> None:
        _engine_set_color(self, _drawable(color, ink), stroke)

    def draw(self: Any, stream: Any, width: float, height: float, style: Any) -> None:
        self.colors = _in_one_space(self.colors, press)
        _draw_gradient(self, stream, width, height, style)

    with (
        replaced(color4.Color, to=_to),
        replaced(Stream, set_color=set_color),
        replaced(engine_images.Gradient, draw=draw),
        replaced(engine_images, gradient_average_color=_average_colour),
        replaced(engine_border_colours, lighten=_lighten, darken=_darken),
        replaced(engine_svg, color=_svg_colour),
        replaced(engine_svg_definitions, color=_svg_stop_colour),
    ):
        yield


def _drawable(color: Any, ink: InkConverter | None) -> Any:
    """Return a colour that becomes the right ink in a content stream."""
    if ink is None or color.space.startswith("--"):
        return color
    if color.space not in _DRAWN:
        return color.to("srgb")
    if color.space == _CMYK and ink.black_only and any(color.coordinates[:3]):
        return color.to("srgb")
    return color


_engine_set_color, _engine_to = Stream.set_color, color4.Color.to


def _to(self: Any, space: str) -> Any:
    """Convert a colour to another space, sRGB from every other one."""
    if space == self.space:
        return Color(space, [value or 0 for value in self.coordinates], self.alpha)
    if space != "srgb" or self.space in ("hsl", "hwb"):
        return _engine_to(self, space)
    return Color("srgb", _srgb(self), self.alpha)


def _srgb(color: Any) -> Sequence[float]:
    coordinates = [value or 0.0 for value in color.coordinates]
    if color.space == _CMYK:
        return _srgb_of_inks(*coordinates)
    if color.space in ("oklab", "oklch", "xyz-d65"):
        xyz = color.to("xyz-d65").coordinates
    elif color.space in ("lab", "lch", "xyz-d50"):
        xyz = _product(_D50_TO_D65, color.to("xyz-d50").coordinates)
    elif color.space == "srgb-linear":
        return [_encoded(value) for value in coordinates]
    else:
        _LOGGER.warning("Unsupported color space %s, use sRGB instead", color.space)
        return [*coordinates, 0.0, 0.0, 0.0][:3]
    return [_encoded(value) for value in _product(_XYZ_TO_LINEAR_SRGB, xyz)]


@lru_cache(maxsize=_MOST_COLOURS)
def _srgb_of_inks(cyan: float, magenta: float, yellow: float, black: float) -> Sequence[float]:
    """Return the sRGB colour that inks give in print; black alone gives its grey."""
    if not (cyan or magenta or yellow):
        return (1 - black,) * 3
    inks = tuple(round(amount * _FULL) for amount in (cyan, magenta, yellow, black))
    pixel = to_srgb(Image.new("CMYK", (1, 1), inks), None).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return tuple(level / _FULL for level in pixel)


def _product(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix]


def _encoded(linear: float) -> float:
    """Return a linear level of light as sRGB encodes it, within its range."""
    level = min(max(linear, 0.0), 1.0)
    return 12.92 * level if level <= _LINEAR_END else 1.055 * level ** (1 / 2.4) - 0.055


def _in_one_space(colors: Sequence[Any], press: InkConverter | None) -> tuple[Any, ...]:
    """Return the colours of a gradient in one space: in inks for a press if one of them is."""
    if press is not None and any(color.space == _CMYK for color in colors):
        return tuple(_to_inks(color, press) for color in colors)
    return tuple(color.to("srgb") for color in colors)


def _to_inks(color: Any, press: InkConverter) -> Any:
    if color.space == _CMYK:
        return color
    return Color(_CMYK, press.colour(*color.to("srgb").coordinates), color.alpha)


def _average_colour(colors: Sequence[Any], positions: Sequence[float]) -> Any:
    """Return the average of a gradient's colours, of one space (CSS Images 3, section 3.5.1)."""
    length = positions[-1] - positions[0]
    if length == 0:
        positions, length = range(len(colors)), len(colors) - 1
    weights = [0.0] * len(colors)
    for index in range(1, len(colors)):
        share = (positions[index] - positions[index - 1]) / (2 * length)
        weights[index - 1] += share
        weights[index] += share
    alpha = sum(weight * color.alpha for weight, color in zip(weights, colors, strict=True))
    if not alpha:
        return parse_color("transparent")
    averages = [
        sum(w * c.alpha * c.coordinates[i] for w, c in zip(weights, colors, strict=True)) / alpha
        for i in range(len(colors[0].coordinates))
    ]
    return Color(colors[0].space, averages, alpha)


def _lighten(color: Any) -> Any:
    """Return the colour of the lit sides of a border in relief."""
    if color.space == _CMYK:
        return Color(_CMYK, [amount / _LIGHTER for amount in color.coordinates], color.alpha)
    hue, saturation, value = rgb_to_hsv(*color.to("srgb").coordinates)
    if saturation:
        saturation = 1 - (1 - saturation) / _LESS_GREY
    return Color("srgb", hsv_to_rgb(hue, saturation, 1 - (1 - value) / _LIGHTER), color.alpha)


def _darken(color: Any) -> Any:
    """Return the colour of the sides of a border in relief that lie in the shade."""
    if color.space == _CMYK:
        *colours, black = color.coordinates
        return Color(_CMYK, [*colours, 1 - (1 - black) / _DARKER], color.alpha)
    hue, saturation, value = rgb_to_hsv(*color.to("srgb").coordinates)
    return Color("srgb", hsv_to_rgb(hue, saturation / _LESS_GREY, value / _DARKER), color.alpha)


def _svg_colour(text: str) -> Any:
    """Return the colour that an attribute of a drawing names; that of a profile is left out."""
    colour = parse_color((text or "").partition("icc-color(")[0].strip())
    return colour if isinstance(colour, color4.Color) else parse_color("black")


def _svg_stop_colour(text: str) -> Any:
    """Return the colour of a gradient in a drawing, in sRGB."""
    return _svg_colour(text).to("srgb")


def _draw_gradient(gradient: Any, stream: Any, width: float, height: float, style: Any) -> None:
    """Draw a CSS gradient as the engine does, in the space of its colours."""
    scale_y, kind, points, positions, colors, hints = gradient.layout(width, height, style)
    if kind == "solid":
        stream.rectangle(0, 0, width, height)
        stream.set_color(colors[0])
        stream.fill()
        return
    alphas = [color.alpha for color in colors]
    shading_type = 2 if kind == "linear" else 3
    extend = not gradient.repeating

    def shading(target: Any, stops: Sequence[tuple[Any, Any, float]], space: str | None) -> Any:
        functions = [target.create_interpolation_function((0, 1), *stop) for stop in stops]
        encode = (len(colors) - 1) * (0, 1)
        function = target.create_stitching_function(
            (positions[0], positions[-1]), encode, positions[1:-1], functions
        )
        domain = positions[0], positions[-1]
        return target.add_shading(shading_type, domain, points, extend, function, space)

    inks = "DeviceCMYK" if colors[0].space == _CMYK else None
    painted = shading(stream, _colour_stops(colors, hints), inks)
    stream.transform(d=scale_y)
    if any(alpha != 1 for alpha in alphas):
        mask = stream.set_alpha_state(0, 0, width, height / scale_y)
        stops = [
            ((alphas[i],), (alphas[i + 1],), hint)
            for i, hint in enumerate(hints[: len(alphas) - 1])
        ]
        mask_shading = shading(mask, stops, "DeviceGray")
        mask.transform(d=scale_y)
        mask.stream = [f"/{mask_shading.id} sh"]
    stream.paint_shading(painted.id)


def _colour_stops(colors: Sequence[Any], hints: Sequence[float]) -> list[tuple[Any, Any, float]]:
    """Return the ends and the exponent of each part of a gradient.

    Next to a colour that cannot be seen, its neighbour's is used; between others that let the
    ground through, the exponent stands in for premultiplied colours.
    """
    stops = []
    for index, (first, second) in enumerate(pairwise(colors)):
        start = first.coordinates if first.alpha else second.coordinates
        end = second.coordinates if second.alpha else start
        hint = hints[index]
        if first.alpha and second.alpha and (first.alpha, second.alpha) != (1, 1):
            hint = first.alpha / second.alpha
        stops.append((start, end, hint))
    return stops
