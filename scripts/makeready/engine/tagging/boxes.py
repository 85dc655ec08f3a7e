"""The boxes of a laid-out document: what each draws, and which structure element it is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from makeready.engine.lines.line_ends import LineEnd, line_end_of, set_line_end
from makeready.engine.tagging.content import LinkArea, MarkedContent, NoteLink, Rectangle
from makeready.engine.tagging.node import Node
from makeready.engine.tagging.roles import is_decorative, is_piece
from makeready.engine.tagging.tree import StructureTree

_PT_PER_PX = 0.75
_LINE_NUMBER = "data-line-number"
_PAGE_NUMBER = "data-page-of"
_SIDES = {"@to": "/Header", "@bo": "/Footer"}
_NO_SPACE_AFTER = "-\u2010\u2013\u2014/\u00ad"
_IDEOGRAPHS = "\u2e80"
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box is: its page, the boxes around it, and what they say of it.

    ``artifact`` are the properties of what is no content (14.8.2.2), None elsewhere. ``matrix``
    turns it, and ``line`` is the line it is in.
    """

    page: int
    page_height_px: float
    artifact: Any = None
    matrix: Any = None
    line: Any = None
    is_floated: bool = False

    def rectangle(self, x: float, y: float, width: float, height: float) -> Rectangle:
        """Return an area in pixels as points on the page."""
        corners = [(x, y), (x + width, y + height)]
        if self.matrix is not None:
            corners = [self.matrix.transform_point(*corner) for corner in corners]
        across = sorted(corner[0] * _PT_PER_PX for corner in corners)
        down = sorted((self.page_height_px - corner[1]) * _PT_PER_PX for corner in corners)
        left, right = (round(edge, 3) for edge in across)
        bottom, top = (round(edge, 3) for edge in down)
        return left, bottom, right, top


@dataclass(slots=True)
class _LastText:
    """The last text of a block so far, with its line."""

    box: Any
    line: Any
    is_floated: bool


@dataclass
class BoxReader:
    """The reading of a document's boxes into its structure tree.

    ``names`` are the words by which links are named that show no more than a number.
    """

    tree: StructureTree
    names: dict[str, str]
    _last_texts: dict[Any, _LastText] = field(default_factory=dict)
    _link_texts: dict[Node, list[tuple[Any, str]]] = field(default_factory=dict)
    _link_areas: dict[Node, list[LinkArea]] = field(default_factory=dict)
    _calls: dict[Any, tuple[Node, Place, Any]] = field(default_factory=dict)
    _numbers: dict[Any, tuple[Node, Place, Any]] = field(default_factory=dict)
    _first_pages: dict[Any, int] = field(default_factory=dict)
    _pictures: dict[Node, list[tuple[int, Rectangle]]] = field(default_factory=dict)

    def read(self, pages: Iterable[Any]) -> None:
        """Read the boxes of a document's pages."""
        for index, page in enumerate(pages):
            self._read(page._page_box, Place(index, page.height))
        self._set_pictures()
        self._link_notes()
        self._name_links()

    def _read(self, box: Any, place: Place) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        place = self._inside(box, place)
        if isinstance(box, boxes.TextBox):
            if box.text and box.style["visibility"] == "visible":
                self._read_text(box, place)
        elif isinstance(box, boxes.ReplacedBox):
            self._read_picture(box, place)
        if self._is_link_area(box):
            self._add_link_area(box, place)
        for child in getattr(box, "children", ()):
            self._read(child, place)

    def _inside(self, box: Any, place: Place) -> Place:
        """Return the place of what is in a box."""
        if box.transformation_matrix is not None:
            matrix = box.transformation_matrix
            if place.matrix is not None:
                matrix = matrix @ place.matrix
            place = replace(place, matrix=matrix)
        if isinstance(box, boxes.LineBox):
            place = replace(place, line=box)
        if not isinstance(box, boxes.PageBox) and box.is_floated():
            place = replace(place, is_floated=True)
        if place.artifact is None:
            artifact = self._artifact(box, place.page)
            if artifact is not None:
                place = replace(place, artifact=artifact)
        return place

    def _artifact(self, box: Any, page: int) -> Any:
        """Return the properties of a box that is no content; None for content."""
        element = box.element
        if isinstance(box, boxes.MarginBox):
            artifact = pydyf.Dictionary({"Type": "/Pagination"})
            if box.at_keyword[:3] in _SIDES:
                artifact["Subtype"] = _SIDES[box.at_keyword[:3]]
            return artifact
        if element is None:
            return None
        is_head = isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer)
        is_repeated = is_head or box.style["position"] == "fixed"
        # The head of a table is repeated on each page that the table goes on to.
        if is_repeated and self._first_pages.setdefault(element, page) != page:
            return pydyf.Dictionary({"Type": "/Pagination"})
        is_number = element.get(_LINE_NUMBER) and box.element_tag.endswith("::before")
        if is_number or is_decorative(element):
            return pydyf.Dictionary({"Type": "/Layout"})
        return None

    def _read_text(self, box: Any, place: Place) -> None:
        if place.artifact is not None:
            box.tagged = place.artifact
            return
        content = MarkedContent(place.page)
        node = self._node_of_text(box, place)
        node.kids.append(content)
        box.tagged = content
        self._end_line_before(box, place)
        link = self.tree.link_of(box.element)
        if link is not None and box.element.get(_PAGE_NUMBER) is None:
            texts = self._link_texts.setdefault(self.tree.node(link), [])
            texts.append((box, box.text))

    def _read_picture(self, box: Any, place: Place) -> None:
        if place.artifact is not None:
            box.tagged = place.artifact
            return
        content = MarkedContent(place.page)
        node = self.tree.text_node(box.element)
        node.kids.append(content)
        box.tagged = content
        area = (box.content_box_x(), box.content_box_y(), box.width, box.height)
        self._pictures.setdefault(node, []).append((place.page, place.rectangle(*area)))
        link = self.tree.link_of(box.element)
        if link is not None and not is_piece(box.element):
            texts = self._link_texts.setdefault(self.tree.node(link), [])
            texts.append((box, node.texts.get("Alt", "")))

    def _node_of_text(self, box: Any, place: Place) -> Node:
        """Return the node that a text goes to."""
        element, pseudo = box.element, box.element_tag.rpartition("::")[2]
        if pseudo == "footnote-call":
            outer = self.tree.text_node(self.tree.parent_of(element))
            if element in self._calls:
                return self._calls[element][0]
            link = outer.add("Reference").add("Link")
            self._calls[element] = (link, place, box)
            self.tree.node(element)
            return link
        node = self.tree.node(element)
        if pseudo == "footnote-marker":
            label = node.label()
            if element not in self._numbers:
                self._numbers[element] = (label.add("Reference").add("Link"), place, box)
            return self._numbers[element][0]
        if pseudo == "marker":
            item = node.around("LI")
            return node if item is None else item.label()
        return self.tree.text_node(element)

    # Lines

    def _end_line_before(self, box: Any, place: Place) -> None:
        """Say how the line before a text ends, where another line of the same block does."""
        if box.element_tag.endswith(("::marker", "::footnote-marker")):
            return
        element = box.element
        if box.element_tag.endswith("::footnote-call"):
            element = self.tree.parent_of(element)
        block = self.tree.block_of(element)
        last = self._last_texts.get(block)
        if (
            last is not None
            and last.line is not place.line
            and not last.is_floated
            and line_end_of(last.box) is None
            and _may_end_word(last.box.text)
        ):
            set_line_end(last.box, LineEnd.SPACE)
        self._last_texts[block] = _LastText(box, place.line, place.is_floated)

    # Pictures

    def _set_pictures(self) -> None:
        """Set where pictures are, unless they are divided over pages."""
        for node, parts in self._pictures.items():
            pages = {page for page, _ in parts}
            if len(pages) == 1 and node.role in {"Figure", "Formula"}:
                edges = list(zip(*(rectangle for _, rectangle in parts), strict=True))
                box = (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))
                node.set_attribute("Layout", "BBox", pydyf.Array(box))

    # Links

    def _is_link_area(self, box: Any) -> bool:
        element = box.element
        return (
            element is not None
            and not isinstance(box, boxes.TextBox | boxes.LineBox)
            and box.element_tag == element.tag
            and bool(box.link)
            and self.tree.link_of(element) is element
        )

    def _add_link_area(self, box: Any, place: Place) -> None:
        """Add an area of a link to its node; the box of a block has others in it."""
        node = self.tree.node(box.element)
        areas = self._link_areas.setdefault(node, [])
        if place.artifact is None and not any(_is_around(area.box, box) for area in areas):
            area = LinkArea(place.page, box)
            areas.append(area)
            node.kids.append(area)
            box.link_area = area

    def _name_links(self) -> None:
        for node, areas in self._link_areas.items():
            name = self._name(areas[0].box.element, _joined(self._link_texts.get(node, [])))
            for area in areas:
                area.name = name

    def _name(self, link: Any, text: str) -> str:
        """Return the name of a link whose text is not seen."""
        role = link.get("role") or ""
        own = link.get("aria-label") or ""
        if not own and role == "doc-backlink":
            own = link.get("title") or self.names.get("back", "")
        if not own and role == "doc-noteref":
            return f"{self.names.get('note', '')} {text}".strip()
        # The number of a page is not known before all pages are.
        return own or text or link.get("title") or self.names.get("page") or link.get("href") or ""

    def _link_notes(self) -> None:
        """Link each call to its note, and the number of the note to the call."""
        printed = {element.get("data-note"): number for element, number in self._numbers.items()}
        for element, call in self._calls.items():
            note = element.get("data-note")
            number = self._numbers.get(element) or printed.get(note)
            if number is None:
                continue
            shown = element.get("data-number") or note or ""
            name = f"{self.names.get('note', '')} {shown}".strip()
            _connect(call, number, name)
            if element in self._numbers:
                _connect(number, call, self.names.get("back") or name)


def _connect(source: tuple[Node, Place, Any], target: tuple[Node, Place, Any], name: str) -> None:
    node, place, box = source
    _, target_place, target_box = target
    left, _, _, top = _text_area(target_place, target_box)
    area = _text_area(place, box)
    node.kids.append(NoteLink(place.page, area, target_place.page, (left, top), name))


def _text_area(place: Place, box: Any) -> Rectangle:
    return place.rectangle(box.position_x, box.position_y, box.width, box.height)


def _is_around(outer: Any, inner: Any) -> bool:
    """Whether a box is around another one: the engine puts boxes of one element in each other."""
    return any(box is inner for box in outer.descendants() if box is not outer)


def _may_end_word(text: str) -> bool:
    """Whether a line that ends so was broken at a space: not after a dash, nor in Chinese."""
    return not text[-1:].isspace() and text[-1] not in _NO_SPACE_AFTER and text[-1] < _IDEOGRAPHS


def _joined(texts: list[tuple[Any, str]]) -> str:
    """Join the texts of a link; a word that was divided between lines is one again."""
    joined = ""
    for box, text in texts:
        end = line_end_of(box) if isinstance(box, boxes.TextBox) else LineEnd.SPACE
        hyphen = box.style["hyphenate_character"] if end is LineEnd.HYPHEN else ""
        joined += text.removesuffix(hyphen)
        if end is LineEnd.SPACE:
            joined += " "
    return " ".join(joined.translate(_UNSEEN).split())
