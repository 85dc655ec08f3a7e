"""Checks that an SVG image is safe: no scripts, no external files, no unbounded size."""

from __future__ import annotations

import re
from base64 import b64decode, standard_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.image_sizes import read_length

MAX_ELEMENTS = 20_000
MAX_DEPTH = 60
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_START = re.compile(
    rb"(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s)*<(?:\w+:)?svg[\s>]",
    re.DOTALL,
)
_START_BYTES = 65_536
_FORBIDDEN = frozenset(
    {"script", "foreignObject", "handler", "listener", "iframe", "audio", "video"}
)
_EXTERNAL_REFERENCE = re.compile(r"url\(\s*(?!['\"]?\s*#)|@import|expression\s*\(", re.IGNORECASE)
_QUOTED_REFERENCE = re.compile(r"url\(\s*(['\"])\s*(#[^'\"()]*?)\s*\1\s*\)", re.IGNORECASE)
_RASTER_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
_DATA_URL = re.compile(r"data:[^,]{0,100},", re.IGNORECASE)
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LENGTH = re.compile(rf"{_NUMBER}\s*(?:%|[a-zA-Z]{{2,3}})?|auto")
_VIEW_BOX = re.compile(rf"{_NUMBER}(?:[\s,]+{_NUMBER}|(?=[+-]){_NUMBER}){{3}}")
_LONGEST_QUOTE, _LONGEST_PROBLEM = 60, 130
_MOST_FAMILIES = 20

_FAMILIES = re.compile(r"font-family\s*:\s*([^;}]+)", re.IGNORECASE)
_FONT = re.compile(
    r"(?<![\w-])font\s*:[^;}]{0,100}?\d(?:\.\d+)?(?:%|[a-z]{2,3})(?:\s*/\s*[\w.%]+)?\s+([^;}]+)",
    re.IGNORECASE,
)
_GENERIC_FAMILIES = re.compile(
    r"serif|sans-serif|monospace|cursive|fantasy|math|emoji|fangsong|system-ui|ui-[a-z-]+"
    r"|inherit|initial|unset|revert|-apple-system|BlinkMacSystemFont",
    re.IGNORECASE,
)
_TEXT = frozenset({"text", "tspan", "textPath"})

CheckRaster = Callable[[bytes], str]
"""Return what is wrong with a raster image; empty if nothing is."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An inspected SVG image: what is wrong with it, and the fonts that its text names.

    ``ratio`` is its width by its height, 0 if it has no proportions.
    ``families`` has a tuple for each list of families, without the generic ones.
    """

    problem: str = ""
    ratio: float = 0.0
    families: tuple[tuple[str, ...], ...] = ()


class _UnsafeError(ValueError):
    """A drawing that cannot be shown; the message completes “The drawing …”."""


def is_svg(raw: bytes) -> bool:
    """Return whether a file is an SVG image, by its first bytes."""
    return _START.match(raw[:_START_BYTES].removeprefix(b"\xef\xbb\xbf")) is not None


def inspect(raw: bytes, check_raster: CheckRaster) -> Drawing:
    """Check a drawing; images embedded in it are passed to ``check_raster``."""
    try:
        root = _parsed(raw)
        for element in root.iter():
            _check_element(element, check_raster)
        _check_size(root)
    except _UnsafeError as error:
        return Drawing(_quoted(str(error), _LONGEST_PROBLEM))
    return Drawing("", _ratio(root), tuple(dict.fromkeys(_families(root))))


def normalised(raw: bytes) -> bytes:
    """Return a drawing in the form that EPUB takes; one that has it stays the same bytes.

    EPUB allows few document types (EPUB 3.3, section 3.9). EPUBCheck takes quotation marks within
    ``url(…)`` for a part of the address, and goes by the type that a ``data:`` URL claims.
    """
    root = etree.fromstring(raw, _parser())
    is_changed = False
    if root.getroottree().docinfo.internalDTD is not None or _has_instruction(root):
        etree.strip_elements(root, etree.ProcessingInstruction, with_tail=False)
        is_changed = True
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for key, value in list(element.attrib.items()):
            better = _normalised_value(str(value))
            if better != value:
                element.set(key, better)
                is_changed = True
    if not is_changed:
        return raw
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _normalised_value(value: str) -> str:
    content = decode_data_url(value.strip())
    if content is None:
        return _QUOTED_REFERENCE.sub(r"url(\2)", value)
    media_type = next((t for start, t in _RASTER_TYPES.items() if content.startswith(start)), "")
    code = standard_b64encode(content).decode()
    return f"data:{media_type};base64,{code}" if media_type else value


def decode_data_url(url: str) -> bytes | None:
    """Return the content of a ``data:`` URL; None if it is another URL or is damaged."""
    if (head := _DATA_URL.match(url)) is None:
        return None
    content = url[head.end() :]
    if not head[0].rstrip(",").lower().endswith(";base64"):
        return unquote_to_bytes(content)
    try:
        # Drawing programs break the lines of base64.
        return b64decode(b"".join(unquote_to_bytes(content).split()), validate=True)
    except ValueError:
        return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _parsed(raw: bytes) -> Element:
    try:
        root = etree.fromstring(raw, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise _UnsafeError(f"is not well-formed XML: {reason}") from error
    if root.tag != f"{_NAMESPACE}svg":
        raise _UnsafeError("has no <svg> root element in the SVG namespace")
    tree = root.getroottree()
    declarations: Any = tree.docinfo.internalDTD
    if declarations is not None and next(declarations.iterentities(), None) is not None:
        raise _UnsafeError("declares entities in its document type")
    if _has_instruction(root, "'xml-stylesheet'"):
        raise _UnsafeError("names a stylesheet in a processing instruction")
    return root


def _has_instruction(root: Element, target: str = "") -> bool:
    return bool(root.getroottree().xpath(f"//processing-instruction({target})"))


def _check_element(element: Element, check_raster: CheckRaster) -> None:
    if isinstance(element, etree._Entity):
        raise _UnsafeError(f"uses {element.text}, which it does not declare")
    if not isinstance(element.tag, str):
        return
    name = etree.QName(element).localname
    if name in _FORBIDDEN:
        raise _UnsafeError(f"has a <{name}> element")
    if name == "style" and _EXTERNAL_REFERENCE.search(_style_text(element)):
        raise _UnsafeError("has a style that refers to another file")
    for key, held in element.attrib.items():
        _check_attribute(name, etree.QName(str(key)).localname, str(held).strip(), check_raster)
    if element.getparent() is None:
        for key in ("width", "height"):
            if (length := element.get(key, "auto").strip()) and not _LENGTH.fullmatch(length):
                raise _UnsafeError(f"has a {key} that is no length: “{_quoted(length)}”")


def _check_attribute(name: str, attribute: str, value: str, check_raster: CheckRaster) -> None:
    """Check one attribute, by its local name, of an element of the name ``name``."""
    if attribute.startswith("on"):
        raise _UnsafeError(f"has the attribute “{_quoted(attribute)}”, which runs a program")
    if attribute == "viewBox" and value and not _VIEW_BOX.fullmatch(value):
        raise _UnsafeError(f"has a viewBox that is not four numbers: “{_quoted(value)}”")
    if attribute not in {"href", "src"}:
        if _EXTERNAL_REFERENCE.search(value):
            raise _UnsafeError(f"refers to another file in “{_quoted(attribute)}”")
        return
    if not value or value.startswith("#"):
        return
    if name == "image" and (content := decode_data_url(value)) is not None:
        if problem := check_raster(content):
            raise _UnsafeError(f"embeds an image that cannot be used: {_quoted(problem)}")
        return
    if name != "a" or not value.startswith(("http://", "https://")):
        raise _UnsafeError(f"refers to “{_quoted(value)}”")


def _quoted(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return a text cut to what a message can hold."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def _style_text(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _ratio(root: Element) -> float:
    lengths = [read_length(root.get(side, "")) for side in ("width", "height")]
    sides = [length.px if length is not None else None for length in lengths]
    if None in sides:
        box = [float(number) for number in re.findall(_NUMBER, root.get("viewBox", ""))]
        sides = list(box[2:])
    width, height = [*sides, 0, 0][:2]
    return width / height if width and height and width > 0 and height > 0 else 0.0


def _families(root: Element) -> Iterator[tuple[str, ...]]:
    """Yield the lists of font families that a drawing with text names, generic ones left out."""
    names = {etree.QName(e).localname for e in root.iter() if isinstance(e.tag, str)}
    if not names & _TEXT:
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        declarations = [element.get("style", "")]
        if etree.QName(element).localname == "style":
            declarations.append(_style_text(element))
        lists = [element.get("font-family", "")]
        for text in declarations:
            lists += _FAMILIES.findall(text) + _FONT.findall(text)
        for families in lists:
            plain = [
                name.strip().strip("'\"").strip() for name in families.split(",", _MOST_FAMILIES)
            ]
            named = tuple(_quoted(n) for n in plain if n and not _GENERIC_FAMILIES.fullmatch(n))
            if named:
                yield named


def _check_size(root: Element) -> None:
    """Check that not too much would be drawn, with every ``use`` counted as its target."""
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
        raise _UnsafeError(f"draws more than {MAX_ELEMENTS} elements, or is nested too deeply")
