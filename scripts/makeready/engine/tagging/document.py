"""The tagging of a document as the engine writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import weasyprint.pdf as engine_pdf
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

from makeready.engine.replaced_functions import replaced
from makeready.engine.tagging.boxes import BoxReader
from makeready.engine.tagging.marks import content_marked
from makeready.engine.tagging.second_codes import SecondCodes
from makeready.engine.tagging.tree import StructureTree
from makeready.engine.tagging.writing import StructureWriter

_NAMES = {"note": "data-note-name", "back": "data-back-name", "page": "data-page-name"}
"""The words that links are named with, and the attributes of a body that have them."""


@contextmanager
def document_tagged(document: Document, codes: SecondCodes | None) -> Iterator[None]:
    """Tag a document that is written within the context.

    Without ``codes`` each glyph stands for one text: the hyphens at the ends of lines stay hyphens.
    """
    roots = list(dict.fromkeys(page._page_box.children[0].element for page in document.pages))
    tree = StructureTree(roots)
    BoxReader(tree, _names(roots)).read(document.pages)
    add_links = engine_pdf.add_links

    def add_own_links(links_and_anchors: Any, *rest: Any) -> None:
        links, anchors = links_and_anchors
        add_links((_own_links(links, tree), anchors), *rest)
        for _, _, _, box in links:
            area = vars(box).get("link_area")
            if area is not None and box.link_annotation is not None:
                box.link_annotation["Contents"].string = area.name

    def add_tags(pdf: Any, _document: Any, _version: Any, streams: Any) -> None:
        StructureWriter(pdf, streams).write(tree.top)

    with replaced(engine_pdf, add_links=add_own_links, add_tags=add_tags), content_marked(codes):
        yield


def _names(roots: list[Any]) -> dict[str, str]:
    body = next((child for root in roots for child in root if child.tag == "body"), None)
    attributes = {} if body is None else body.attrib
    return {name: attributes.get(attribute, "") for name, attribute in _NAMES.items()}


def _own_links(links: list[Any], tree: StructureTree) -> list[Any]:
    """Return the links whose boxes are those of the link's element, one for each line.

    The engine makes one of each box in a link. An image may be larger than its line.
    """
    own: list[Any] = []
    for kind, target, rectangle, box in links:
        if vars(box).get("link_area") is not None:
            own.append((kind, target, rectangle, box))
        elif own and isinstance(box, boxes.ReplacedBox):
            last_kind, last_target, last_rectangle, last_box = own[-1]
            if tree.link_of(box.element) is last_box.element:
                both = _around(last_rectangle, rectangle)
                own[-1] = (last_kind, last_target, both, last_box)
    return own


def _around(one: Any, other: Any) -> tuple[float, float, float, float]:
    """Return the rectangle around two: each has the left, top, right and bottom edges."""
    left, top, right, bottom = zip(one, other, strict=True)
    return min(left), min(top), max(right), max(bottom)
