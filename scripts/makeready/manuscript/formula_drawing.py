"""The drawing of a formula for pages: in one piece, or in several between which a line can end."""

from __future__ import annotations

import warnings
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from makeready.manuscript.formula_atoms import (
    LARGE_OPERATORS,
    Atom,
    Kind,
    Style,
    kinds_of,
    local_name,
    rows_of,
    styled_elements,
    tag_of,
)
from makeready.manuscript.formula_spacing import space_atoms, space_mu
from makeready.manuscript.mathml_repairs import ARROW, FUNCTION_SPACE
from makeready.manuscript.ziamath_nodes import STRETCHED_ARROW, register_nodes

UNITS_IN_EM = 20
"""The units of a drawing in an em."""
_MU_IN_EM = 18

_WIDEST_PIECE_EM = 6.0
"""A formula in a line of text that is wider can be broken."""

_WIDEST_IN_BRACKETS_EM = 14.0
"""A piece that is wider can be broken within brackets too."""

_WIDEST_DISPLAYED_EM = 15.0
"""A displayed formula that is wider is drawn in pieces as well."""

SIGN_AFTER = 3
"""The level of the drawing of a sign that stays in the line of what is before it."""

_STRUT_EM = (0.78, 0.34)
_SMALL_STRUT_EM = (0.7, 0.2)
_STRUT_AT_EDGE_EM = (0.74, 0.22)
_ROW_GAP_EM = 0.3
_WIDEST_LETTER_EM = 0.75
_WIDEST_ATOM_EM = 0.5
_BOX_PADDING_EM = 0.3


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as SVG; lengths in em, ``depth`` below the baseline.

    ``space`` is that before a piece if the one before it is on its line; ``level`` is 1 for a
    piece that begins at a relation, 2 for one at a binary operator. In a line of text it is 3 for
    the sign at the end of a piece, which is not divided from it.
    """

    svg: str
    width: float
    height: float
    depth: float
    space: float = 0.0
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Segment:
    """Consecutive atoms of a formula's row."""

    atoms: Sequence[Atom]
    space: float = 0.0
    level: int = 0


@cache
def ziamath() -> ModuleType:
    """Return ziamath, which reads its font when it is imported: for books with formulas only."""
    with warnings.catch_warnings():
        # ziamath 0.13 calls importlib.resources.path, deprecated in Python 3.11 alone.
        warnings.simplefilter("ignore", DeprecationWarning)
        module = import_module("ziamath")
    module.config.svg2 = False
    module.config.precision = 2
    register_nodes()
    return module


@cache
def math_font() -> Any:
    """Return the font that formulas are drawn in."""
    return ziamath().Math("<math><mi>x</mi></math>", size=UNITS_IN_EM).font


def drawn(root: ET.Element, *, is_displayed: bool) -> tuple[Drawing, tuple[Drawing, ...]]:
    """Return the drawing of MathML, and those of its pieces if it is long; the root is changed."""
    _prepare(root, is_displayed=is_displayed)
    elements = styled_elements(root, is_displayed=is_displayed)
    row = _top_row(root)
    atoms = next(rows_of([(row, Style(is_displayed))]), [])
    kept = _kept_together(row)
    space_atoms(elements)
    whole = _draw(root)
    widest = _WIDEST_DISPLAYED_EM if is_displayed else _WIDEST_PIECE_EM
    if whole.width <= widest:
        return whole, ()
    segments = _divided_displayed(atoms, kept) if is_displayed else _divided(root, atoms, kept)
    if len(segments) == 1:
        return whole, ()
    return whole, tuple(_draw_segment(root, one) for one in segments)


def _prepare(root: ET.Element, *, is_displayed: bool) -> None:
    for row in root.iter():
        for gap in [s for s in row if s.get("class") == FUNCTION_SPACE]:
            row.remove(gap)
    for element, style in styled_elements(root, is_displayed=is_displayed):
        name = local_name(element)
        # The frames and lines of the e-book are drawn by ziamath.
        element.attrib.pop("style", None)
        if name == "mo" and element.text and element.text in LARGE_OPERATORS:
            # ziamath 0.13 makes brackets around one with a lower limit a hundred times as high.
            element.set("stretchy", "false")
            element.set("movablelimits", "false")
            if style.is_displayed and element.get("largeop") != "false":
                element.set("largeop", "true")
        elif element.text == "∖":
            # The other sign is as high as in TeX.
            element.text = "⧵"
        elif name == "mfrac":
            for part in element:
                part.set("displaystyle", "false")
        elif name == "mtable":
            _set_table(element, style)
        elif name == "menclose" and element.get("notation") == "box":
            _pad(element)
        elif element.get(ARROW):
            labels = list(element)[1:]
            if len(labels) == 1:
                labels.insert(0 if name == "mover" else 1, ET.Element(tag_of("mrow")))
            element[:] = [element[0], *labels]
            element.tag = tag_of(STRETCHED_ARROW)


def _pad(box: ET.Element) -> None:
    """Put the space of TeX between the frame of a box and what is in it."""
    pad = f"+{_BOX_PADDING_EM}em"
    inner = ET.Element(
        tag_of("mpadded"),
        {"width": f"+{2 * _BOX_PADDING_EM}em", "lspace": pad[1:], "height": pad, "depth": pad},
    )
    inner.extend(list(box))
    box[:] = [inner]


def _set_table(table: ET.Element, style: Style) -> None:
    """Set the distances of a table's rows and columns, as LaTeX does."""
    is_displayed = style.is_displayed
    table.set("displaystyle", "true" if is_displayed else "false")
    if is_displayed and table.get("columnspacing") != "1em":
        table.set("columnspacing", "0em 2em")
    elif not style.level and "columnspacing" not in table.attrib:
        table.set("columnspacing", "1em")
    table.set("rowspacing", f"{_ROW_GAP_EM}em" if is_displayed else "0em")
    full = _SMALL_STRUT_EM if style.level else _STRUT_EM
    edge = (0.0, 0.0) if is_displayed or style.level else _STRUT_AT_EDGE_EM
    for number, row in enumerate(table):
        height = full[0] if number else edge[0]
        depth = full[1] if number < len(table) - 1 else edge[1]
        if not len(row):
            row.append(ET.Element(tag_of("mtd")))
        strut = {"width": "0em", "height": f"{height}em", "depth": f"{depth}em"}
        row[0].append(ET.Element(tag_of("mspace"), strut))


def _top_row(root: ET.Element) -> ET.Element:
    """Return the row that a formula consists of; what is between brackets is none."""
    row = root
    while len(row) == 1 and local_name(row[0]) == "mrow" and kinds_of(row[0])[0] != Kind.OPENING:
        row = row[0]
    return row


def _draw(root: ET.Element) -> Drawing:
    copy = ET.fromstring(ET.tostring(root))  # noqa: S314 - made by us
    svg = ziamath().Math(copy, size=UNITS_IN_EM, margin=0).svgxml()
    _, top, width, height = map(float, svg.attrib["viewBox"].split())
    for name in ("width", "height"):
        del svg.attrib[name]
    text = ET.tostring(svg, encoding="unicode")
    return Drawing(text, width / UNITS_IN_EM, height / UNITS_IN_EM, (height + top) / UNITS_IN_EM)


def row_baselines(root: ET.Element) -> tuple[float, ...]:
    """Return where the rows of a formula that is drawn and is one table have their baselines.

    They are shares of the formula's height, from its bottom.
    """
    row = _top_row(root)
    if len(row) != 1 or local_name(row[0]) != "mtable" or len(row[0]) == 1:
        return ()
    table = row[0]
    baselines: list[float] = []
    bottom = 0.0
    for line in table:
        copy, alone = ET.Element(root.tag, root.attrib), ET.Element(table.tag, table.attrib)
        alone.append(line)
        copy.append(alone)
        cells = ET.Element(root.tag, root.attrib)
        cells.extend(part for cell in line for part in cell)
        in_line = _draw(cells)
        baselines.append(bottom + in_line.height - in_line.depth)
        bottom += _draw(copy).height + _ROW_GAP_EM
    height = bottom - _ROW_GAP_EM
    return tuple(round(1 - baseline / height, 4) for baseline in baselines)


def _draw_segment(root: ET.Element, segment: _Segment) -> Drawing:
    """Draw some of the atoms of a formula's row, with the spaces between them."""
    first, last = segment.atoms[0].element, segment.atoms[-1].element
    holders = dict.fromkeys(atom.holder for atom in segment.atoms)
    row = ET.Element(tag_of("mrow"))
    is_in = False
    for holder in holders:
        group = row
        if local_name(holder) == "mstyle":
            group = ET.SubElement(row, holder.tag, holder.attrib)
        for child in holder:
            is_in = is_in or child is first
            if is_in and child not in holders:
                group.append(child)
            if child is last:
                is_in = False
                break
    copy = ET.Element(root.tag, root.attrib)
    copy.append(row)
    drawing = _draw(copy)
    return Drawing(
        drawing.svg, drawing.width, drawing.height, drawing.depth, segment.space, segment.level
    )


def _divided(
    root: ET.Element, atoms: Sequence[Atom], kept: frozenset[ET.Element]
) -> list[_Segment]:
    """Divide a formula in a line of text: after relations, and if that is not enough elsewhere."""
    segments = [_Segment(atoms)]
    for kinds, depth, widest in (
        ((Kind.RELATION,), 0, _WIDEST_PIECE_EM),
        ((Kind.BINARY,), 0, _WIDEST_PIECE_EM),
        ((Kind.PUNCTUATION,), 0, _WIDEST_IN_BRACKETS_EM),
        ((Kind.RELATION, Kind.BINARY), 1, _WIDEST_IN_BRACKETS_EM),
        ((Kind.PUNCTUATION,), 1, _WIDEST_IN_BRACKETS_EM),
    ):
        divided: list[_Segment] = []
        for segment in segments:
            found = _places(segment.atoms, kinds, depth)
            # After the second of two relations.
            places = [n + 1 for n in found if n + 1 not in found]
            places = [n for n in places if segment.atoms[n].element not in kept]
            if places and _estimate(segment) > widest and _width(root, segment) > widest:
                divided += _cut(segment, places, 0)
            else:
                divided.append(segment)
        segments = divided
    return [part for segment in segments for part in _with_sign_apart(segment)]


def _with_sign_apart(segment: _Segment) -> list[_Segment]:
    """Divide the last sign of a segment from it, as the spaces around it change together."""
    *before, sign = segment.atoms
    if not before or sign.right not in {Kind.RELATION, Kind.BINARY}:
        return [segment]
    return _cut(segment, [len(before)], SIGN_AFTER)


def _estimate(segment: _Segment) -> float:
    """Return about how wide a segment is at most."""
    letters = sum(len("".join(atom.element.itertext())) for atom in segment.atoms)
    return _WIDEST_LETTER_EM * letters + _WIDEST_ATOM_EM * len(segment.atoms)


def _width(root: ET.Element, segment: _Segment) -> float:
    return _draw_segment(root, segment).width


def _divided_displayed(atoms: Sequence[Atom], kept: frozenset[ET.Element]) -> list[_Segment]:
    """Divide a displayed formula before its relations and binary operators."""
    segments = [_Segment(atoms)]
    for level, kind in enumerate((Kind.RELATION, Kind.BINARY), start=1):
        divided: list[_Segment] = []
        for segment in segments:
            found = _places(segment.atoms, (kind,), 0)
            places = [n for n in found if n - 1 not in found]
            places = [n for n in places if segment.atoms[n].element not in kept]
            divided += _cut(segment, places, level)
        segments = divided
    return segments


def _kept_together(row: ET.Element) -> frozenset[ET.Element]:
    """Return the elements before which there is a space of the author's, or a stroke."""
    kept: set[ET.Element] = set()
    for one, other in zip(row, list(row)[1:], strict=False):
        if local_name(one) in {"mspace", "mpadded"}:
            kept.add(other)
    return frozenset(kept)


def _places(atoms: Sequence[Atom], kinds: tuple[Kind, ...], most_depth: int) -> list[int]:
    """Return which atoms are of some kinds, in so many brackets at most, and not at the ends."""
    places: list[int] = []
    depth = 0
    for number, atom in enumerate(atoms):
        if atom.left == Kind.OPENING and atom.right != Kind.CLOSING:
            depth += 1
        elif atom.right == Kind.CLOSING and atom.left != Kind.OPENING and _is_bracket(atom):
            depth = max(0, depth - 1)
        elif atom.left in kinds and depth <= most_depth and 0 < number < len(atoms) - 1:
            places.append(number)
    return places


def _is_bracket(atom: Atom) -> bool:
    return (atom.element.text or "").strip() not in {"!", "?"}


def _cut(segment: _Segment, places: Sequence[int], level: int) -> list[_Segment]:
    """Divide a segment before some of its atoms."""
    result: list[_Segment] = []
    ends = [*places, len(segment.atoms)]
    start = 0
    for end in ends:
        if start == end:
            continue
        if not start:
            result.append(_Segment(segment.atoms[:end], segment.space, segment.level))
        else:
            width = space_mu(segment.atoms[start - 1], segment.atoms[start]) / _MU_IN_EM
            result.append(_Segment(segment.atoms[start:end], width, level))
        start = end
    return result
