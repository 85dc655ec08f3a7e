"""The formulas of a tree: each is set, and displayed ones become blocks of their own.

A formula is an element ``math`` without content until a document is made: its MathML, its drawing
and the size of the drawing are in attributes, so that nothing changes them as text.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence

from lxml import etree

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import FORMULA
from makeready.manuscript.formula import (
    DisplayParts,
    Formula,
    FormulaError,
    display_parts,
)
from makeready.manuscript.formula_cache import FormulaSetter
from makeready.manuscript.formula_drawing import Drawing
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.mathematics import LONGEST_FORMULA
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.tex_macros import MacroError, Macros

EQUATION = "equation"
CONTINUED = "continued"
ROW_NUMBER = "row-number"
"""The class of the number of one row of a displayed formula."""

MATHML, DRAWING, PIECES, TAG = "data-mathml", "data-drawing", "data-pieces", "data-tag"
BASELINE = "data-baseline"
"""The attribute of the number of a row with the place of its `Formula.row_baselines`."""

_MARK = re.compile(r"[.,;:!?]+(?=\s|$)")
_ROOM_FOR_BLOCKS = frozenset({"li", "dd", "td", "th", "div", "blockquote", "aside", "section"})


def build_formulas(
    tree: Element,
    path: str,
    findings: Findings,
    macros: Macros,
    language: str,
    setter: FormulaSetter,
) -> None:
    """Set the formulas of a tree; report those that cannot be set, and leave them as code.

    A formula knows the macros that are defined before it; one of definitions alone is removed.
    """
    for element in list(tree.iter(FORMULA)):
        is_displayed = "data-display" in element.attrib
        parent = element.getparent()
        assert parent is not None
        location = SourceLocation(path, source_line(element))
        written = element.text or ""
        try:
            # One that is too long is refused by its own rule, below.
            is_short = len(written) <= LONGEST_FORMULA
            tex = macros.expanded(written) if is_short else written
        except MacroError as error:
            findings.add("MAN-070", location, problem=str(error))
            _make_code(element, " ".join(written.split()))
            continue
        if written.strip() and not tex.strip():
            _remove(element, parent)
            continue
        parts = display_parts(tex)
        is_block = is_displayed and (parent.tag == "p" or parent.tag in _ROOM_FOR_BLOCKS)
        mark = _mark_after(element) if is_block else ""
        source = " ".join(parts.tex.split())
        try:
            formula = setter.set(
                _with_mark(parts.tex, mark), is_displayed=is_displayed, language=language
            )
        except FormulaError as error:
            findings.add("MAN-070", location, problem=str(error))
            _make_code(element, source)
            continue
        _make_math(element, formula, source)
        label, tag = element.attrib.pop("id", "") or parts.label, parts.tag
        if is_block:
            _make_block(element, str(label), tag)
            _add_rows(element, parts, formula)


def take_mathml(element: Element) -> Element:
    """Return the MathML of a formula, which takes its place."""
    markup = etree.fromstring(str(element.get(MATHML)))
    markup.set("alttext", element.get("alttext", ""))
    markup.tail = element.tail
    return markup


def expand_mathml(tree: Element) -> None:
    """Put the MathML of all formulas into a tree."""
    for element in list(tree.iter("math")):
        parent = element.getparent()
        if parent is not None and element.get(MATHML):
            parent.replace(element, take_mathml(element))


def _mark_after(element: Element) -> str:
    """Take the punctuation after a displayed formula, which is set as part of it."""
    mark = str(element.attrib.pop("data-mark", ""))
    found = _MARK.match(element.tail or "")
    if found and not mark:
        element.tail = (element.tail or "")[found.end() :]
        return found[0]
    return mark


def _with_mark(tex: str, mark: str) -> str:
    if not mark:
        return tex
    body, end, rest = tex.rpartition("\\end{")
    # In an environment the punctuation belongs to its last line.
    if end and rest.rstrip().endswith("}") and tex.lstrip().startswith("\\begin{"):
        return f"{body}\\text{{{mark}}}{end}{rest}"
    return f"{tex}\\text{{{mark}}}"


def _remove(element: Element, parent: Element) -> None:
    """Remove a formula, and its paragraph if there is nothing else in it."""
    remove_element(element)
    if parent.tag == "p" and not len(parent) and not (parent.text or "").strip():
        remove_element(parent)


def _make_code(element: Element, source: str) -> None:
    for key in [key for key in element.attrib if key not in {LINE, "id"}]:
        del element.attrib[key]
    element.tag, element.text = "code", source


def _make_math(element: Element, formula: Formula, source: str) -> None:
    element.tag, element.text = "math", None
    element.set("alttext", source)
    element.set(MATHML, formula.mathml)
    element.set(DRAWING, _dumped([formula.drawing]))
    if formula.pieces:
        element.set(PIECES, _dumped(formula.pieces))


def _dumped(drawings: Sequence[Drawing]) -> str:
    return json.dumps([dataclasses.astuple(one) for one in drawings], ensure_ascii=False)


def drawings_of(element: Element) -> tuple[Drawing, list[Drawing]]:
    """Return the drawing of a formula, and those of its pieces, if it has some."""
    whole, *_ = _loaded(str(element.get(DRAWING)))
    return whole, _loaded(str(element.get(PIECES) or "[]"))


def _loaded(text: str) -> list[Drawing]:
    return [Drawing(*values) for values in json.loads(text)]


def _make_block(element: Element, label: str, tag: str) -> None:
    """Put a displayed formula into a block, which divides the paragraph it is in."""
    parent = element.getparent()
    assert parent is not None
    block = etree.Element("div", {"class": EQUATION, LINE: str(source_line(element))})
    if label:
        block.set("id", label)
    if tag:
        block.set(TAG, tag)
    continues = element.attrib.pop("data-continues", "")
    element.attrib.pop("data-display", "")
    tail, element.tail = element.tail or "", None
    index = parent.index(element)
    if parent.tag != "p":
        parent.replace(element, block)
        block.append(element)
        block.tail = tail
        return
    following = list(parent)[index + 1 :]
    block.append(element)
    parent.addnext(block)
    block.tail, parent.tail = parent.tail, None
    if following or tail.strip():
        rest = etree.Element("p", {LINE: block.get(LINE, "1"), "class": CONTINUED})
        rest.text = tail.lstrip()
        rest.extend(following)
        block.addnext(rest)
        rest.tail, block.tail = block.tail, None
    elif continues:
        _continue_after(block)
    if not len(parent) and not (parent.text or "").strip():
        outer = parent.getparent()
        assert outer is not None
        outer.remove(parent)


def _add_rows(element: Element, parts: DisplayParts, formula: Formula) -> None:
    """Add the places for the numbers of a formula's rows, which have the ids of their labels."""
    block = element.getparent()
    if block is None or not parts.rows:
        return
    for row, label, tag in parts.rows:
        number = etree.SubElement(block, "span", {"class": ROW_NUMBER, LINE: block.get(LINE, "1")})
        if row < len(formula.row_baselines):
            number.set(BASELINE, str(formula.row_baselines[row]))
        if label:
            number.set("id", label)
        if tag:
            number.set(TAG, tag)


def _continue_after(block: Element) -> None:
    following = block.getnext()
    if following is not None and following.tag == "p":
        names = [*(following.get("class") or "").split(), CONTINUED]
        following.set("class", " ".join(names))
