"""The terms of a glossary, and where the text refers to each: the way back."""

from __future__ import annotations

from collections.abc import Iterable

from makeready.book.model import Anchor, Element, IndexLocator
from makeready.manuscript.numbering import Draft, anchor_of, free_anchors
from makeready.manuscript.structure import plain_text


def name_terms(drafts: Iterable[Draft], anchors: dict[str, Anchor]) -> None:
    """Give each term of a glossary an id to be referred to by, where its author gave none."""
    for draft in drafts:
        for term in _terms(draft):
            if not term.get("id"):
                title = plain_text(term)
                anchor = anchor_of(draft.name, title, "term", anchors)
                term.set("id", anchor)
                anchors[anchor] = Anchor(anchor, draft.name, "other", "", title)


def references_of(
    drafts: Iterable[Draft], anchors: dict[str, Anchor]
) -> dict[str, tuple[IndexLocator, ...]]:
    """Give an id to every reference to a term, and return them by the term's id.

    A term is led back from to the first of each section. A reference in a title, which the
    contents show too, and one to a page, which an e-book leaves out, are no way back.
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
            here = term_references.setdefault(target, {})
            if draft.name not in here:
                anchor = link.get("id") or next(ids)
                link.set("id", anchor)
                here[draft.name] = IndexLocator(anchor, draft.name)
    return {target: tuple(places.values()) for target, places in term_references.items()}


def _terms(draft: Draft) -> list[Element]:
    return list(draft.tree.iter("dt")) if draft.kind.name == "glossary" else []
