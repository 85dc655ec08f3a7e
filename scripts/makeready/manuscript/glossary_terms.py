"""The terms of the glossary, and the references to them."""

from __future__ import annotations

from collections.abc import Iterable

from makeready.book.model import Anchor, Element, IndexLocator
from makeready.manuscript.draft import Draft
from makeready.manuscript.numbering import free_anchors, make_anchor
from makeready.manuscript.structure import plain_text


def assign_term_ids(drafts: Iterable[Draft], anchors: dict[str, Anchor]) -> None:
    """Give each term of the glossary an id, unless its author did."""
    for draft in drafts:
        for term in _terms(draft):
            if not term.get("id"):
                title = plain_text(term)
                anchor = make_anchor(draft.name, title, "term", anchors)
                term.set("id", anchor)
                anchors[anchor] = Anchor(anchor, draft.name, "other", "", title)


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
    return list(draft.tree.iter("dt")) if draft.kind.name == "glossary" else []
