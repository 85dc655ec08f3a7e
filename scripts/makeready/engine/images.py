"""The images that the engine shows: raster images prepared by `makeready.pdf.images`, and drawings.

The engine's own loader goes by the media type of a file, keeps every image in memory, gives 16-bit
and bilevel images wrong colours, and scales none. No upstream issue known. It is replaced for as
long as a section is typeset.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import hypot
from typing import Any
from xml.etree import ElementTree

import pydyf
import weasyprint.document as engine_document
from PIL import Image
from weasyprint.images import SVGImage
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream

from makeready.engine.replaced_functions import replaced
from makeready.images.raster import RasterError, Turn
from makeready.manuscript import svg
from makeready.pdf.images import ImageConverter, ImageHeader, PdfImage, read_header

_LOGGER = logging.getLogger("weasyprint")
_PT_PER_INCH = 72
_LONGEST_NAME = 80
_QUARTER_TURNS = {
    0: (),
    90: (Image.Transpose.ROTATE_90,),
    180: (Image.Transpose.ROTATE_180,),
    270: (Image.Transpose.ROTATE_270,),
}

Orientation = str | tuple[int, bool]
"""A computed value of the CSS property ``image-orientation``."""


class RasterImage:
    """A raster image as the engine uses one; its content is read again when it is written."""

    def __init__(
        self,
        url: str,
        fetcher: Any,
        converter: ImageConverter,
        turn: Turn | None,
    ) -> None:
        self._url = url
        self._fetcher = fetcher
        self._converter = converter
        self._header = read_header(_content(fetcher, url), turn)
        self.id = hashlib.sha256(f"{url} {self._header.turn}".encode()).hexdigest()[:32]

    @property
    def header(self) -> ImageHeader:
        """The size of the image in pixels, and its kind."""
        return self._header

    def get_intrinsic_size(
        self, resolution: float, _font_size: float
    ) -> tuple[float, float, float]:
        """Return width and height in CSS pixels, and the ratio of the two."""
        width, height = self._header.width, self._header.height
        return width / resolution, height / resolution, width / height

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Draw the image in a rectangle of CSS pixels."""
        matrix = stream.ctm @ _outer_matrix(stream)
        scale = self._converter.scale(
            self._header,
            width * hypot(matrix[0][0], matrix[0][1]) / _PT_PER_INCH,
            height * hypot(matrix[1][0], matrix[1][1]) / _PT_PER_INCH,
        )
        # Interpolated, line art would have grey edges.
        interpolate = style["image_rendering"] == "auto" and not self._header.is_line_art
        name = stream.add_image(self, interpolate, scale)
        stream.transform(width, 0, 0, -height, 0, height)
        stream.draw_x_object(name)

    def get_x_object(self, interpolate: bool, scale: float) -> pydyf.Stream:
        """Return the image XObject, at the largest scale it is shown at."""
        content = _content(self._fetcher, self._url)
        return _x_object(
            self._converter.convert(content, self._header, scale), content, interpolate
        )


@dataclass
class ImageLoader:
    """Loads the images of documents for one edition."""

    converter: ImageConverter
    _images: dict[tuple[str, Orientation], RasterImage | SVGImage | None] = field(
        default_factory=dict
    )

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Have the engine load images by this loader for as long as the context lasts."""

        def get_image_from_uri(
            cache: object,  # noqa: ARG001
            url_fetcher: Any,
            options: object,  # noqa: ARG001
            url: str,
            forced_mime_type: str | None = None,  # noqa: ARG001
            context: Any = None,
            orientation: Orientation = "from-image",
        ) -> RasterImage | SVGImage | None:
            key = url, orientation
            if key not in self._images:
                self._images[key] = self._load(url, url_fetcher, context, orientation)
            return self._images[key]

        with replaced(engine_document, original_get_image_from_uri=get_image_from_uri):
            yield

    def _load(
        self, url: str, fetcher: Any, context: Any, orientation: Orientation
    ) -> RasterImage | SVGImage | None:
        """Load an image; of one that cannot be used the engine's log tells, as it would itself."""
        try:
            content = _content(fetcher, url)
            if svg.is_svg(content):
                return _drawing(content, url, fetcher, context)
            return RasterImage(url, fetcher, self.converter, _turn(orientation))
        except Exception as error:
            name = url if len(url) <= _LONGEST_NAME else f"{url[:_LONGEST_NAME]}…"
            _LOGGER.error("Failed to load image at %r: %s", name, str(error)[:_LONGEST_NAME])  # noqa: TRY400
            return None


def _content(fetcher: Any, url: str) -> bytes:
    """Return the content of an image; a ``data:`` URL has it itself."""
    if url.startswith("data:"):
        content = svg.decode_data_url(url)
        if content is None:
            raise RasterError("its data are damaged")
        return content
    body: bytes = fetcher(url).read()
    return body


def _drawing(content: bytes, url: str, fetcher: Any, context: Any) -> SVGImage:
    # The images that a drawing embeds are loaded as any others.
    try:
        clean = svg.cleaned(content)
    except svg.DrawingError as error:
        raise ValueError(f"the drawing {error}") from error
    tree = ElementTree.fromstring(clean)  # noqa: S314 - clean
    return SVGImage(tree, url, fetcher, context)


def _turn(orientation: Orientation) -> Turn | None:
    """Return how an image is turned; None if its file says so."""
    if orientation == "from-image":
        return None
    if isinstance(orientation, str):
        return ()
    angle, is_flipped = orientation
    return _QUARTER_TURNS[angle] + ((Image.Transpose.FLIP_LEFT_RIGHT,) if is_flipped else ())


def _x_object(image: PdfImage, content: bytes, interpolate: bool) -> pydyf.Stream:
    extra = _entries(image, interpolate)
    if image.is_inverted:
        extra["Decode"] = pydyf.Array([1, 0] * 4)
    if image.filter == "/FlateDecode" and image.bits != 1 and image.colour_space != "/DeviceCMYK":
        extra["DecodeParms"] = _png_predictors(
            image, 3 if image.colour_space == "/DeviceRGB" else 1
        )
    if image.mask:
        mask = _entries(image, interpolate) | {
            "ColorSpace": "/DeviceGray",
            "BitsPerComponent": 8,
            "Filter": "/FlateDecode",
            "DecodeParms": _png_predictors(image, 1),
        }
        extra["SMask"] = pydyf.Stream([image.mask], pydyf.Dictionary(mask))
    return pydyf.Stream([image.data or content], extra)


def _entries(image: PdfImage, interpolate: bool) -> pydyf.Dictionary:
    return pydyf.Dictionary(
        {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": image.width,
            "Height": image.height,
            "ColorSpace": image.colour_space,
            "BitsPerComponent": image.bits,
            "Interpolate": "true" if interpolate else "false",
            "Filter": image.filter,
        }
    )


def _png_predictors(image: PdfImage, colours: int) -> pydyf.Dictionary:
    return pydyf.Dictionary({"Predictor": 15, "Colors": colours, "Columns": image.width})


@contextmanager
def page_matrices_known() -> Iterator[None]:
    """Have images within groups and patterns know the size at which a page shows them."""
    with replaced(Stream, add_group=_add_group, add_pattern=_add_pattern):
        yield


_engine_add_group, _engine_add_pattern = Stream.add_group, Stream.add_pattern


def _outer_matrix(stream: Any) -> Matrix:
    """Return the matrix from the space in which a stream begins to that of the page.

    The engine knows the matrix within a stream only.
    """
    return getattr(stream, "outer_matrix", Matrix())


def _add_group(self: Any, *arguments: Any) -> Any:
    group = _engine_add_group(self, *arguments)
    group.outer_matrix = self.ctm @ _outer_matrix(self)
    return group


def _add_pattern(self: Any, x: float, y: float, width: float, height: float, *rest: Any) -> Any:
    *_, matrix = rest
    pattern = _engine_add_pattern(self, x, y, width, height, *rest)
    pattern.outer_matrix = matrix @ _outer_matrix(self)
    return pattern
