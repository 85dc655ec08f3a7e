"""SVG images reduced to what is allowed: no scripts, no external files, no unbounded size.

What an editor keeps in a drawing for itself is left out. A drawing that would lack something
that it shows, or that refers to other files, is refused.
"""

from __future__ import annotations

import re
from base64 import b64decode, standard_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree

from makeready.book.model import Element
from makeready.images.file_metadata import without_metadata
from makeready.images.raster import RasterError, open_raster, turn_of
from makeready.manuscript.allowed_svg import (
    ACTIVE,
    ATTRIBUTES,
    ELEMENTS,
    HIDDEN,
    MOVING,
    PROPERTIES,
    REFERRING,
)
from makeready.manuscript.image_sizes import read_length
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.svg_styles import (
    ForeignFileError,
    clean_declarations,
    clean_font_size,
    clean_stylesheet,
    is_clean_value,
)

MAX_ELEMENTS = 20_000
MAX_DEPTH = 60
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_KEPT_OTHER = frozenset({_XLINK_HREF, f"{_XML}lang", f"{_XML}space"})
_START = re.compile(
    rb"(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s)*<(?:\w+:)?svg[\s>]",
    re.DOTALL,
)
_START_BYTES = 65_536
_QUOTED_REFERENCE = re.compile(r"url\(\s*(['\"])\s*(#[^'\"()]*?)\s*\1\s*\)", re.IGNORECASE)
_RASTER_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
_PLAIN_ENCODINGS = (None, "UTF-8", "utf-8", "ASCII", "US-ASCII", "us-ascii")
_DATA_URL = re.compile(r"data:[^,]{0,100},", re.IGNORECASE)
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LENGTH = re.compile(rf"{_NUMBER}\s*(?:%|[a-zA-Z]{{2,3}})?|auto")
_VIEW_BOX = re.compile(rf"{_NUMBER}(?:[\s,]+{_NUMBER}|(?=[+-]){_NUMBER}){{3}}")
_LINKS = ("http://", "https://", "mailto:", "#")
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
    ``families`` has a tuple for each list of families, without the generic ones. ``moves``:
    animations have been left out of it.
    """

    problem: str = ""
    ratio: float = 0.0
    families: tuple[tuple[str, ...], ...] = ()
    moves: bool = False


class DrawingError(ValueError):
    """A drawing that cannot be shown; the message completes “The drawing …”."""


def is_svg(raw: bytes) -> bool:
    """Return whether a file is an SVG image, by its first bytes."""
    return _START.match(raw[:_START_BYTES].removeprefix(b"\xef\xbb\xbf")) is not None


def inspect(raw: bytes, check_raster: CheckRaster) -> Drawing:
    """Check a drawing; images embedded in it are passed to ``check_raster``."""
    try:
        root = _parsed(raw)
        moves = any(_local_name(element) in MOVING for element in root.iter())
        _clean(root, check_raster)
    except DrawingError as error:
        return Drawing(_quoted(str(error), _LONGEST_PROBLEM))
    return Drawing("", _ratio(root), tuple(dict.fromkeys(_families(root))), moves)


def cleaned(raw: bytes) -> bytes:
    """Return a drawing with what is allowed alone; one that has nothing else stays the same bytes.

    Raises DrawingError if `inspect` finds a problem. EPUB allows few document types (EPUB 3.3,
    section 3.9). EPUBCheck takes quotation marks within ``url(…)`` for a part of the address, and
    goes by the type that a ``data:`` URL claims.
    """
    root = _parsed(raw)
    before = etree.tostring(root) if _has_plain_prolog(root) else b""
    _clean(root, lambda _: "")
    if before == etree.tostring(root):
        return raw
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _has_plain_prolog(root: Element) -> bool:
    """Return whether a file in UTF-8 has neither document type nor processing instructions."""
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.xpath("/processing-instruction()"):
        return False
    return tree.docinfo.encoding in _PLAIN_ENCODINGS


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
        raise DrawingError(f"is not well-formed XML: {reason}") from error
    if root.tag != f"{_NAMESPACE}svg":
        raise DrawingError("has no <svg> root element in the SVG namespace")
    tree = root.getroottree()
    declarations: Any = tree.docinfo.internalDTD
    if declarations is not None and next(declarations.iterentities(), None) is not None:
        raise DrawingError("declares entities in its document type")
    if tree.xpath("//processing-instruction('xml-stylesheet')"):
        raise DrawingError("names a stylesheet in a processing instruction")
    return root


def _clean(root: Element, check_raster: CheckRaster) -> None:
    """Reduce a drawing to what is allowed, in place; raise DrawingError if that is not enough."""
    _check_size(root)
    for side in ("width", "height"):
        if (length := root.get(side, "auto").strip()) and not _LENGTH.fullmatch(length):
            raise DrawingError(f"has a {side} that is no length: “{_quoted(length)}”")
    try:
        _clean_element(root, check_raster)
    except ForeignFileError as error:
        raise DrawingError(
            f"has a style that refers to another file: “{_quoted(str(error))}”"
        ) from error


def _clean_element(element: Element, check_raster: CheckRaster) -> None:
    """Clean an element and what it contains; elements are nested no deeper than `MAX_DEPTH`."""
    name = _local_name(element)
    for key in list(element.attrib):
        _clean_attribute(element, name, str(key), check_raster)
    if name == "style":
        _clean_style_element(element)
    if name == "switch":
        _keep_chosen(element)
    for child in list(element):
        if isinstance(child, etree._Entity):
            raise DrawingError(f"uses {child.text}, which it does not declare")
        if isinstance(child, etree._Comment):
            continue
        if _is_kept(child):
            _clean_element(child, check_raster)
        else:
            remove_element(child)


def _local_name(element: Element) -> str:
    """Return the name of an SVG element; an empty one for elements of other namespaces."""
    is_svg_element = isinstance(element.tag, str) and element.tag.startswith(_NAMESPACE)
    return element.tag.removeprefix(_NAMESPACE) if is_svg_element else ""


def _is_kept(element: Element) -> bool:
    """Return whether an element is allowed; DrawingError if the drawing needs it."""
    name = _local_name(element)
    if name in ELEMENTS:
        return True
    if name in ACTIVE:
        raise DrawingError(f"has a <{name}> element")
    if name and name not in HIDDEN | MOVING and "".join(map(str, element.itertext())).strip():
        raise DrawingError(f"has text in a <{_quoted(name)}>, which is no element of SVG")
    return False


def _clean_style_element(element: Element) -> None:
    """Write a style anew, without what is not allowed; one in another language is emptied."""
    # Only the text itself is CSS, whatever elements or comments stand in it.
    parts = [element.text, *(child.tail for child in element)]
    is_css = element.get("type", "text/css").strip().lower() in ("", "text/css")
    for child in list(element):
        element.remove(child)
    element.text = clean_stylesheet("".join(filter(None, parts))) if is_css else None


def _keep_chosen(switch: Element) -> None:
    """Keep that child of a switch which every reader can show, as SVG 1.1, section 5.8, says."""
    children = [child for child in switch if _local_name(child)]
    shown = [
        child
        for child in children
        if _local_name(child) != "foreignObject" and not child.get("requiredExtensions")
    ]
    # Without languages: that of the reader is not known.
    chosen = [child for child in shown if child.get("systemLanguage") is None] or shown
    for child in children:
        if chosen and child is not chosen[0]:
            remove_element(child)


def _clean_attribute(element: Element, name: str, key: str, check_raster: CheckRaster) -> None:
    """Clean or remove one attribute of an element of the name ``name``."""
    value = str(element.get(key)).strip()
    if key in ("href", _XLINK_HREF):
        _clean_reference(element, name, key, check_raster)
    elif key.startswith("on"):
        raise DrawingError(f"has the attribute “{_quoted(key)}”, which runs a program")
    elif key == "viewBox" and value and not _VIEW_BOX.fullmatch(value):
        raise DrawingError(f"has a viewBox that is not four numbers: “{_quoted(value)}”")
    elif key == "style" and (clean := clean_declarations(value)):
        _set(element, key, _QUOTED_REFERENCE.sub(r"url(\2)", clean))
    elif key == "font-size" and (size := clean_font_size(value)):
        _set(element, key, size)
    elif key not in ("style", "font-size") and _is_known(key) and is_clean_value(value):
        _set(element, key, _QUOTED_REFERENCE.sub(r"url(\2)", value))
    else:
        del element.attrib[key]


def _is_known(key: str) -> bool:
    return key in ATTRIBUTES or key in PROPERTIES or key in _KEPT_OTHER


def _clean_reference(element: Element, name: str, key: str, check_raster: CheckRaster) -> None:
    """Clean an address; DrawingError if it is not in the drawing and no link."""
    value = str(element.get(key)).strip()
    if name not in REFERRING or not value:
        del element.attrib[key]
        return
    if value.startswith("#") or (name == "a" and value.lower().startswith(_LINKS)):
        return
    content = decode_data_url(value) if name in ("image", "feImage") else None
    if content is None:
        raise DrawingError(f"refers to “{_quoted(value)}”")
    if problem := check_raster(content):
        raise DrawingError(f"embeds an image that cannot be used: {_quoted(problem)}")
    media_type = next((t for start, t in _RASTER_TYPES.items() if content.startswith(start)), "")
    if not media_type:
        raise DrawingError("embeds an image that cannot be used: it has another format")
    better = f"data:{media_type};base64,{standard_b64encode(_embedded(content)).decode()}"
    _set(element, key, better)


def _embedded(content: bytes) -> bytes:
    """Return an embedded image without metadata, unless that is what turns it upright."""
    try:
        with open_raster(content) as image:
            return content if turn_of(image) else without_metadata(content)
    except RasterError:
        return content


def _set(element: Element, key: str, value: str) -> None:
    """Set an attribute, unless it has the value already."""
    if value != str(element.get(key)).strip():
        element.set(key, value)


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
        raise DrawingError(f"draws more than {MAX_ELEMENTS} elements, or is nested too deeply")
