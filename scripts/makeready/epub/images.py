"""The images inside the EPUB: those the documents show, no larger than stores take."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree
from PIL import Image

from makeready.book.model import Book, Resource
from makeready.epub.archive import Item
from makeready.epub.image_scaling import ImageScaler
from makeready.errors import FindingsError
from makeready.templates.trees import image_name

_IMG = "{http://www.w3.org/1999/xhtml}img"


class ImageItem(Item):
    """An image of the book, read from its file when it is packed and not held before."""

    def __init__(
        self, identifier: str, path: str, resource: Resource, root: Path, fitting: ImageScaler
    ) -> None:
        super().__init__(identifier, path, resource.media_type, b"")
        self._resource = resource
        self._fitting = fitting
        self._source = _source(root.resolve(), resource)

    def get_content(self) -> bytes:
        """Return the file's bytes, of an image that is no larger than it may be."""
        with _readable(self._resource):
            return self._fitting.fitted(self._source.read_bytes())

    def open(self) -> BinaryIO:
        """Open the file."""
        with _readable(self._resource):
            return self._source.open("rb")


def image_items(
    book: Book, documents: Iterable[etree._Element], folder: str, fitting: ImageScaler
) -> list[ImageItem]:
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
        ImageItem(f"image-{number}", f"{folder}/{name}", resource, book.root, fitting)
        for number, (name, resource) in enumerate(sorted(resources.items()), start=1)
    ]


def is_moving(item: ImageItem) -> bool:
    """Tell whether an image is an animation."""
    try:
        with item.open() as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                return bool(getattr(image, "is_animated", False))
    except (OSError, Image.DecompressionBombError):
        # Pillow cannot read it, as it cannot an SVG: no animation of frames.
        return False


def _source(root: Path, resource: Resource) -> Path:
    path = (root / resource.path).resolve()
    if not path.is_relative_to(root):
        raise FindingsError(
            f"{resource.path} leads outside the book's folder.",
            "Put a copy of the image into the book's folder.",
        )
    return path


@contextmanager
def _readable(resource: Resource) -> Iterator[None]:
    """Name the image that cannot be read within the context."""
    try:
        yield
    except OSError as error:
        raise FindingsError(
            f"{resource.path} cannot be read: {error.strerror}.",
            "Put the image back, or mend its permissions.",
        ) from error
