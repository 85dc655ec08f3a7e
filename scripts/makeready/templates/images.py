"""Images in documents: their addresses, their sizes, and what screen readers are told."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote

from makeready.book.model import BLEED, Element
from makeready.book.slugs import slug_of
from makeready.manuscript.diagrams import DIAGRAM_DRAWING, drawing_url
from makeready.manuscript.figures import classes
from makeready.manuscript.image_sizes import take_size_style
from makeready.manuscript.images import MEDIA_TYPE, right_suffix

UNDESCRIBED = "data-undescribed"
"""Marks an image of the manuscript without a description, which IMG-005 has reported."""

_SEPARATORS = frozenset(" -_./'’")
_PAGED_HEIGHT = "calc(var(--text-height) * {share:g})"
_EBOOK_HEIGHT = "{percent:g}vh"


def image_name(path: str, media_type: str) -> str:
    """Return the file name of an image in the EPUB, in plain ASCII, with an ending of its type.

    It has a digest of the path where characters of the path are not in it, since other paths may
    differ in those alone. Without a type the ending of the path is right.
    """
    name = PurePosixPath(path.removeprefix("images/"))
    suffix = right_suffix(path, media_type)
    stem = unicodedata.normalize("NFC", str(name.with_suffix("")))
    slug = slug_of(stem)
    is_whole = all(slug_of(letter) for letter in set(stem) - _SEPARATORS)
    if not slug or not is_whole or suffix != name.suffix.lower():
        digest = sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        slug = f"{slug}-{digest}".strip("-")
    return slug + suffix


def set_image(image: Element, *, paged: bool) -> None:
    """Adapt an image of a normalised tree to a PDF or, unless ``paged``, to the EPUB."""
    path, description = image.get("src") or "", image.get("alt")
    media_type = str(image.attrib.pop(MEDIA_TYPE, ""))
    drawing = str(image.attrib.pop(DIAGRAM_DRAWING, ""))
    size = take_size_style(image, _PAGED_HEIGHT if paged else _EBOOK_HEIGHT)
    if size and not _fills_page(image):
        image.set("style", size)
    if not paged:
        image.set("src", f"../images/{image_name(path, media_type)}")
        if description == "":
            image.set("role", "presentation")
        return
    image.set("src", drawing_url(drawing) if drawing else quote(path))
    if description is None:
        image.set(UNDESCRIBED, "")
    elif not description:
        # WeasyPrint tags every img as a figure, which needs a description in a tagged PDF, even
        # one with an empty alt or hidden by its role (WeasyPrint #2550, open).
        image.tag = "embed"
        del image.attrib["alt"]


def _fills_page(image: Element) -> bool:
    figure = image.getparent()
    return figure is not None and figure.tag == "figure" and BLEED in classes(figure)
