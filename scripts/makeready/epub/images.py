"""The images inside the EPUB: those the documents show, byte for byte."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from urllib.parse import unquote

from lxml import etree
from PIL import Image

from makeready.book.model import Book, Resource
from makeready.epub.archive import Item
from makeready.errors import FindingsError
from makeready.layout.trees import image_name

_IMG = "{http://www.w3.org/1999/xhtml}img"


def image_items(book: Book, documents: Iterable[etree._Element], folder: str) -> list[Item]:
    """Return the images the documents show, in the order of their names in ``folder``."""
    shown = {
        unquote(image.get("src") or "").rpartition("/")[2]
        for document in documents
        for image in document.iter(_IMG)
    }
    resources: dict[str, Resource] = {}
    for resource in book.resources:
        name = image_name(resource.path)
        if name not in shown:
            continue
        other = resources.setdefault(name, resource)
        if other != resource:
            raise FindingsError(
                f"Two images would have one name in the EPUB: {other.path} and {resource.path}.",
                "Rename one of them.",
            )
    return [
        Item(f"image-{number}", f"{folder}/{name}", resource.media_type, _read(book, resource))
        for number, (name, resource) in enumerate(sorted(resources.items()), start=1)
    ]


def is_moving(content: bytes) -> bool:
    """Tell whether an image is an animation."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                return bool(getattr(image, "is_animated", False))
    except (OSError, Image.DecompressionBombError):
        # Pillow cannot read it, as it cannot an SVG: no animation of frames.
        return False


def _read(book: Book, resource: Resource) -> bytes:
    root = book.root.resolve()
    path = (root / resource.path).resolve()
    if not path.is_relative_to(root):
        raise FindingsError(
            f"{resource.path} leads outside the book's folder.",
            "Put a copy of the image into the book's folder.",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise FindingsError(
            f"{resource.path} cannot be read: {error.strerror}.",
            "Put the image back, or mend its permissions.",
        ) from error
