"""Drawings that programs made of text, as books need them.

They are as large as a book's text, and without transparency, which not every printer takes.
"""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript import svg
from makeready.manuscript.image_sizes import read_length
from makeready.manuscript.sanitise import remove_element

_PX_PER_PT = 96 / 72
_PLAIN_FONTS = frozenset({"Times,serif", "Times Roman,serif", "Times-Roman,serif"})
# What PlantUML's letters would be stretched to, in another font.
_STRETCHING = ("textLength", "lengthAdjust")
_OPACITY = re.compile(r"(?<![\w-])((?:fill-|stroke-|stop-)?)opacity\s*:\s*([\d.]+)")
_ALPHA = re.compile(r"\b(rgb|hsl)a\(\s*([^(),]+),([^(),]+),([^(),]+),\s*([\d.]+)%?\s*\)")
_HIDING = {"": "visibility", "fill-": "fill", "stroke-": "stroke", "stop-": "stop-color"}
_BACKGROUNDS = frozenset({"background-color", "background", "max-width", "width", "height"})


def drawing_for_pages(raw: bytes, scale: float) -> bytes:
    """Return a drawing by ``scale`` of its size, with what is allowed; raise `DrawingError`."""
    root = etree.fromstring(svg.cleaned(raw))
    for comment in list(root.iter(etree.Comment)):
        remove_element(comment)
    for element in root.iter():
        _remove_transparency(element)
        for name in _STRETCHING:
            element.attrib.pop(name, "")
        if element.get("font-family") in _PLAIN_FONTS:
            element.set("font-family", "serif")
    _set_size(root, scale)
    content: bytes = etree.tostring(root, encoding="utf-8")
    return svg.cleaned(content)


def _remove_transparency(element: Element) -> None:
    """Make opaque what is seen through, and leave out what is not seen at all."""
    for key, value in list(element.attrib.items()):
        name, text = str(key), str(value)
        if name in {"fill", "stroke"}:
            element.set(name, "none" if text == "transparent" else _opaque(text))
        elif name == "style":
            element.set(name, _opaque(text))
        elif name == "filter":
            del element.attrib[key]
        elif found := _OPACITY.fullmatch(f"{name}:{text}"):
            del element.attrib[key]
            if not float(found[2]):
                element.set(*_hidden(found[1]))
    if str(element.tag).endswith("}style"):
        element.text = _opaque(element.text or "")


def _opaque(css: str) -> str:
    def opacity(found: re.Match[str]) -> str:
        return f"{found[1]}opacity:1" if float(found[2]) else ":".join(_hidden(found[1]))

    def alpha(found: re.Match[str]) -> str:
        return f"{found[1]}({found[2]},{found[3]},{found[4]})" if float(found[5]) else "none"

    return _ALPHA.sub(alpha, _OPACITY.sub(opacity, css))


def _hidden(kind: str) -> tuple[str, str]:
    return _HIDING[kind], "hidden" if not kind else "none"


def _set_size(root: Element, scale: float) -> None:
    box = root.get("viewBox", "").replace(",", " ").split()
    lengths = [read_length(root.get(side, "")) for side in ("width", "height")]
    sides = [length.px if length is not None else None for length in lengths]
    if len(box) == len("xywh") and (None in sides):
        sides = [float(box[2]), float(box[3])]
    width, height = sides
    if not width or not height:
        raise svg.DrawingError("has no size")
    if len(box) != len("xywh"):
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width * scale / _PX_PER_PT:.2f}pt")
    root.set("height", f"{height * scale / _PX_PER_PT:.2f}pt")
    declarations = [
        one
        for one in root.get("style", "").split(";")
        if one.partition(":")[0].strip().lower() not in _BACKGROUNDS
    ]
    style = ";".join(one for one in declarations if one.strip())
    root.attrib.pop("style", "")
    if style:
        root.set("style", style)
