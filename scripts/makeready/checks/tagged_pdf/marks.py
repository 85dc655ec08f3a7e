"""The marks in the content of pages, and the tags that refer to them."""

from __future__ import annotations

from typing import Any

import pikepdf

from makeready.checks.reading.document import pages_text
from makeready.checks.reading.tagged_document import TaggedDocument
from makeready.checks.tagged_pdf.reported import Reporter
from makeready.pdf_content.marked_content import Mark, MarkedText
from makeready.pdf_content.structure_tree import (
    Element,
    MarkedContent,
    ObjectId,
    parent_tree,
)

_MOST_SAMPLES = 20


def check_marks(document: TaggedDocument, report: Reporter) -> None:
    """Check that all content is either tagged or an artifact, and that the tags lead to it."""
    _check_unmarked(document, report)
    pages = document.contents.pages
    for rule, numbers in (
        ("ACC-039", [n for n, page in enumerate(pages) if page.has_artifact_in_tag]),
        ("ACC-040", [n for n, page in enumerate(pages) if page.has_tag_in_artifact]),
    ):
        if numbers:
            report.of_file(rule, pages=pages_text(number + 1 for number in numbers))
    referred = _check_references(document, report)
    _check_forms(document, report)
    _check_parents(document, referred, report)


def _check_unmarked(document: TaggedDocument, report: Reporter) -> None:
    """Report content that is in no mark: each page with text, and the others together."""
    pages = document.contents.pages
    with_text = [n for n, page in enumerate(pages) if page.unmarked_text.strip()]
    for number in with_text[:_MOST_SAMPLES]:
        report.of_text("ACC-038", pages[number].unmarked_text, number, pages=f"page {number + 1}")
    others = [n for n, page in enumerate(pages) if page.has_unmarked]
    others = [n for n in others if n not in set(with_text[:_MOST_SAMPLES])]
    if others:
        numbers = pages_text(number + 1 for number in others)
        report.of_file("ACC-038", pages=numbers, words="")


def _check_references(document: TaggedDocument, report: Reporter) -> dict[Mark, Element]:
    """Report marks without a tag, and tags without their mark; return the tag of each mark."""
    referred: dict[Mark, Element] = {}
    lost: dict[Element, None] = {}
    for element in document.elements:
        for kid in element.kids:
            if not isinstance(kid, MarkedContent):
                continue
            mark = (kid.holder, kid.mcid)
            if mark not in document.contents.marks:
                lost[element] = None
            elif mark in referred:
                report.of_element("ACC-041", element, reason="it is in two tags")
            else:
                referred[mark] = element
    for element in lost:
        report.of_element("ACC-042", element, tag=element.tag)
    for mark, marked in document.contents.marks.items():
        page = _page_of(document, mark[0])
        if mark not in referred:
            if marked.paints:
                report.of_text("ACC-041", _sample(marked), page, reason="it is in no tag")
        elif marked.times > 1 and mark[0] in document.page_numbers:
            reason = f"its number {mark[1]} is given to several marks"
            report.of_text("ACC-041", _sample(marked), page, reason=reason)
    return referred


def _sample(marked: MarkedText) -> str:
    return " ".join(marked.text[:200].split())[:60]


def _page_of(document: TaggedDocument, holder: ObjectId) -> int | None:
    page = document.page_numbers.get(holder)
    return document.contents.form_pages.get(holder) if page is None else page


def _check_forms(document: TaggedDocument, report: Reporter) -> None:
    """Report forms with marks of their own that are painted more than once."""
    holders = {holder for holder, _ in document.contents.marks}
    pages = {
        document.contents.form_pages[form]
        for form in holders & document.contents.form_pages.keys()
        if document.contents.painted[form] > 1
    }
    if pages:
        report.of_file("ACC-043", pages=pages_text(number + 1 for number in pages))


def _check_parents(
    document: TaggedDocument, referred: dict[Mark, Element], report: Reporter
) -> None:
    """Report pages whose content does not lead back to its tags."""
    entries = parent_tree(document.pdf)
    parents: dict[ObjectId, Any] = {}
    wrong: set[int] = set()
    for (holder, mcid), element in referred.items():
        if holder not in parents:
            parents[holder] = _parents_of(document.pdf, holder, entries)
        row = parents[holder]
        parent = row[mcid] if 0 <= mcid < len(row) else None
        if parent is None or _id_of(parent) != element.object_id:
            page = _page_of(document, holder)
            wrong.add(-1 if page is None else page)
    if wrong:
        report.of_file("ACC-044", pages=pages_text(number + 1 for number in wrong))


def _parents_of(pdf: pikepdf.Pdf, holder: ObjectId, entries: dict[int, Any]) -> list[Any]:
    """Return the elements of the marks of a page or a form, by their numbers."""
    key = pdf.get_object(holder).get("/StructParents")
    row = entries.get(key) if isinstance(key, int) else None
    return list(row) if isinstance(row, pikepdf.Array) else []


def _id_of(item: Any) -> ObjectId | None:
    return item.objgen if isinstance(item, pikepdf.Object) else None
