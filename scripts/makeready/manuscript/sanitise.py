"""What a tree may hold: an allow-list; whatever is taken out is a finding."""

from __future__ import annotations

import re

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import (
    ACTIVE,
    BLOCKS,
    CALL,
    INLINES,
    NUMBERS,
    REF,
    SPANS,
    VOID,
    may_have,
)
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.source import MAX_DEPTH
from makeready.manuscript.suppressed import MissingTargets

MAX_SPAN = 50
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_CLASSES = re.compile(r"[\w-]+(?: [\w-]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_ALLOWED = BLOCKS | INLINES
_INTERNAL = {LINE, REF}
_ADVICE = {
    "active": "Delete it; a book shows text and pictures only.",
    "img": "Write it as ![what it shows](images/name.jpg).",
    "unknown": "Delete the tag; its text is kept. Write &lt; for a plain <.",
}


def line_of(element: Element) -> int:
    """Return the source line of an element, or of the nearest one around it."""
    place: Element | None = element
    while place is not None:
        line = place.get(LINE, "")
        if line.isdigit():
            return int(line)
        place = place.getparent()
    return 1


def take_out(element: Element, *, keep_content: bool = False) -> None:
    """Remove an element from its tree; its tail, and if asked its content, stay."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    pieces = [element.text or ""] if keep_content else [""]
    children = list(element) if keep_content else []
    tail = element.tail or ""
    element.tail = None
    parent.remove(element)
    _add_before(parent, index, pieces[0])
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    _add_before(parent, index + len(children), tail)


def _add_before(parent: Element, index: int, text: str) -> None:
    if not text:
        return
    if index == 0:
        parent.text = (parent.text or "") + text
    else:
        before = parent[index - 1]
        before.tail = (before.tail or "") + text


def sanitise(tree: Element, name: str, findings: Findings, missing_targets: MissingTargets) -> None:
    """Take out of ``tree`` what no book may hold, each a finding with its line."""
    _cut_depth(tree, name, findings)
    for element in list(tree.iter()):
        if element is tree or _is_outside(element, tree):
            continue
        tag = str(element.tag)
        location = SourceLocation(name, line_of(element))
        if tag == CALL:
            for key in [k for k in element.attrib if k not in _INTERNAL]:
                del element.attrib[key]
        elif tag in ACTIVE or tag not in _ALLOWED:
            advice = "active" if tag in ACTIVE else "unknown"
            findings.add("MAN-015", location, element=tag, hint=_ADVICE[advice])
            missing_targets.add(element)
            take_out(element, keep_content=tag not in ACTIVE)
        else:
            _check_attributes(element, location, findings, missing_targets)


def _cut_depth(tree: Element, name: str, findings: Findings) -> None:
    """Take out what raw HTML nests beyond the limit; report the first."""
    level = list(tree)
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
    if level:
        findings.add("MAN-013", SourceLocation(name, line_of(level[0])), limit=MAX_DEPTH)
    for element in level:
        take_out(element)


def _is_outside(element: Element, tree: Element) -> bool:
    """Say whether an element went with one that was taken out before it."""
    place = element
    while (parent := place.getparent()) is not None:
        place = parent
    return place is not tree


def _check_attributes(
    element: Element, location: SourceLocation, findings: Findings, missing_targets: MissingTargets
) -> None:
    tag = str(element.tag)
    for key, value in list(element.attrib.items()):
        key = str(key)  # noqa: PLW2901 - lxml's keys are str or bytes to its stubs
        value = str(value)  # noqa: PLW2901
        if key == LINE:
            continue
        if not may_have(tag, key) or not _is_sound(key, value):
            del element.attrib[key]
            if key == "id":
                findings.add("REF-008", location, id=value)
                missing_targets.places.add(value)
            elif not (tag == "img" and key == "decorative"):
                findings.add("MAN-016", location, attribute=key, element=tag)
        elif key in SPANS and int(value) > MAX_SPAN:
            element.set(key, str(MAX_SPAN))
            findings.add("MAN-028", location, span=value, limit=MAX_SPAN)
    if tag in VOID:
        element.text = None


_SOUND = {
    "id": _ID,
    "class": _CLASSES,
    "lang": _LANGUAGE,
    "dir": re.compile("ltr|rtl|auto"),
    **dict.fromkeys(SPANS, re.compile(r"\d{1,9}", re.ASCII)),
    **dict.fromkeys(NUMBERS, re.compile(r"-?\d{1,9}", re.ASCII)),
}


def _is_sound(key: str, value: str) -> bool:
    form = _SOUND.get(key)
    return form is None or form.fullmatch(value) is not None
