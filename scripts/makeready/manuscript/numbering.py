"""Numbers and anchors of the whole book: sections, headings, figures, tables, ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count

from lxml import etree

from makeready.book.kinds import Division, Kind
from makeready.book.model import Anchor, Element, Note, Query
from makeready.book.slugs import slug_of
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import HEADINGS
from makeready.manuscript.figures import NUMBER
from makeready.manuscript.sanitise import source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.tree import NO_BREAK_SPACE

_CAPTIONS = {"figure": "figcaption", "table": "caption"}
_MAX_SLUG = 60


@dataclass(slots=True)
class Draft:
    """A section while the book is being read; ``path`` is empty if it has no file."""

    name: str
    kind: Kind
    division: Division
    path: str
    title: str
    title_tree: Element
    tree: Element
    notes: list[Note]
    queries: list[Query]
    number: int | None = None

    @property
    def trees(self) -> list[Element]:
        """All the trees of the section."""
        return [self.title_tree, self.tree, *(note.tree for note in self.notes)]


def number_book(
    drafts: list[Draft], labels: dict[str, str], findings: Findings
) -> dict[str, Anchor]:
    """Set all numbers, and the ids of headings; return the anchors of the book by id."""
    counts: Counter[str] = Counter()
    anchors: dict[str, Anchor] = {}
    for draft in drafts:
        if draft.kind.numbered:
            counts[draft.kind.name] += 1
            draft.number = counts[draft.kind.name]
        number = str(draft.number) if draft.number is not None else ""
        anchors[draft.name] = Anchor(draft.name, draft.name, draft.kind.name, number, draft.title)
    locations: dict[str, SourceLocation] = {
        draft.name: SourceLocation(draft.path or "book.toml", 1) for draft in drafts
    }
    for draft in drafts:
        for element in (e for tree in draft.trees for e in tree.iter()):
            _number_captioned(element, counts, labels)
            if anchor := element.get("id"):
                _add_anchor(element, anchor, draft, anchors, locations, findings)
    _assign_heading_ids(drafts, anchors)
    return anchors


def _number_captioned(element: Element, counts: Counter[str], labels: dict[str, str]) -> None:
    kind = str(element.tag)
    caption = element.find(_CAPTIONS[kind]) if kind in _CAPTIONS else None
    if caption is None:
        return
    counts[kind] += 1
    element.set(NUMBER, str(counts[kind]))
    label = etree.Element("span", {"class": "label"})
    label.text = f"{labels[kind]}{NO_BREAK_SPACE}{counts[kind]}."
    target = caption[0] if len(caption) and not caption.text and caption[0].tag == "p" else caption
    label.tail = f" {target.text or ''}"
    target.text = None
    target.insert(0, label)


def _add_anchor(
    element: Element,
    anchor: str,
    draft: Draft,
    anchors: dict[str, Anchor],
    locations: dict[str, SourceLocation],
    findings: Findings,
) -> None:
    location = SourceLocation(draft.path, source_line(element))
    if anchor in anchors:
        findings.add("REF-007", location, id=anchor, first=locations[anchor])
        # An EPUB with an id twice is not valid; references lead to the first.
        del element.attrib["id"]
        return
    locations[anchor] = location
    anchors[anchor] = Anchor(
        anchor, draft.name, _anchor_kind(element), element.get(NUMBER, ""), _title_of(element)
    )


def _anchor_kind(element: Element) -> str:
    tag = str(element.tag)
    if tag in HEADINGS:
        return "heading"
    return tag if tag in _CAPTIONS and element.get(NUMBER) else "other"


def _title_of(element: Element) -> str:
    """Return the title of an anchor: the text of a heading, or of a caption without its label."""
    tag = str(element.tag)
    if tag in HEADINGS or tag in {"dt", "span"}:
        return plain_text(element)
    caption = element.find(_CAPTIONS[tag]) if tag in _CAPTIONS else None
    if caption is None:
        return ""
    label = caption.find(".//span[@class='label']")
    labels = plain_text(caption)
    return labels.removeprefix(plain_text(label)).strip() if label is not None else labels


def _assign_heading_ids(drafts: list[Draft], anchors: dict[str, Anchor]) -> None:
    """Give each heading without an id one made from its section's name and its text."""
    for draft in drafts:
        for heading in draft.tree.iter(*HEADINGS[1:]):
            if heading.get("id"):
                continue
            title = plain_text(heading)
            anchor = make_anchor(draft.name, title, "heading", anchors)
            heading.set("id", anchor)
            anchors[anchor] = Anchor(anchor, draft.name, "heading", "", title)


def make_anchor(section: str, title: str, fallback: str, anchors: Collection[str]) -> str:
    """Return an id made from a section's name and a title that is not in use."""
    stem = f"{section}-{slug_of(title)[:_MAX_SLUG].strip('-') or fallback}"
    anchor, number = stem, 1
    while anchor in anchors:
        number += 1
        anchor = f"{stem}-{number}"
    return anchor


def free_anchors(section: str, word: str, anchors: Collection[str]) -> Iterator[str]:
    """Yield ids made from a section's name, a word and a number that are not in use."""
    ids = (f"{section}-{word}-{number}" for number in count(1))
    return (anchor for anchor in ids if anchor not in anchors)
