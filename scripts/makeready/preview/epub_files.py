"""The files of an e-book as a reading system shows them, out of the finished EPUB."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

_CONTAINER = "META-INF/container.xml"
_NAMESPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "h": "http://www.w3.org/1999/xhtml",
}
_TYPE = "{http://www.idpf.org/2007/ops}type"
_LIST = "{http://www.w3.org/1999/xhtml}ol"
_LARGEST_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class EpubFile:
    """A file of an e-book, with its media type."""

    media_type: str
    content: bytes


@dataclass
class EpubFiles:
    """An EPUB: ``spine`` are the documents in their order, ``contents`` the table of contents.

    Only files that the manifest lists are read. Paths are those in the archive.
    """

    path: Path
    spine: list[str] = field(default_factory=list)
    contents: list[tuple[int, str, str]] = field(default_factory=list)
    """The depth, the title and the address of each entry."""

    is_right_to_left: bool = False
    _archive: zipfile.ZipFile = field(init=False)
    _media_types: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._archive = zipfile.ZipFile(self.path)
        container = self._tree(_CONTAINER)
        root_file = container.find(".//c:rootfile", _NAMESPACES)
        package_path = root_file.get("full-path", "") if root_file is not None else ""
        folder = posixpath.dirname(package_path)
        package = self._tree(package_path)
        by_id: dict[str, str] = {}
        navigation = ""
        for item in package.iterfind(".//opf:manifest/opf:item", _NAMESPACES):
            name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
            self._media_types[name] = item.get("media-type", "")
            by_id[item.get("id", "")] = name
            if "nav" in item.get("properties", "").split():
                navigation = name
        spine = package.find("opf:spine", _NAMESPACES)
        if spine is not None:
            self.is_right_to_left = spine.get("page-progression-direction") == "rtl"
            self.spine = [by_id[item.get("idref", "")] for item in spine]
        if navigation:
            self.contents = list(self._entries(navigation))

    def read(self, name: str) -> EpubFile | None:
        """Return a file that the manifest lists; None for any other."""
        media_type = self._media_types.get(name)
        return EpubFile(media_type, self._read(name)) if media_type else None

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def _read(self, name: str) -> bytes:
        with self._archive.open(name) as file:
            return file.read(_LARGEST_BYTES)

    def _tree(self, name: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(self._read(name), parser)

    def _entries(self, navigation: str) -> Iterator[tuple[int, str, str]]:
        tree, folder = self._tree(navigation), posixpath.dirname(navigation)
        for table in tree.iterfind(".//h:nav", _NAMESPACES):
            if table.get(_TYPE) == "toc":
                for link in table.iterfind(".//h:a", _NAMESPACES):
                    depth = sum(1 for _ in link.iterancestors(_LIST))
                    title = " ".join("".join(map(str, link.itertext())).split())
                    target = posixpath.join(folder, link.get("href", ""))
                    yield depth, title, posixpath.normpath(target)
