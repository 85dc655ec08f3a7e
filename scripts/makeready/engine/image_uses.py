"""The raster images that pages show, with their resolution in the size they are shown in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

from makeready.engine.images import RasterImage
from makeready.engine.proofread import walk_boxes
from makeready.pdf.fragment import ImageUse

_PX_PER_INCH = 96


def image_uses(root: ElementTree.Element, pages: Sequence[Page]) -> tuple[ImageUse, ...]:
    """Return the images of ``img`` elements on pages, in their order, each use once.

    ``root`` is the document that was typeset.
    """
    if not any("src" in element.attrib for element in root.iter()):
        return ()
    return tuple(dict.fromkeys(use for page in pages for use in _uses(page._page_box)))


def _uses(page_box: Any) -> Iterator[ImageUse]:
    for box, line, _ in walk_boxes(page_box):
        image = box.replacement if isinstance(box, boxes.ReplacedBox) else None
        source = box.element.get("src") if image is not None and box.element is not None else None
        if isinstance(image, RasterImage) and source and box.width > 0 and box.height > 0:
            header = image.header
            # An image that keeps its proportions may fill less than its box.
            dpi = max(header.width / box.width, header.height / box.height) * _PX_PER_INCH
            size = header.width, header.height
            yield ImageUse(unquote(source), line or 0, *size, round(dpi, 1), header.is_line_art)
