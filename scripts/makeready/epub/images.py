"""The images of an EPUB: those the documents show, scaled to what the stores accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from makeready.book.model import Book, Resource
from makeready.epub.archive import Item
from makeready.epub.image_scaling import ImageScaler
from makeready.errors import FindingsError
from makeready.images.raster import RasterError, is_animated, open_raster
from makeready.manuscript.images import SVG_TYPE, media_type_of
from makeready.manuscript.svg import DrawingError, cleaned
from makeready.templates.images import image_name

_IMG = "{http://www.w3.org/1999/xhtml}img"


class ImageItem(Item):
    """An image of the book, which is read when it is packed, so that memory stays small."""

    def __init__(
        self, identifier: str, path: str, resource: Resource, root: Path, scaler: ImageScaler
    ) -> None:
        super().__init__(identifier, path, resource.media_type, b"")
        self._resource = resource
        self._scaler = scaler
        self._source = _path_inside(root.resolve(), resource)

    def read(self) -> bytes:
        """Return the image as it is in the book's folder."""
        if self._resource.content:
            return self._resource.content
        with _errors_named(self._resource):
            return self._source.read_bytes()

    def get_content(self) -> bytes:
        """Return the image as e-books need it, scaled down if it is too large.

        Raises FindingsError if it is no longer what it was when the book was read.
        """
        content = self.read()
        is_drawing = self._resource.media_type == SVG_TYPE
        try:
            if media_type_of(content) == self._resource.media_type:
                return cleaned(content) if is_drawing else self._scaler.scale(content)
        except DrawingError:
            pass
        raise FindingsError(
            f"{self._resource.path} has changed while the book was built.", "Build again."
        )


def image_items(
    book: Book, documents: Iterable[etree._Element], folder: str, scaler: ImageScaler
) -> list[ImageItem]:
    """Return the images the documents show, by their names in ``folder``, sorted."""
    names_shown = {
        unquote(image.get("src") or "").rpartition("/")[2]
        for document in documents
        for image in document.iter(_IMG)
    }
    resources: dict[str, Resource] = {}
    for resource in book.resources:
        name = image_name(resource.path, resource.media_type)
        if name not in names_shown:
            continue
        other = resources.setdefault(name, resource)
        if other != resource:
            raise FindingsError(
                f"two images have the same name in the EPUB: {other.path} and {resource.path}.",
                "Rename one of them.",
            )
    return [
        ImageItem(f"image-{number}", f"{folder}/{name}", resource, book.root, scaler)
        for number, (name, resource) in enumerate(sorted(resources.items()), start=1)
    ]


def is_moving(item: ImageItem) -> bool:
    """Return whether an image is an animation."""
    try:
        with open_raster(item.read()) as image:
            return is_animated(image)
    except RasterError:
        # A drawing, which has no frames.
        return False


def _path_inside(root: Path, resource: Resource) -> Path:
    path = (root / resource.path).resolve()
    if not path.is_relative_to(root):
        raise FindingsError(
            f"{resource.path} is outside the book's folder.",
            "Copy the image into the book's folder.",
        )
    return path


@contextmanager
def _errors_named(resource: Resource) -> Iterator[None]:
    """Raise errors of reading within the context as FindingsError with the image's path."""
    try:
        yield
    except OSError as error:
        raise FindingsError(
            f"{resource.path} cannot be read: {error.strerror}.",
            "Restore the image, or fix its permissions.",
        ) from error
