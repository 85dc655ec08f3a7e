"""The spaces between the atoms of a formula, by the table of chapter 18 of The TeXbook."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

from makeready.manuscript.formula_atoms import (
    Atom,
    Kind,
    Style,
    local_name,
    rows_of,
    tag_of,
)

_THIN, _MEDIUM, _THICK = 3, 4, 5
_MU_IN_EM = 18

_KINDS = (
    Kind.ORDINARY,
    Kind.OPERATOR,
    Kind.BINARY,
    Kind.RELATION,
    Kind.OPENING,
    Kind.CLOSING,
    Kind.PUNCTUATION,
    Kind.INNER,
)
# 1 is a thin space, 2 a medium and 3 a thick one; those in capitals are left out in scripts.
_TABLE = """
    0 1 B C 0 0 0 A
    1 1 0 C 0 0 0 A
    B B 0 0 B 0 0 B
    C C 0 0 C 0 0 C
    0 0 0 0 0 0 0 0
    0 1 B C 0 0 0 A
    A A 0 A A A A A
    A 1 B C A 0 A A
"""
_WIDTHS = {"0": 0, "1": _THIN, "A": _THIN, "B": _MEDIUM, "C": _THICK}
_SPACES = {
    (left, right): sign
    for left, row in zip(_KINDS, _TABLE.split("\n")[1:-1], strict=True)
    for right, sign in zip(_KINDS, row.split(), strict=True)
}


def space_mu(left: Atom, right: Atom) -> int:
    """Return the space between two atoms, in eighteenths of an em."""
    sign = _SPACES[left.right, right.left]
    return 0 if sign.isalpha() and right.style.level else _WIDTHS[sign]


def space_atoms(elements: list[tuple[ET.Element, Style]]) -> None:
    """Put spaces between the atoms of all rows; take those away that signs have by themselves."""
    for element, _ in elements:
        # ziamath takes some identifiers for operators.
        if local_name(element) in {"mo", "mi"}:
            element.set("lspace", "0")
            element.set("rspace", "0")
    for atoms in rows_of(elements):
        _space_row(atoms)


def _space_row(atoms: list[Atom]) -> None:
    before: dict[ET.Element, int] = {}
    holders: dict[ET.Element, None] = {}
    for left, right in pairwise(atoms):
        if width := space_mu(left, right):
            before[right.element] = width
            holders[right.holder] = None
    for holder in holders:
        content: list[ET.Element] = []
        for child in holder:
            if child in before:
                content.append(space(before[child] / _MU_IN_EM))
            content.append(child)
        holder[:] = content


def space(width_em: float) -> ET.Element:
    """Return a space of a width in em."""
    return ET.Element(tag_of("mspace"), {"width": f"{width_em:.4f}em"})
