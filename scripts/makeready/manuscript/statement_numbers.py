"""The labels of statements: their numbers, by chapter, and their names, run in to their text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lxml import etree

from makeready.book.labels import numbered
from makeready.book.model import Element
from makeready.manuscript.anchors import NAMES
from makeready.manuscript.figures import NUMBER, classes
from makeready.manuscript.formulas import EQUATION
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.statement_kinds import (
    KINDS,
    PROOF,
    SOLUTION,
    STATEMENT,
    UNNUMBERED,
    StatementKind,
)
from makeready.manuscript.statements import NAME_CLASS
from makeready.manuscript.structure import plain_text
from makeready.manuscript.tree import NO_BREAK_SPACE

LABEL_CLASS = "statement-label"
SOLUTION_OF = "solution_of"
"""The key of the label of a solution, with the place of what it solves."""

_NAME_IN_LABEL = "statement-name"
_END_MARK = "■"
_END_MARKS = ("□", "∎", "■", "◻", "◼", "Q.E.D.", "QED", "q.e.d.")
_END_COMMANDS = ("\\square", "\\blacksquare", "\\qed", "\\Box", "\\blacksquare")
_CONTAINERS = frozenset({"aside", "blockquote", "div", "li", "ol", "ul"})
_ENDS_OF_NAME = (".", "?", "!", ":", "…")


def statement_kind(element: Element) -> StatementKind | None:
    """Return the kind of statement that an element is; None if it is none."""
    names = classes(element)
    if element.tag != "div" or STATEMENT not in names:
        return None
    return next((KINDS[name] for name in names if name in KINDS), None)


def number_statement(
    element: Element, section: str, counts: Counter[str], labels: Mapping[str, str]
) -> None:
    """Set the label of a statement, and its number, which is counted by kind in a section.

    ``section`` is the number of the section; if it is empty, those of all such sections are
    counted together.
    """
    kind = statement_kind(element)
    if kind is None:
        return
    number = ""
    if UNNUMBERED not in classes(element):
        key = f"{kind.name} {section}"
        counts[key] += 1
        number = f"{section}.{counts[key]}" if section else str(counts[key])
        element.set(NUMBER, number)
    for prefix in kind.prefixes[:1]:
        # As bookdown refers to it: thm:line.
        if (name := element.get("id")) and ":" not in name and not name.startswith(f"{prefix}-"):
            element.set(NAMES, f"{element.get(NAMES, '')} {prefix}:{name}".strip())
    _set_label(element, kind, number, labels)
    if kind.name == PROOF:
        _mark_end(element)


def _set_label(
    element: Element, kind: StatementKind, number: str, labels: Mapping[str, str]
) -> None:
    first = element[0] if len(element) else None
    name = first if first is not None and NAME_CLASS in classes(first) else None
    word = labels[kind.name]
    label = etree.Element("span", {"class": LABEL_CLASS})
    label.text = numbered(labels, kind.name, number) if number else word
    added = [label]
    if name is not None:
        remove_element(name)
        link = name.find("a[@class='xref']")
        if kind.name == SOLUTION and link is not None and not plain_text(name):
            label.text, _, link.tail = labels[SOLUTION_OF].partition("{exercise}")
            label.append(link)
        elif plain_text(name).lower().startswith(word.lower()):
            _move(name, label)
        else:
            span = etree.Element("span", {"class": _NAME_IN_LABEL})
            _move(name, span, "(", ")")
            label.tail = " "
            added.append(span)
    last = added[-1]
    if not plain_text(last).endswith(_ENDS_OF_NAME):
        _add_text(last, ".")
    _run_in(element, added)


def title_of_statement(element: Element) -> str:
    """Return the name of a statement whose label is set, or else its label without a number."""
    name = element.find(f".//span[@class='{_NAME_IN_LABEL}']")
    if name is not None:
        return plain_text(name).rstrip(".").removeprefix("(").removesuffix(")")
    label = element.find(f".//span[@class='{LABEL_CLASS}']")
    return plain_text(label).rstrip(".") if label is not None else ""


def _move(source: Element, target: Element, before: str = "", after: str = "") -> None:
    target.text = before + (source.text or "")
    target.extend(list(source))
    _add_text(target, after)


def _add_text(element: Element, text: str) -> None:
    """Add text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _run_in(element: Element, added: list[Element]) -> None:
    """Put a label at the start of a statement's first paragraph, or into one of its own."""
    first = element[0] if len(element) else None
    is_text = first is not None and first.tag == "p" and plain_text(first)
    if first is None or not is_text or set(classes(first)) - {"continued"}:
        first = etree.Element("p", {"class": NAME_CLASS})
        element.insert(0, first)
    added[-1].tail = f" {first.text or ''}" if first.text or len(first) else None
    first.text = None
    for place, one in enumerate(added):
        first.insert(place, one)


def _mark_end(proof: Element) -> None:
    """Set the mark of the end of a proof after its last words, unless its author has."""
    words = plain_text(proof)
    if words.endswith((*_END_MARKS, *_END_COMMANDS)) or words.rstrip("}$. ").endswith(
        _END_COMMANDS
    ):
        return
    last = proof
    while len(last) and last.tag in _CONTAINERS and EQUATION not in classes(last):
        last = last[-1]
    mark = etree.Element("span", {"class": "proof-end"})
    mark.text = _END_MARK
    if EQUATION in classes(last) and "numbered" not in classes(last):
        last.set("class", f"{EQUATION} numbered")
        etree.SubElement(last, "span", {"class": "equation-number"}).append(mark)
    elif last.tag in {"p", "li"} and plain_text(last):
        _add_text(last, NO_BREAK_SPACE)
        last.append(mark)
    else:
        etree.SubElement(proof, "p", {"class": "proof-end-line"}).append(mark)
