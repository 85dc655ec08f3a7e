"""Removal of the cover page from an EPUB, for a store that shows the cover image itself.

Kindle shows the cover image before the text, so with a cover page readers would see it twice.
Kobo, Google Play, Draft2Digital and IngramSpark want the page, since they add nothing. One file
cannot be right for both.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from lxml import etree

from makeready.epub.archive import copy_changed

_PACKAGE = "EPUB/content.opf"
_COVER_ID = "cover"
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def remove_cover_page(source: Path, target: Path) -> None:
    """Copy an EPUB made by makeready, without its cover page and the links to it.

    The cover image stays, with its manifest property.
    """
    with zipfile.ZipFile(source) as archive:
        package = _parsed(archive, _PACKAGE)
        items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
        page = items[_COVER_ID]
        navigation = next(
            item for item in items.values() if "nav" in (item.get("properties") or "").split()
        )
        path = normpath(join(dirname(_PACKAGE), navigation.get("href") or ""))
        contents = _parsed(archive, path)
    for entry in list(package.iter(f"{_OPF}itemref")):
        if entry.get("idref") == _COVER_ID:
            _remove(entry)
    _remove(page)
    cover = page.get("href") or ""
    for link in list(contents.iter(f"{_XHTML}a")):
        if link.get("href") == basename(cover):
            _remove(link.getparent())
    changes = {
        join(dirname(_PACKAGE), cover): None,
        _PACKAGE: _serialised(package),
        path: _serialised(contents),
    }
    copy_changed(source, target, changes)


def _parsed(archive: zipfile.ZipFile, path: str) -> etree._Element:
    return etree.fromstring(archive.read(path), _PARSER)


def _remove(element: etree._Element | None) -> None:
    """Remove an element with the white space after it, which only indents the file."""
    parent = element.getparent() if element is not None else None
    if element is not None and parent is not None:
        parent.remove(element)


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)
