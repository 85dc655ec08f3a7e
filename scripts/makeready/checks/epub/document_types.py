"""Document types and entities in an EPUB that name an address to fetch.

EPUBCheck fetches those of the container and of the package, on any server or from the disk.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lxml import etree

from makeready.checks.epub.publication import CONTAINER, ROOTFILE, parse

_KNOWN = frozenset(
    {
        "http://openebook.org/dtds/oeb-1.2/oebpkg12.dtd",
        "http://www.idpf.org/dtds/2007/opf.dtd",
        "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd",
        "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd",
        "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd",
        "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd",
    }
)
"""The addresses that EPUBCheck has its own copies of."""
_MOST_BYTES = 64_000_000
_CHUNK_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class ExternalAddress:
    """An address that a file would fetch, with the line that names it."""

    path: str
    line: int
    address: str


@dataclass(slots=True)
class _Declarations:
    """What the declarations before the first element of a file name."""

    found: list[tuple[int, str]] = field(default_factory=list)
    is_over: bool = False


def external_addresses(archive: zipfile.ZipFile) -> Iterator[ExternalAddress]:
    """Yield the addresses that the container, the packages and files beside them would fetch."""
    packages = set(_packages(archive))
    for entry in archive.infolist():
        name = entry.filename
        is_read_first = name.startswith("META-INF/") or name.lower().endswith(".opf")
        if (is_read_first or name in packages) and entry.file_size <= _MOST_BYTES:
            for line, address in _addresses(archive, entry):
                if address not in _KNOWN:
                    yield ExternalAddress(name, line, address)


def _packages(archive: zipfile.ZipFile) -> Iterator[str]:
    try:
        container = parse(archive.read(CONTAINER))
    except (KeyError, etree.LxmlError):
        return
    for root in container.iter(ROOTFILE):
        yield root.get("full-path") or ""


def _addresses(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> list[tuple[int, str]]:
    """Return the addresses before the first element of a file, with their lines."""
    parser, declarations = expat.ParserCreate(), _Declarations()
    parser.StartDoctypeDeclHandler = _note_doctype(parser, declarations)
    parser.EntityDeclHandler = _note_entity(parser, declarations)
    parser.StartElementHandler = _end(declarations)
    with archive.open(entry) as file:
        while not declarations.is_over and (chunk := file.read(_CHUNK_BYTES)):
            try:
                parser.Parse(chunk)
            except (expat.ExpatError, ValueError, LookupError):
                # EPUBCheck reports files that are not XML.
                break
    return declarations.found


def _note_doctype(
    parser: expat.XMLParserType, declarations: _Declarations
) -> Callable[[str, str | None, str | None, bool], None]:
    def note(_name: str, system: str | None, _public: str | None, _internal: bool) -> None:
        if system:
            declarations.found.append((parser.CurrentLineNumber, system))

    return note


def _note_entity(parser: expat.XMLParserType, declarations: _Declarations) -> Callable[..., None]:
    def note(_name: str, _is_parameter: bool, _value: str | None, *ids: str | None) -> None:
        _base, system, _public, notation = ids
        if system and notation is None:
            declarations.found.append((parser.CurrentLineNumber, system))

    return note


def _end(declarations: _Declarations) -> Callable[[str, dict[str, str]], None]:
    def end(_name: str, _attributes: dict[str, str]) -> None:
        declarations.is_over = True

    return end
