"""The image that an EPUB marks as its cover."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath
from urllib.parse import unquote

from lxml import etree

from makeready.checks.epub.publication import (
    OPF,
    ManifestItem,
    Publication,
    inner_path,
    local_name,
)

IMAGE_SOURCES = {"img": "src", "image": "{http://www.w3.org/1999/xlink}href"}
"""The attribute in which an image element names its file, by the name of the element."""


def marked_cover(publication: Publication) -> ManifestItem | None:
    """Return the image that is marked as the cover, in the way of EPUB 3 or of EPUB 2.

    EPUB 3 has the property ``cover-image``. EPUB 2 has no rule: its books name the image in a
    ``meta name="cover"``, or in their guide the document that shows it.
    """
    for covers in (_by_property, _by_name, _by_guide):
        for item in covers(publication):
            return item
    return None


def _by_property(publication: Publication) -> Iterator[ManifestItem]:
    return (item for item in publication.present() if "cover-image" in item.properties)


def _by_name(publication: Publication) -> Iterator[ManifestItem]:
    ids = {
        meta.get("content")
        for meta in publication.package.iter(f"{OPF}meta")
        if (meta.get("name") or "").strip().lower() == "cover"
    }
    return (item for item in publication.present() if item.identifier in ids and _is_image(item))


def _by_guide(publication: Publication) -> Iterator[ManifestItem]:
    items = {item.path: item for item in publication.present()}
    for reference in publication.package.iter(f"{OPF}reference"):
        if (reference.get("type") or "").strip().lower() == "cover":
            href = unquote((reference.get("href") or "").partition("#")[0])
            item = items.get(normpath(join(publication.folder, href)))
            if item is not None and _is_image(item):
                yield item
            elif item is not None:
                yield from _images_in(publication, item, items)


def _images_in(
    publication: Publication, document: ManifestItem, items: dict[str, ManifestItem]
) -> Iterator[ManifestItem]:
    tree = publication.tree(document.path)
    for element in () if tree is None else tree.iter(etree.Element):
        attribute = IMAGE_SOURCES.get(local_name(element))
        source = element.get(attribute) if attribute else None
        shown = items.get(inner_path(document.path, source)) if source else None
        if shown is not None and _is_image(shown):
            yield shown


def _is_image(item: ManifestItem) -> bool:
    return item.media_type.startswith("image/")
