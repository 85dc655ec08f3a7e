"""Packing by EbookLib into an archive that is the same for the same publication."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from ebooklib import epub
from lxml import etree

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_MIMETYPE = "application/epub+zip"
# The earliest time a ZIP can hold: entries do not depend on the clock.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_REGULAR_FILE = 0o100644 << 16
_RASTER_SUFFIXES = (".gif", ".jpeg", ".jpg", ".png", ".webp")
_SAMPLE_BYTES = 65_536
_COMPRESSIBLE_RATIO = 0.95


class Item(epub.EpubItem):  # type: ignore[misc]
    """A file of the publication, whose bytes stay as they are, with its manifest properties.

    It replaces EbookLib's document classes, which parse and rewrite their content.
    """

    def __init__(
        self,
        identifier: str,
        path: str,
        media_type: str,
        content: bytes,
        properties: Iterable[str] = (),
    ) -> None:
        super().__init__(identifier, path, media_type, content)
        self.properties = sorted(properties)


class _ReproducibleZip(zipfile.ZipFile):
    """A ZIP without times, users and systems.

    ``mimetype``, and images that are already compressed, are stored without compression.
    """

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = 9,
    ) -> None:
        name = str(zinfo_or_arcname)
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.create_system = _UNIX
        entry.external_attr = _REGULAR_FILE
        is_stored = name == "mimetype" or (
            name.endswith(_RASTER_SUFFIXES) and not _is_compressible(data)
        )
        entry.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
        super().writestr(entry, data, compress_type, compresslevel)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    def write(self) -> None:
        with _ReproducibleZip(self.file_name, "w") as self.out:
            self.out.writestr("mimetype", _MIMETYPE)
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(_XML_LANG, self.book.language)
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        """Return the NCX with its depth, which EbookLib leaves at 0, unique ids, and play order."""
        ncx = etree.fromstring(super()._get_ncx())
        ncx.set(_XML_LANG, self.book.language)
        points = list(ncx.iter(f"{_NCX}navPoint"))
        for order, point in enumerate(points, start=1):
            point.set("id", f"navpoint-{order}")
            point.set("playOrder", str(order))
        for meta in ncx.iter(f"{_NCX}meta"):
            if meta.get("name") == "dtb:depth":
                meta.set("content", str(max(map(_depth, points), default=1)))
        self._add_pages(ncx)
        return etree.tostring(ncx, encoding="utf-8", xml_declaration=True, pretty_print=True)

    def _add_pages(self, ncx: etree._Element) -> None:
        """Add the list of print pages, which EbookLib does not write to the NCX."""
        if not self.book.pages:
            return
        page_list = etree.SubElement(ncx, f"{_NCX}pageList")
        numbers = [int(label) for _, label in self.book.pages if label.isdigit()]
        for order, (href, label) in enumerate(self.book.pages, start=1):
            target = etree.SubElement(page_list, f"{_NCX}pageTarget", id=f"pagetarget-{order}")
            if label.isdigit():
                target.set("value", label)
            target.set("type", "normal" if label.isdigit() else "front")
            text = etree.SubElement(etree.SubElement(target, f"{_NCX}navLabel"), f"{_NCX}text")
            text.text = label
            etree.SubElement(target, f"{_NCX}content", src=href)
        counts = {
            "dtb:totalPageCount": len(self.book.pages),
            "dtb:maxPageNumber": max(numbers, default=0),
        }
        for meta in ncx.iter(f"{_NCX}meta"):
            if meta.get("name") in counts:
                meta.set("content", str(counts[str(meta.get("name"))]))


def copy_changed(source: Path, target: Path, changes: Mapping[str, bytes | None]) -> None:
    """Copy an EPUB with new content of the files in ``changes``; None removes a file."""
    with zipfile.ZipFile(source) as old, _ReproducibleZip(target, "w") as new:
        for name in old.namelist():
            content = changes[name] if name in changes else old.read(name)
            if content is not None:
                new.writestr(name, content)


def _is_compressible(content: bytes) -> bool:
    """Return whether compression makes the beginning of an image clearly smaller."""
    head = content[:_SAMPLE_BYTES]
    return len(zlib.compress(head)) < _COMPRESSIBLE_RATIO * len(head)


def _depth(point: etree._Element) -> int:
    return 1 + sum(1 for _ in point.iterancestors(f"{_NCX}navPoint"))


class _WriterWithoutMedia(_Writer):
    def _write_items(self) -> None:
        items = self.book.items
        self.book.items = [item for item in items if not _is_media(item)]
        try:
            super()._write_items()
        finally:
            self.book.items = items


def _is_media(item: epub.EpubItem) -> bool:
    return str(item.media_type).startswith(("image/", "font/"))


def pack_without_media(publication: epub.EpubBook, modified: str) -> BytesIO:
    """Return the publication as `pack` packs it, without its images and fonts."""
    content = BytesIO()
    mtime = datetime.fromisoformat(modified)
    _WriterWithoutMedia(content, publication, {"mtime": mtime}).write()
    return content


def pack(publication: epub.EpubBook, modified: datetime, target: Path) -> None:
    """Write the publication to ``target``; if it fails, an older file stays as it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.part")
    try:
        _Writer(str(temporary), publication, {"mtime": modified}).write()
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
