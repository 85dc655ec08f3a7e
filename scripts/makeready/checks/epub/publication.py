"""Reading of any EPUB: its archive, its package document and the files that this lists."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from lxml import etree

CONTAINER = "META-INF/container.xml"
OPF = "{http://www.idpf.org/2007/opf}"
ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
NCX_TYPE = "application/x-dtbncx+xml"
_MEGA = 1_000_000
# Limits far above any book: the largest consist of images and sound, which hardly compress.
_MOST_UNPACKED_MB, _MOST_GROWTH, _GROWTH_COUNTS_FROM_MB = 4_000, 100, 200
_MOST_ENTRIES = 65_535
_MOST_XML_MB, _MOST_CONTAINER_MB = 64, 1
# Exceptions that a damaged or malicious archive causes in its readers.
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    ValueError,
    etree.LxmlError,
)


class UnreadableError(Exception):
    """A file that cannot be read; the message is the reason, without a full stop."""


@dataclass(frozen=True, slots=True)
class ManifestItem:
    """A file that the package document lists."""

    identifier: str
    path: str
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Publication:
    """An open EPUB: its archive, its package document, and the items of the manifest."""

    archive: zipfile.ZipFile
    package: etree._Element
    items: tuple[ManifestItem, ...]
    folder: str = ""
    """The folder of the package document, to which its references are relative."""

    def present(self) -> Iterator[ManifestItem]:
        """Yield the items whose files exist; EPUBCheck reports the others."""
        names = set(self.archive.namelist())
        for item in self.items:
            if item.path in names:
                yield item

    @property
    def version(self) -> str:
        """The version of EPUB that the package declares, such as 3.0, or an empty string."""
        return (self.package.get("version") or "").strip()

    @property
    def is_epub_2(self) -> bool:
        """Whether the package declares a version before EPUB 3."""
        return self.version.partition(".")[0] in {"1", "2"}

    @property
    def layout(self) -> str:
        """The layout of all documents: ``reflowable`` if none is given."""
        for meta in self.package.iter(f"{OPF}meta"):
            if meta.get("property") == "rendition:layout" and meta.get("refines") is None:
                return (meta.text or "").strip()
        return "reflowable"

    @property
    def is_fixed_layout(self) -> bool:
        """Whether pages have a fixed layout, with objects placed over each other."""
        return self.layout == "pre-paginated"

    @property
    def navigation(self) -> ManifestItem | None:
        """The navigation document of an EPUB 3."""
        return next((item for item in self.present() if "nav" in item.properties), None)

    @property
    def ncx(self) -> ManifestItem | None:
        """The NCX that the spine names; else the first one, which reading systems take too."""
        ncxs = [item for item in self.present() if item.media_type == NCX_TYPE]
        named = [item for item in ncxs if item.identifier and item.identifier == self.named_ncx]
        return next(iter((*named, *ncxs)), None)

    @property
    def named_ncx(self) -> str:
        """The id that the spine names as its NCX, as in EPUB 2."""
        spine = next(self.package.iter(f"{OPF}spine"), None)
        return "" if spine is None else spine.get("toc") or ""

    def spine(self) -> list[ManifestItem]:
        """Return the documents in their reading order."""
        items = {item.identifier: item for item in self.present()}
        ids = (entry.get("idref") or "" for entry in self.package.iter(f"{OPF}itemref"))
        return [items[name] for name in ids if name in items]

    def bytes_of(self, path: str) -> int:
        """Return the unpacked size of a file in bytes."""
        return self.archive.getinfo(path).file_size

    def tree(self, path: str) -> etree._Element | None:
        """Parse a file; return None if it is not XML, or too large to parse safely."""
        if self.bytes_of(path) > _MOST_XML_MB * _MEGA:
            return None
        try:
            return parse(self.archive.read(path))
        except etree.XMLSyntaxError:
            return None


@contextmanager
def reading_archive() -> Iterator[None]:
    """Raise errors of reading an archive within the context as ``UnreadableError``."""
    try:
        yield
    except _READ_ERRORS as error:
        reason = str(error.args[0] if error.args else error) or type(error).__name__
        raise UnreadableError(reason.rstrip(".")) from error


def unpacked_megabytes(archive: zipfile.ZipFile) -> float:
    """Return the unpacked size that an archive claims; no more than this is read of it."""
    return sum(entry.file_size for entry in archive.infolist()) / _MEGA


def is_bomb(path: Path, archive: zipfile.ZipFile) -> bool:
    """Return whether an archive unpacks to far more than any book."""
    megabytes = unpacked_megabytes(archive)
    growth = megabytes * _MEGA / max(path.stat().st_size, 1)
    return (
        megabytes > _MOST_UNPACKED_MB
        or (megabytes > _GROWTH_COUNTS_FROM_MB and growth > _MOST_GROWTH)
        or len(archive.infolist()) > _MOST_ENTRIES
    )


def read_publication(archive: zipfile.ZipFile) -> Publication:
    """Read the package document; raise ``UnreadableError`` if the archive has none."""
    with reading_archive():
        container = _read_xml(archive, CONTAINER, _MOST_CONTAINER_MB)
        root = next(container.iter(ROOTFILE), None)
        if root is None:
            raise UnreadableError(f"{CONTAINER} names no package document")
        path = root.get("full-path") or ""
        package = _read_xml(archive, path, _MOST_XML_MB)
        folder = dirname(path)
        return Publication(archive, package, tuple(_manifest(package, folder)), folder)


def _read_xml(archive: zipfile.ZipFile, path: str, most_mb: int) -> etree._Element:
    if archive.getinfo(path).file_size > most_mb * _MEGA:
        raise UnreadableError(f"{path} is larger than {most_mb} MB")
    return parse(archive.read(path))


def inner_path(base: str, reference: str) -> str:
    """Return the path in the archive that a reference in the file ``base`` leads to."""
    return normpath(join(dirname(base), unquote(reference.partition("#")[0])))


def local_name(element: etree._Element) -> str:
    """Return the name of an element in lower case, without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def source_line(element: etree._Element) -> int | None:
    """Return the line an element begins on, from 1."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def text_of(element: etree._Element) -> str:
    """Return the text of an element and its descendants."""
    return "".join(map(str, element.itertext()))


def parse(content: bytes) -> etree._Element:
    """Parse XML, without entities and network access."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _manifest(package: etree._Element, folder: str) -> Iterator[ManifestItem]:
    for item in package.iter(f"{OPF}item"):
        yield ManifestItem(
            item.get("id") or "",
            normpath(join(folder, unquote(item.get("href") or ""))),
            item.get("media-type") or "",
            frozenset((item.get("properties") or "").split()),
        )
