"""The container and package of a finished EPUB: archive, names, navigation, cover, images."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

from makeready.checks.epub.cover_image import marked_cover
from makeready.checks.epub.publication import (
    NCX_TYPE,
    OPF,
    Publication,
    UnreadableError,
    is_bomb,
    read_publication,
    reading_archive,
    unpacked_megabytes,
)
from makeready.findings import Findings, SourceLocation

_MIMETYPE = b"application/epub+zip"
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


def check_container(path: Path, findings: Findings) -> None:
    """Check an EPUB's archive, file names and package document, without reading its text."""
    location = SourceLocation(path.name)
    try:
        with reading_archive(), zipfile.ZipFile(path) as archive:
            if is_bomb(path, archive):
                megabytes = unpacked_megabytes(archive)
                findings.add("EPU-012", location, megabytes=megabytes)
                return
            _check_mimetype(path, archive, findings, location)
            _check_names(archive.namelist(), findings, location)
            _check_package(read_publication(archive), findings, location)
    except UnreadableError as error:
        findings.add("EPU-001", location, reason=error)


def _check_mimetype(
    path: Path, archive: zipfile.ZipFile, findings: Findings, location: SourceLocation
) -> None:
    first = min(archive.infolist(), key=lambda entry: entry.header_offset, default=None)
    if first is None or first.filename != "mimetype" or first.header_offset:
        findings.add("EPU-002", location, reason="the first entry is not mimetype")
    elif first.compress_type != zipfile.ZIP_STORED:
        findings.add("EPU-002", location, reason="mimetype is compressed")
    elif archive.read(first) != _MIMETYPE:
        findings.add("EPU-002", location, reason="mimetype is not application/epub+zip")
    else:
        with path.open("rb") as file:
            header = file.read(30)
        if int.from_bytes(header[28:30], "little"):
            findings.add("EPU-002", location, reason="mimetype has an extra field")


def _check_names(names: list[str], findings: Findings, location: SourceLocation) -> None:
    names_by_folded: dict[str, str] = {}
    for name in names:
        for reason in _name_faults(name):
            findings.add("EPU-009", location, name=name, reason=reason)
        folded = unicodedata.normalize("NFC", name.casefold())
        other = names_by_folded.setdefault(folded, name)
        if other is not name:
            reason = f"it differs from {other!r} only in case"
            findings.add("EPU-009", location, name=name, reason=reason)


def _name_faults(name: str) -> Iterator[str]:
    """Yield the violations of EPUB 3.3, section 4.2.3, in a name."""
    bad = sorted({c for c in name if c in _FORBIDDEN or _is_forbidden(c)})
    if bad:
        listed = ", ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in bad)
        yield f"it contains {listed}"
    if name.startswith("/"):
        yield "it is an absolute path"
    parts = name.rstrip("/").split("/")
    if ".." in parts:
        yield "it points outside the book"
        return
    if any(part.endswith(".") for part in parts):
        yield "it ends with a full stop"
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


def _check_package(publication: Publication, findings: Findings, location: SourceLocation) -> None:
    if publication.is_epub_2 and not _names_ncx(publication):
        findings.add("EPU-014", location, version=publication.version)
    elif publication.version.startswith("3"):
        _check_package_3(publication, findings, location)
    if marked_cover(publication) is None:
        findings.add("EPU-005", location)


def _names_ncx(publication: Publication) -> bool:
    """Return whether the spine names an NCX, the contents of an EPUB 2."""
    return any(
        item.media_type == NCX_TYPE and item.identifier == publication.named_ncx
        for item in publication.items
    )


def _check_package_3(
    publication: Publication, findings: Findings, location: SourceLocation
) -> None:
    navigations = sum("nav" in item.properties for item in publication.items)
    if navigations != 1:
        findings.add("EPU-003", location, count=navigations)
    modified = sum(
        meta.get("property") == "dcterms:modified" and meta.get("refines") is None
        for meta in publication.package.iter(f"{OPF}meta")
    )
    if modified != 1:
        findings.add("EPU-004", location, count=modified)
