"""Diagrams in fences: drawn by their programs, and shown as images.

A diagram is an element ``_diagram`` around the listing of its source. It becomes an image, with
its drawing in an attribute; where it cannot be drawn, the listing is left.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from lxml import etree

from makeready.book.model import Element, Resource
from makeready.external.diagrams import (
    PROGRAMS,
    DiagramError,
    DiagramProgram,
    SlowDiagramError,
    draw_diagram,
)
from makeready.findings import Findings, SourceLocation
from makeready.manuscript import svg
from makeready.manuscript.allowed_html import DIAGRAM
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.diagram_svg import drawing_for_pages
from makeready.manuscript.image_sizes import set_sizes
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import remove_element, source_line

DIAGRAM_DRAWING = "data-diagram"
"""The attribute of an image with its drawing, as SVG."""

SVG_TYPE = "image/svg+xml"
_MOST_SLOW = 2
_UNKNOWN = "?"
_DESCRIPTION = re.compile(r"^[ \t]*accDescr[ \t]*(?::[ \t]*([^\n]+)|\{([^{}]*)\})", re.MULTILINE)
_TITLE = re.compile(r"^[ \t]*accTitle[ \t]*:[ \t]*([^\n]+)", re.MULTILINE)


@dataclass(slots=True)
class DiagramDrawer:
    """Draws the diagrams of a book; a program that is too slow twice is not run again."""

    cache: SectionCache | None = None
    _slow: dict[str, int] = field(default_factory=dict)

    def draw(self, language: str, source: str) -> bytes:
        """Return a diagram as SVG that is allowed in a book; raise `DiagramError`."""
        program = PROGRAMS[language]
        if self.cache is None:
            return self._drawn(program, source)
        key = self.cache.key(source.encode(), "diagram", program.command, program.version())
        drawing = self.cache.get(key)
        if drawing is None:
            drawing = self._drawn(program, source)
            self.cache.put(key, drawing)
        return drawing

    def _drawn(self, program: DiagramProgram, source: str) -> bytes:
        if self._slow.get(program.command, 0) >= _MOST_SLOW:
            raise DiagramError(f"{program.command} was too slow for the diagrams before it")
        try:
            raw = draw_diagram(program, source)
            return drawing_for_pages(raw, program.scale)
        except SlowDiagramError:
            self._slow[program.command] = self._slow.get(program.command, 0) + 1
            raise
        except svg.DrawingError as error:
            raise DiagramError(f"the drawing by {program.command} {error}") from error


def build_diagrams(
    tree: Element, path: str, findings: Findings, drawer: DiagramDrawer
) -> dict[str, str]:
    """Draw the diagrams of a tree; leave those that cannot be drawn as listings, and report it.

    Return the versions of their programs by language, for `are_same_programs`.
    """
    versions: dict[str, str] = {}
    for element in list(tree.iter(DIAGRAM)):
        language = str(element.get("data-language"))
        program = PROGRAMS[language]
        version = program.version()
        versions.setdefault(language, version)
        location = SourceLocation(path, source_line(element))
        if not version:
            findings.add(
                "IMG-014",
                location,
                command=program.command,
                name=program.name,
                install=program.install(),
            )
            _keep_listing(element)
            continue
        source = "".join(map(str, _code_of(element).itertext()))
        try:
            drawing = drawer.draw(language, source)
        except DiagramError as error:
            # It is tried again in the next build, when the machine may be less busy.
            versions[language] = _UNKNOWN
            line = source_line(element) + int(element.get("data-before", "0")) + (error.line or 0)
            where = SourceLocation(path, line) if error.line else location
            findings.add("IMG-015", where, problem=str(error))
            _keep_listing(element)
            continue
        image = _image(element, drawing, source)
        if not image.get("alt"):
            findings.add("IMG-016", location)
        _make_image(element, image, svg.inspect(drawing, lambda _: "").ratio, location, findings)
    return versions


def are_same_programs(versions: Mapping[str, str]) -> bool:
    """Return whether the programs of a section are those that drew it."""
    return all(
        language in PROGRAMS and PROGRAMS[language].version() == version
        for language, version in versions.items()
    )


def diagrams_in(tree: Element) -> list[Resource]:
    """Return the diagrams of a tree as images of the book."""
    return [
        Resource(
            str(image.get("src")),
            SVG_TYPE,
            content=str(image.get(DIAGRAM_DRAWING)).encode(),
        )
        for image in tree.iter("img")
        if image.get(DIAGRAM_DRAWING)
    ]


def drawing_url(drawing: str) -> str:
    """Return a drawing in SVG as a ``data:`` URL."""
    return f"data:{SVG_TYPE};base64,{b64encode(drawing.encode()).decode()}"


def expand_drawings(tree: Element) -> None:
    """Put the drawings of diagrams into the addresses of their images."""
    for image in tree.iter("img"):
        if drawing := image.attrib.pop(DIAGRAM_DRAWING, ""):
            image.set("src", drawing_url(str(drawing)))


def _code_of(element: Element) -> Element:
    pre = next(element.iter("pre"), None)
    return element if pre is None else pre


def _image(element: Element, drawing: bytes, source: str) -> Element:
    caption = str(element.get("data-caption", ""))
    described = _DESCRIPTION.search(source)
    named = _TITLE.search(source)
    description = " ".join((described[1] or described[2]).split()) if described else ""
    alternative = element.get("data-alt") or description or (named[1].strip() if named else "")
    image = etree.Element("img", {LINE: str(source_line(element))})
    image.set("src", f"images/diagram-{sha256(drawing).hexdigest()[:16]}.svg")
    image.set("alt", str(alternative or caption))
    image.set(DIAGRAM_DRAWING, drawing.decode())
    for side in ("width", "height"):
        if value := element.get(f"data-{side}"):
            image.set(side, str(value))
    if identifier := element.get("id"):
        image.set("id", str(identifier))
    if caption:
        image.set("title", caption)
    return image


def _make_image(
    element: Element, image: Element, ratio: float, location: SourceLocation, findings: Findings
) -> None:
    """Put an image in the place of a diagram, alone in a paragraph, for `build_figures`."""
    set_sizes(image, ratio, location, findings)
    if not image.get("alt"):
        del image.attrib["alt"]
    line = str(source_line(element))
    tail = element.tail
    element.clear()
    element.tag, element.tail = "p", tail
    element.set(LINE, line)
    element.append(image)


def _keep_listing(element: Element) -> None:
    """Leave the listing of a diagram; with a caption it is a figure as the drawing would be."""
    listing = element[0] if len(element) else None
    caption = str(element.get("data-caption", ""))
    if listing is not None and caption:
        figure = etree.Element("figure", {LINE: str(source_line(element))})
        figure.append(listing)
        etree.SubElement(figure, "figcaption").text = caption
        element.append(figure)
        listing = figure
    if listing is not None and (identifier := element.get("id")):
        listing.set("id", str(identifier))
    remove_element(element, keep_content=True)
