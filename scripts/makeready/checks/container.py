"""The container and package of a finished EPUB: archive, names, navigation, cover, images."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from lxml import etree

from makeready.checks.raster import check_cover, check_image
from makeready.findings import Findings, SourceLocation

_MIMETYPE = b"application/epub+zip"
_CONTAINER = "META-INF/container.xml"
_ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"
_FORBIDDEN = frozenset('"*:<>?\\|\x7f')
# Control, private use and surrogate; then the specials, the non-characters, the tags.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Co", "Cs"})
_FORBIDDEN_BLOCKS = (
    range(0xFFF0, 0x10000),
    range(0xFDD0, 0xFDF0),
    range(0xE0000, 0xE1000),
)
_LAST_TWO_OF_A_PLANE = range(0xFFFE, 0x10000)
_LONGEST_NAME_BYTES = 255
_LONGEST_PATH_BYTES = 65_535
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class ManifestItem:
    """A file the package lists: its path in the archive, its media type, its properties."""

    path: str
    media_type: str
    properties: frozenset[str]


def check_container(path: Path, findings: Findings) -> None:
    """Check what an EPUB's archive and package document say, without reading its text."""
    location = SourceLocation(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_beginning(path, archive, findings, location)
            _check_names(archive.namelist(), findings, location)
            _check_package(archive, findings, location)
    except (zipfile.BadZipFile, OSError, KeyError, etree.XMLSyntaxError, StopIteration) as error:
        findings.add("EPU-001", location, reason=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, StopIteration):
        return f"{_CONTAINER} names no package document"
    return str(error.args[0] if error.args else error).rstrip(".")


def _check_beginning(
    path: Path, archive: zipfile.ZipFile, findings: Findings, location: SourceLocation
) -> None:
    first = min(archive.infolist(), key=lambda entry: entry.header_offset, default=None)
    if first is None or first.filename != "mimetype" or first.header_offset:
        findings.add("EPU-002", location, reason="its first entry is not mimetype")
    elif first.compress_type != zipfile.ZIP_STORED:
        findings.add("EPU-002", location, reason="mimetype is compressed")
    elif archive.read(first) != _MIMETYPE:
        findings.add("EPU-002", location, reason="mimetype does not say application/epub+zip")
    else:
        with path.open("rb") as file:
            header = file.read(30)
        if int.from_bytes(header[28:30], "little"):
            findings.add("EPU-002", location, reason="mimetype has an extra field")


def _check_names(names: list[str], findings: Findings, location: SourceLocation) -> None:
    seen: dict[str, str] = {}
    for name in names:
        for reason in _name_faults(name):
            findings.add("EPU-009", location, name=name, reason=reason)
        folded = unicodedata.normalize("NFC", name.casefold())
        other = seen.setdefault(folded, name)
        if other is not name:
            reason = f"{other!r} is the same name where case does not count"
            findings.add("EPU-009", location, name=name, reason=reason)


def _name_faults(name: str) -> Iterator[str]:
    """Yield what EPUB 3.3, section 4.2.3, has against a name."""
    bad = sorted({c for c in name if c in _FORBIDDEN or _is_forbidden(c)})
    if bad:
        shown = ", ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in bad)
        yield f"it has {shown}"
    parts = name.rstrip("/").split("/")
    if any(part.endswith(".") for part in parts):
        yield "it ends in a full stop"
    if any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME_BYTES for part in parts):
        yield f"it is longer than {_LONGEST_NAME_BYTES} bytes"
    if len(name.encode("utf-8", "replace")) > _LONGEST_PATH_BYTES:
        yield f"its path is longer than {_LONGEST_PATH_BYTES} bytes"


def _is_forbidden(character: str) -> bool:
    point = ord(character)
    return (
        unicodedata.category(character) in _FORBIDDEN_CATEGORIES
        or any(point in block for block in _FORBIDDEN_BLOCKS)
        or point % 0x10000 in _LAST_TWO_OF_A_PLANE
    )


def _check_package(archive: zipfile.ZipFile, findings: Findings, location: SourceLocation) -> None:
    container = _parse(archive.read(_CONTAINER))
    package_path = next(container.iter(_ROOTFILE)).get("full-path") or ""
    package = _parse(archive.read(package_path))
    items = list(_manifest(package, dirname(package_path)))
    navigations = sum("nav" in item.properties for item in items)
    if navigations != 1:
        findings.add("EPU-003", location, count=navigations)
    modified = sum(
        meta.get("property") == "dcterms:modified" and meta.get("refines") is None
        for meta in package.iter(f"{_OPF}meta")
    )
    if modified != 1:
        findings.add("EPU-004", location, count=modified)
    covers = [item for item in items if "cover-image" in item.properties]
    if not covers:
        findings.add("EPU-005", location)
    present = set(archive.namelist())
    for item in items:
        # A listed file that is not there is EPUBCheck's to report.
        if item.path not in present:
            continue
        if item in covers:
            check_cover(archive.read(item.path), findings, location)
        elif item.media_type.startswith("image/"):
            check_image(archive.read(item.path), item.path, findings, location)


def _parse(content: bytes) -> etree._Element:
    return etree.fromstring(content, _PARSER)


def _manifest(package: etree._Element, folder: str) -> Iterator[ManifestItem]:
    for item in package.iter(f"{_OPF}item"):
        yield ManifestItem(
            normpath(join(folder, unquote(item.get("href") or ""))),
            item.get("media-type") or "",
            frozenset((item.get("properties") or "").split()),
        )
