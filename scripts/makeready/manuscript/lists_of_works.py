"""The places for lists of works in a book, and what is written there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.kinds import BIBLIOGRAPHY, Division
from makeready.book.model import BOOK_FILE, Element
from makeready.citations.renderer import Entry
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.citation_markup import (
    OWN_LIST,
    is_list_of_works,
)
from makeready.manuscript.citation_text import markup_tree
from makeready.manuscript.draft import Draft
from makeready.manuscript.figures import classes
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.styled_citations import CitationMark, StyledCitations
from makeready.manuscript.suppressed import MissingTargets

_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_.-]+")
# Before the issue after a volume: 58 (5).
_ISSUE = re.compile(r"(?<=\d) (?=\(\d{1,4}\))")
# As wide as “[99]”.
_LONGEST_LABEL = 4


class ListsOfWorks:
    """The places for lists of works in a book, and the ids of the entries for each section.

    One list has all works; of several, those in the text have the works of their section, and
    those in the back matter all.
    """

    def __init__(
        self,
        drafts: Sequence[Draft],
        marks: Sequence[CitationMark],
        uncited: Sequence[str],
        rendered: StyledCitations,
        config: BookConfig,
        findings: Findings,
    ) -> None:
        self._rendered, self._config, self._findings = rendered, config, findings
        self._marks, self._uncited = marks, uncited
        self._places = [
            (draft, element)
            for draft in drafts
            for element in draft.tree.iter("div")
            if is_list_of_works(element)
        ]
        self._places += [
            (draft, _place_at_end(draft))
            for draft in drafts
            if draft.kind.name == BIBLIOGRAPHY and all(draft is not d for d, _ in self._places)
        ]
        self._names = _entry_ids(rendered.entries)
        self.ids: dict[tuple[int, str], str] = {}
        self._listed = [
            (draft, element, self._keys_for(draft, element)) for draft, element in self._places
        ]
        whole = {
            key
            for draft, element, keys in self._listed
            if not self._is_own(draft, element)
            for key in keys
        }
        own: dict[int, set[str]] = {}
        for draft, _element, keys in self._listed:
            own.setdefault(id(draft), set()).update(keys)
        for mark in marks:
            for key in mark.keys:
                is_listed = key in whole or key in own.get(id(mark.draft), ())
                if key in self._names and is_listed:
                    self.ids[id(mark.draft), key] = self._names[key]

    def _is_own(self, draft: Draft, element: Element) -> bool:
        if OWN_LIST in classes(element):
            return True
        return len(self._places) > 1 and draft.division is not Division.BACK

    def _keys_for(self, draft: Draft, element: Element) -> set[str]:
        if not self._is_own(draft, element):
            return set(self._names)
        return {key for mark in self._marks if mark.draft is draft for key in mark.keys}

    def write(self, missing_targets: MissingTargets) -> list[Draft]:
        """Put the lists into their places; report a book that has works and no list.

        Return the sections that have nothing else, and no works.
        """
        without_works: list[Draft] = []
        for draft, element, keys in self._listed:
            entries = [entry for entry in self._rendered.entries if entry.key in keys]
            if entries:
                self._fill(element, entries, draft)
                continue
            remove_element(element)
            if draft.kind.name == BIBLIOGRAPHY and len(draft.tree) == 0:
                without_works.append(draft)
        is_needed = self._rendered.entries and not self._rendered.is_note_style
        if is_needed and not self._listed and not missing_targets.has_unread_text:
            assert self._config.citations is not None
            self._findings.add(
                "REF-026",
                self._config.citations.location(""),
                count=len(self._rendered.entries),
            )
        return without_works

    def _fill(self, element: Element, entries: Sequence[Entry], draft: Draft) -> None:
        line = str(source_line(element))
        location = SourceLocation(draft.path or BOOK_FILE, source_line(element))
        element.tag = "ul"
        element.text = None
        kinds = ["references"]
        if self._rendered.has_labels:
            kinds.append("labelled")
            longest = max(len(re.sub(r"<[^<>]*>", "", e.label)) for e in entries)
            kinds += ["wide-labels"] if longest > _LONGEST_LABEL else []
        element.set("class", " ".join(kinds))
        language = self._config.metadata.language
        for entry in entries:
            item = etree.SubElement(element, "li", {"id": self._names[entry.key], LINE: line})
            if entry.label:
                label = markup_tree(entry.label, location, language)
                label.set("class", "reference-label")
                _append_space(label)
                item.append(label)
            tree = markup_tree(_ISSUE.sub("\u00a0", entry.text), location, language)
            if len(item):
                item[-1].tail = tree.text
            else:
                item.text = tree.text
            item.extend(list(tree))


def _entry_ids(entries: Sequence[Entry]) -> dict[str, str]:
    """Return an id for each entry, by the key of its work."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for entry in entries:
        base = f"ref-{_NOT_IN_ID.sub('-', entry.key).strip('-.')[:80]}"
        name = base
        while name in taken:
            numbers[base] = numbers.get(base, 1) + 1
            name = f"{base}-{numbers[base]}"
        taken.add(name)
        ids[entry.key] = name
    return ids


def _append_space(label: Element) -> None:
    """Divide a label from the entry, for whoever copies or hears it; no page shows the space."""
    if len(label):
        label[-1].tail = f"{label[-1].tail or ''} "
    else:
        label.text = f"{label.text or ''} "


def _place_at_end(draft: Draft) -> Element:
    return etree.SubElement(draft.tree, "div", {LINE: str(_last_line(draft))})


def _last_line(draft: Draft) -> int:
    return source_line(draft.tree[-1]) if len(draft.tree) else source_line(draft.title_tree)
