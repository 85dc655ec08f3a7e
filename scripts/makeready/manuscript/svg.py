"""Checks that an SVG image is safe: no scripts, no external files, no unbounded size."""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.model import Element

MAX_ELEMENTS = 20_000
MAX_DEPTH = 60
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_FORBIDDEN = frozenset(
    {"script", "foreignObject", "handler", "listener", "iframe", "audio", "video"}
)
_EXTERNAL_REFERENCE = re.compile(r"url\(\s*['\"]?(?!\s*#)|@import|expression\s*\(", re.IGNORECASE)
_EMBEDDED_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)


def problem_of(raw: bytes) -> str | None:
    """Return what is wrong with an SVG image, None if it is safe."""
    if b"<!ENTITY" in raw or b"<!DOCTYPE" in raw:
        return "declares a document type (DTD)"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return f"is not well-formed XML: {error}"
    if root.tag != f"{_NAMESPACE}svg":
        return "has no <svg> root element in the SVG namespace"
    for element in root.iter():
        if not isinstance(element.tag, str):
            if isinstance(element, etree._ProcessingInstruction):
                return "has a processing instruction"
            continue
        if problem := _problem_in(element):
            return problem
    return _problem_of_size(root)


def _problem_in(element: Element) -> str | None:
    name = etree.QName(element).localname
    if name in _FORBIDDEN:
        return f"has a <{name}> element"
    if name == "style" and _EXTERNAL_REFERENCE.search(element.text or ""):
        return "has a style that refers to another file"
    for key, raw_value in element.attrib.items():
        attribute, value = etree.QName(str(key)).localname, str(raw_value).strip()
        if attribute.startswith("on"):
            return f"has the attribute “{attribute}”, which runs a program"
        if attribute in {"href", "src"} and not value.startswith("#"):
            if name == "image" and _EMBEDDED_IMAGE.match(value):
                continue
            if name == "a" and value.startswith(("http://", "https://")):
                continue
            return f"refers to “{value[:60]}”"
        if attribute not in {"href", "src"} and _EXTERNAL_REFERENCE.search(value):
            return f"refers to another file in “{attribute}”"
    return None


def _problem_of_size(root: Element) -> str | None:
    """Return whether too much would be drawn, with every ``use`` counted as its target."""
    by_id = {str(e.get("id")): e for e in root.iter() if e.get("id")}
    counts: dict[Element, int] = {}
    in_progress: set[Element] = set()

    def count(element: Element, depth: int) -> int:
        if element in counts:
            return counts[element]
        if element in in_progress or depth > MAX_DEPTH:
            return MAX_ELEMENTS + 1
        in_progress.add(element)
        total = 1 + sum(count(child, depth + 1) for child in element)
        if isinstance(element.tag, str) and etree.QName(element).localname == "use":
            href = element.get("href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
            target = by_id.get(href.removeprefix("#"))
            total += count(target, depth + 1) if target is not None else 0
        in_progress.discard(element)
        counts[element] = total
        return total

    if count(root, 0) > MAX_ELEMENTS:
        return f"draws more than {MAX_ELEMENTS} elements, or is nested too deeply"
    return None
