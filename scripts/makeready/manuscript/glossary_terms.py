"""The terms of the glossary, and the references to them."""

from __future__ import annotations

from collections.abc import Iterable

from makeready.book.model import Anchor, Element, IndexLocator
from makeready.manuscript.allowed_html import TERM
from makeready.manuscript.draft import Draft
from makeready.manuscript.figures import classes
from makeready.manuscript.numbering import free_anchors, make_anchor
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.structure import plain_text

_GLOSSARY = "glossary"


def assign_term_ids(drafts: Iterable[Draft], anchors: dict[str, Anchor]) -> None:
    """Give each term of the glossary an id, unless its author did."""
    for draft in drafts:
        for term in _terms(draft):
            _anchor_of(draft, term, anchors)


def link_terms(drafts: Iterable[Draft], anchors: dict[str, Anchor]) -> None:
    """Make links to the glossary, or to another list of terms, of words that name a term of it.

    Of words whose term is in no list only the words are left.
    """
    drafts = list(drafts)
    marked = [
        span for draft in drafts for tree in draft.trees for span in tree.iter("span")
        if span.get(TERM) is not None
    ]  # fmt: skip
    if not marked:
        return
    entries: dict[str, tuple[Draft, Element]] = {}
    for draft in sorted(drafts, key=lambda draft: draft.kind.name != _GLOSSARY):
        for term in draft.tree.iter("dt"):
            entries.setdefault(_name_of(plain_text(term)), (draft, term))
    for span in marked:
        entry = entries.get(_name_of(str(span.attrib.pop(TERM))))
        if entry is None:
            remove_element(span, keep_content=True)
            continue
        anchor = _anchor_of(*entry, anchors)
        span.tag = "a"
        span.set("class", " ".join(["xref", *classes(span)]))
        span.set("href", f"#{anchor}")
        span.set("data-form", "text")


def _name_of(text: str) -> str:
    return " ".join(text.split()).casefold()


def _anchor_of(draft: Draft, term: Element, anchors: dict[str, Anchor]) -> str:
    """Return the id of a term, which it gets if its author did not give it one."""
    if not term.get("id"):
        title = plain_text(term)
        anchor = make_anchor(draft.name, title, "term", anchors)
        term.set("id", anchor)
        anchors[anchor] = Anchor(anchor, draft.name, "other", "", title)
    return str(term.get("id"))


def references_of(
    drafts: Iterable[Draft], anchors: dict[str, Anchor]
) -> dict[str, tuple[IndexLocator, ...]]:
    """Return the first reference to each term in each section, by the term's id; give it an id.

    References in titles, which are repeated in the contents, and by page, which an e-book leaves
    out, are not included.
    """
    drafts = list(drafts)
    terms = {str(term.get("id")) for draft in drafts for term in _terms(draft)}
    term_references: dict[str, dict[str, IndexLocator]] = {}
    for draft in drafts if terms else ():
        ids = free_anchors(draft.name, "term", anchors)
        trees = (draft.tree, *(note.tree for note in draft.notes))
        for link in (link for tree in trees for link in tree.iter("a")):
            target = (link.get("href") or "").removeprefix("#")
            if link.get("data-form") in {None, "page"} or target not in terms:
                continue
            if anchors[target].section == draft.name:
                continue
            in_section = term_references.setdefault(target, {})
            if draft.name not in in_section:
                anchor = link.get("id") or next(ids)
                link.set("id", anchor)
                in_section[draft.name] = IndexLocator(anchor, draft.name)
    return {target: tuple(locators.values()) for target, locators in term_references.items()}


def _terms(draft: Draft) -> list[Element]:
    return list(draft.tree.iter("dt")) if draft.kind.name == _GLOSSARY else []
