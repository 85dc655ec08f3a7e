"""The citations of a book as a style writes them, and the entries of the works it cites."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

from makeready.book.model import BOOK_FILE, Element
from makeready.citations.locators import divided_suffix, locator_labels
from makeready.citations.renderer import Cite, Cluster, Entry, Renderer
from makeready.citations.style import (
    Style,
)
from makeready.findings import SourceLocation
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.citation_markup import (
    CITATION_CLASS,
    CITE_CLASS,
    IN_TEXT,
    NAMES_ONLY,
)
from makeready.manuscript.collation import alphabet_of
from makeready.manuscript.draft import Draft
from makeready.manuscript.figures import classes
from makeready.manuscript.sanitise import source_line


@dataclass(slots=True)
class CitationMark:
    """A citation in the tree of a section, and the works it cites."""

    element: Element
    draft: Draft
    form: str
    cites: list[Element] = field(default_factory=list)

    @property
    def location(self) -> SourceLocation:
        """Return where the citation stands."""
        return SourceLocation(self.draft.path or BOOK_FILE, source_line(self.element))

    @property
    def keys(self) -> list[str]:
        """Return the keys of the works that it cites."""
        return [str(cite.get("data-key")) for cite in self.cites]


@dataclass(slots=True)
class StyledCitations:
    """What a style makes of the citations of a book, and of its works."""

    citations: list[str]
    entries: list[Entry]
    problems: dict[str, str]
    has_labels: bool = False
    is_note_style: bool = False


def marks_of(draft: Draft) -> Iterator[CitationMark]:
    """Yield the citations of a section in the order of the text, those of a note at its call."""
    notes = {str(note.number): note.tree for note in draft.notes}
    for tree in (draft.title_tree, draft.tree):
        for element in list(tree.iter("span", "a")):
            if element.tag == "span" and CITATION_CLASS in classes(element):
                yield _mark(element, draft)
            elif element.tag == "a" and element.get("data-note") in notes:
                note = notes.pop(str(element.get("data-note")))
                yield from _marks_in(note, draft)
    for note in notes.values():
        yield from _marks_in(note, draft)


def _marks_in(tree: Element, draft: Draft) -> Iterator[CitationMark]:
    for element in list(tree.iter("span")):
        if CITATION_CLASS in classes(element):
            yield _mark(element, draft)


def _mark(element: Element, draft: Draft) -> CitationMark:
    cites = [child for child in element if CITE_CLASS in classes(child)]
    return CitationMark(element, draft, element.get("data-form", ""), cites)


@dataclass(frozen=True, slots=True)
class Rendering:
    """The citations of a book, to be rendered in a style; ``data`` are its works by key."""

    style: bytes
    language: str
    data: Mapping[str, Mapping[str, Any]]
    marks: Sequence[CitationMark]

    def result(self, cache: SectionCache | None) -> StyledCitations:
        """Return what the style makes of them, from the cache if it has that."""
        style = Style(self.style, self.language, alphabet_of(self.language).key)
        labels = locator_labels(style)
        clusters = [_cluster(mark, labels) for mark in self.marks]
        groups = [id(mark.draft) for mark in self.marks]
        numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
        content = json.dumps(
            [
                hashlib.sha256(self.style).hexdigest(),
                self.language,
                list(self.data.items()),
                [asdict(cluster) for cluster in clusters],
                [numbers[group] for group in groups],
            ],
            default=str,
        ).encode()
        key = "" if cache is None else cache.key(content, "citations")
        entry = None if cache is None else cache.get(key)
        rendered = None if entry is None else _loaded(entry)
        if rendered is None:
            rendered = self._rendered(style, clusters)
            if cache is not None:
                cache.put(key, json.dumps(asdict(rendered)).encode())
        return rendered

    def _rendered(self, style: Style, clusters: Sequence[Cluster]) -> StyledCitations:
        renderer = Renderer(style, self.data)
        citations: list[str] = []
        earlier: list[Any] = []
        draft = None
        for mark, cluster in zip(self.marks, clusters, strict=True):
            if mark.draft is not draft:
                # A work that is cited in another chapter is cited in full again.
                draft, earlier = mark.draft, []
            citations.append(renderer.cite(cluster, earlier))
        entries = renderer.entries()
        return StyledCitations(
            citations, entries, renderer.problems, style.has_labels, style.is_note_style
        )


def _loaded(entry: bytes) -> StyledCitations | None:
    try:
        data = json.loads(entry)
        return StyledCitations(
            [str(cited) for cited in data["citations"]],
            [Entry(**one) for one in data["entries"]],
            dict(data["problems"]),
            bool(data["has_labels"]),
            bool(data["is_note_style"]),
        )
    except (ValueError, LookupError, TypeError):
        return None


def _cluster(mark: CitationMark, labels: Mapping[str, str]) -> Cluster:
    """Return a citation for the style; the words around works are put in afterwards."""
    cites: list[Cite] = []
    for number, cite in enumerate(mark.cites):
        before, after = (
            next((s for s in cite if s.get("data-place") == place), None)
            for place in ("before", "after")
        )
        locator, label = "", "page"
        if after is not None:
            found = divided_suffix(after.text or "", labels)
            locator, label, after.text = found.locator, found.label, found.rest
        cites.append(
            Cite(
                str(cite.get("data-key")),
                escape(locator, quote=False),
                label,
                _affix(before, number, "before"),
                _affix(after, number, "after"),
                hides_names=cite.get("data-hides") is not None,
            )
        )
    return Cluster(tuple(cites), mark.form == IN_TEXT, mark.form == NAMES_ONLY)


def _affix(span: Element | None, number: int, place: str) -> str:
    if span is None or not (len(span) or (span.text or "").strip()):
        return ""
    space = " " if place == "before" else ""
    return f'<s id="{place}-{number}"></s>{space}'
