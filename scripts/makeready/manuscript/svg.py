"""Whether a drawing is safe to set: no programs, no other files, no unbounded growth."""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.model import Element

MAX_DRAWN = 20_000
MAX_DEPTH = 60
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_FORBIDDEN = frozenset(
    {"script", "foreignObject", "handler", "listener", "iframe", "audio", "video"}
)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!\s*#)|@import|expression\s*\(", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)


def fault_of(raw: bytes) -> str | None:
    """Say what is wrong with a drawing, None when it is sound."""
    if b"<!ENTITY" in raw or b"<!DOCTYPE" in raw:
        return "declares a document type, which may define entities"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return f"is not well-formed XML: {error}"
    if root.tag != f"{_NAMESPACE}svg":
        return "has no <svg> element in the SVG namespace at its top"
    for element in root.iter():
        if not isinstance(element.tag, str):
            if isinstance(element, etree._ProcessingInstruction):
                return "has a processing instruction, which may name a stylesheet"
            continue
        if fault := _fault_in(element):
            return fault
    return _fault_in_size(root)


def _fault_in(element: Element) -> str | None:
    name = etree.QName(element).localname
    if name in _FORBIDDEN:
        return f"has a <{name}> element"
    if name == "style" and _OUTSIDE.search(element.text or ""):
        return "has a style that refers to another file"
    for key, held in element.attrib.items():
        attribute, value = etree.QName(str(key)).localname, str(held).strip()
        if attribute.startswith("on"):
            return f"has the attribute “{attribute}”, which runs a program"
        if attribute in {"href", "src"} and not value.startswith("#"):
            if name == "image" and _PICTURE.match(value):
                continue
            if name == "a" and value.startswith(("http://", "https://")):
                continue
            return f"refers to “{value[:60]}”"
        if attribute not in {"href", "src"} and _OUTSIDE.search(value):
            return f"refers to another file in “{attribute}”"
    return None


def _fault_in_size(root: Element) -> str | None:
    """Count what would be drawn once every ``use`` is filled in."""
    by_id = {str(e.get("id")): e for e in root.iter() if e.get("id")}
    drawn: dict[Element, int] = {}
    under_way: set[Element] = set()

    def count(element: Element, depth: int) -> int:
        if element in drawn:
            return drawn[element]
        if element in under_way or depth > MAX_DEPTH:
            return MAX_DRAWN + 1
        under_way.add(element)
        total = 1 + sum(count(child, depth + 1) for child in element)
        if isinstance(element.tag, str) and etree.QName(element).localname == "use":
            href = element.get("href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
            target = by_id.get(href.removeprefix("#"))
            total += count(target, depth + 1) if target is not None else 0
        under_way.discard(element)
        drawn[element] = total
        return total

    if count(root, 0) > MAX_DRAWN:
        return f"would draw more than {MAX_DRAWN} elements, or nests too deep"
    return None
