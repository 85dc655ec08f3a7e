"""Links and other annotations: in their tags, with words, in the order of the tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pikepdf

from makeready.checks.reading.document import pages_text
from makeready.checks.reading.tagged_document import TaggedDocument
from makeready.checks.tagged_pdf.reported import Reporter
from makeready.pdf_content.resources import entry, name_text
from makeready.pdf_content.structure_tree import (
    Element,
    ObjectId,
    ObjectReference,
    parent_tree,
    text_of,
)

_HIDDEN = 2
_TAG_OF = {"/Link": "Link", "/Widget": "Form"}
_WITHOUT_WORDS = frozenset({"/Popup", "/Widget", "/PrinterMark"})
_NAME = re.compile(r"\w+([-_.:]\w+)+")
"""Texts that look like the name of a place in a file rather than like words."""


def check_annotations(document: TaggedDocument, report: Reporter) -> None:
    """Check the annotations of all pages."""
    tags: dict[ObjectId, Element] = {}
    for element in document.elements:
        for kid in element.kids:
            if isinstance(kid, ObjectReference) and isinstance(kid.target, pikepdf.Object):
                tags[kid.target.objgen] = element
    entries = parent_tree(document.pdf)
    without_order: list[int] = []
    for number, page in enumerate(document.pdf.pages):
        annotations = list(_visible(page.obj.get("/Annots")))
        if annotations and page.obj.get("/Tabs") != "/S":
            without_order.append(number)
        for annotation in annotations:
            _check_one(annotation, number, tags, entries, document, report)
    if without_order:
        report.of_file("ACC-047", pages=pages_text(number + 1 for number in without_order))


def _visible(annotations: Any) -> Iterator[Any]:
    for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
        flags = entry(annotation, "/F")
        is_hidden = isinstance(flags, int) and bool(flags & _HIDDEN)
        if isinstance(annotation, pikepdf.Dictionary) and not is_hidden:
            yield annotation


def _check_one(
    annotation: Any,
    page: int,
    tags: dict[ObjectId, Element],
    entries: dict[int, Any],
    document: TaggedDocument,
    report: Reporter,
) -> None:
    kind = name_text(annotation.get("/Subtype") or "")
    words = text_of(annotation.get("/Contents")) or ""
    if kind in ("/Popup", "/PrinterMark"):
        return
    element = tags.get(annotation.objgen)
    needed = _TAG_OF.get(kind, "Annot")
    text = document.text(element) if element is not None else words
    if element is None or (kind in _TAG_OF and not _is_in(element, needed)):
        report.of_text("ACC-045", text, page, kind=kind.removeprefix("/"), needed=needed)
        return
    key = annotation.get("/StructParent")
    parent = entries.get(key) if isinstance(key, int) else None
    if not isinstance(parent, pikepdf.Object) or parent.objgen != element.object_id:
        report.of_text("ACC-048", text, page, kind=kind.removeprefix("/"))
    if kind in _WITHOUT_WORDS:
        return
    if not words.strip() and not (kind != "/Link" and element.alt):
        report.of_text("ACC-046", text, page, kind=kind.removeprefix("/"), reason="no words")
    elif _is_name_of_target(words, annotation) and words.strip() != text:
        reason = f"“{words}”, the name of its target"
        report.of_text("ACC-046", text, page, kind=kind.removeprefix("/"), reason=reason)


def _is_in(element: Element, role: str) -> bool:
    """Return whether an element has a role, or is in one that has it, some levels up."""
    current: Element | None = element
    for _ in range(4):
        if current is None:
            return False
        if current.role == role:
            return True
        current = current.parent
    return False


def _is_name_of_target(words: str, annotation: Any) -> bool:
    """Return whether the words of a link are the name of its destination."""
    target = annotation.get("/Dest")
    if target is None:
        target = entry(annotation, "/A", "/D")
    name = text_of(target)
    if name is None and isinstance(target, pikepdf.Name):
        name = name_text(target).removeprefix("/")
    return name is not None and words in (name, unquote(name)) and bool(_NAME.fullmatch(words))
