"""Images in documents: their addresses, their sizes, and what screen readers are told."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote

from makeready.book.model import BLEED, Element
from makeready.book.slugs import slug_of
from makeready.manuscript.figures import classes
from makeready.manuscript.image_sizes import take_size_style

UNDESCRIBED = "data-undescribed"
"""Marks an image of the manuscript without a description, which IMG-005 has reported."""

_SEPARATORS = frozenset(" -_./'’")
_PAGED_HEIGHT = "calc(var(--text-height) * {share:g})"
_EBOOK_HEIGHT = "{percent:g}vh"


def image_name(path: str) -> str:
    """Return the file name of an image in the EPUB, in plain ASCII.

    It has a digest of the path where characters of the path are not in it, since other paths may
    differ in those alone.
    """
    name = PurePosixPath(path.removeprefix("images/"))
    stem = unicodedata.normalize("NFC", str(name.with_suffix("")))
    slug = slug_of(stem)
    if not slug or any(not slug_of(letter) for letter in set(stem) - _SEPARATORS):
        digest = sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:8]
        slug = f"{slug}-{digest}".strip("-")
    return slug + name.suffix.lower()


def set_image(image: Element, *, paged: bool) -> None:
    """Adapt an image of a normalised tree to a PDF or, unless ``paged``, to the EPUB."""
    path, description = image.get("src") or "", image.get("alt")
    size = take_size_style(image, _PAGED_HEIGHT if paged else _EBOOK_HEIGHT)
    if size and not _fills_page(image):
        image.set("style", size)
    if not paged:
        image.set("src", f"../images/{image_name(path)}")
        if description == "":
            image.set("role", "presentation")
        return
    image.set("src", quote(path))
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
