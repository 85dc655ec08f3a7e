"""The structure tree written into a PDF, in place of the engine's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydyf

from makeready.engine.tagging.content import LinkArea, MarkedContent, NoteLink
from makeready.engine.tagging.node import Node
from makeready.engine.tagging.roles import CELLS


class StructureWriter:
    """The writing of a structure tree into the PDF that the engine makes.

    ``streams`` are the content streams of its pages.
    """

    def __init__(self, pdf: Any, streams: Sequence[Any]) -> None:
        self._pdf, self._streams = pdf, streams
        # The engine computes it at each access.
        self._pages: tuple[bytes, ...] = pdf.page_references
        self._rows: dict[Any, dict[int, bytes]] = {stream: {} for stream in streams}
        self._annotations: list[tuple[Any, bytes]] = []

    def write(self, top: Node) -> None:
        """Write the tree, and what the catalog says of it."""
        _prune(top)
        parents = pydyf.Dictionary({"Nums": pydyf.Array()})
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self._pdf.add_object(parents)
        self._pdf.add_object(root)
        root["ParentTree"] = parents.reference
        root["K"] = pydyf.Array([self._element(top, root.reference)])
        self._write_parents(parents["Nums"])
        catalog = self._pdf.catalog
        catalog["StructTreeRoot"] = root.reference
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})

    def _write_parents(self, numbers: Any) -> None:
        """Write the elements of marked content and annotations by their keys (14.7.4.4)."""
        for key, (stream, row) in enumerate(self._rows.items()):
            places = range(max(row, default=-1) + 1)
            numbers += [key, pydyf.Array(row.get(place, "null") for place in places)]
            if key >= len(self._streams):
                # What is partly transparent is drawn in a form of its own.
                stream.extra["StructParents"] = key
        for key, (annotation, reference) in enumerate(self._annotations, len(self._rows)):
            annotation["StructParent"] = key
            numbers += [key, reference]

    def _element(self, node: Node, parent: bytes) -> bytes:
        """Write an element and all in it, and return a reference to it."""
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.role}", "P": parent})
        for name, text in node.texts.items():
            element[name] = pydyf.String(text)
        if node.headers:
            names = [pydyf.String(header.texts["ID"]) for header in node.headers]
            node.set_attribute("Table", "Headers", pydyf.Array(names))
        attributes = [
            pydyf.Dictionary({"O": f"/{owner}", **values})
            for owner, values in node.attributes.items()
        ]
        if attributes:
            element["A"] = attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)
        self._pdf.add_object(element)
        pages = [kid.page for kid in node.kids if not isinstance(kid, Node)]
        own_page = pages[0] if pages else None
        if own_page is not None:
            element["Pg"] = self._pages[own_page]
        kids = [self._kid(kid, element.reference, own_page) for kid in node.kids]
        if kids:
            element["K"] = pydyf.Array(kids)
        reference: bytes = element.reference
        return reference

    def _kid(self, kid: Any, reference: bytes, own_page: int | None) -> Any:
        if isinstance(kid, Node):
            return self._element(kid, reference)
        page = {} if kid.page == own_page else {"Pg": self._pages[kid.page]}
        if not isinstance(kid, MarkedContent):
            annotation = kid.box.link_annotation if isinstance(kid, LinkArea) else self._link(kid)
            self._annotations.append((annotation, reference))
            return pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, **page})
        assert kid.mcid is not None
        self._rows.setdefault(kid.stream, {})[kid.mcid] = reference
        if kid.stream is not self._streams[kid.page]:
            page = {"Pg": self._pages[kid.page], "Stm": kid.stream.reference}
        if not page:
            return kid.mcid
        return pydyf.Dictionary({"Type": "/MCR", "MCID": kid.mcid, **page})

    def _link(self, link: NoteLink) -> Any:
        """Make the annotation of a link between a note and its call."""
        annotation = pydyf.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Link",
                "Rect": pydyf.Array(link.rectangle),
                "BS": pydyf.Dictionary({"W": 0}),
                "Contents": pydyf.String(link.name),
                "Dest": pydyf.Array([self._pages[link.target_page], "/XYZ", *link.target_point, 0]),
            }
        )
        self._pdf.add_object(annotation)
        page = self._pdf.objects[int(self._pages[link.page].split()[0])]
        page.setdefault("Annots", pydyf.Array()).append(annotation.reference)
        return annotation


def _prune(node: Node) -> bool:
    """Remove nodes without content; return whether a node stays."""
    node.kids = [kid for kid in node.kids if _is_there(kid)]
    if node.role == "Link" and all(isinstance(kid, Node | MarkedContent) for kid in node.kids):
        # Its target is in no document.
        node.role = "Span"
    if node.role == "L" and not any(_is_labelled(item) for item in node.nodes):
        node.set_attribute("List", "ListNumbering", "/None")
    return bool(node.kids) or node.role in CELLS


def _is_there(kid: Any) -> bool:
    if isinstance(kid, Node):
        return _prune(kid)
    if isinstance(kid, MarkedContent):
        return kid.mcid is not None
    return not isinstance(kid, LinkArea) or kid.box.link_annotation is not None


def _is_labelled(item: Node) -> bool:
    return any(kid.role == "Lbl" for kid in item.nodes)
