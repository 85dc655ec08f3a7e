"""The citations of a book in the words of its style, and the lists of the works it cites."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree

from makeready.book.config import BookConfig
from makeready.book.kinds import BIBLIOGRAPHY, Division
from makeready.book.model import BOOK_FILE, CitationConfig, Element
from makeready.book.source_files import FileRefusedError, read_book_file
from makeready.citations.csl_elements import StyleError
from makeready.citations.locators import divided_suffix, locator_labels
from makeready.citations.renderer import Cite, Cluster, Entry, Renderer
from makeready.citations.sources import Sources, read_sources
from makeready.citations.style import (
    LARGEST_STYLE,
    Style,
    is_note_style,
    nearest_style,
    parent_of,
    style_content,
)
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.citation_markup import (
    CITATION_CLASS,
    CITE_CLASS,
    CITE_LINK,
    IN_TEXT,
    NAMES_ONLY,
    OWN_LIST,
    is_list_of_works,
)
from makeready.manuscript.collation import alphabet_of
from makeready.manuscript.figures import classes
from makeready.manuscript.line_numbers import LINE
from makeready.manuscript.numbering import Draft
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.typography import apply_typography

DEFAULT_STYLE = "chicago-author-date"
_ALL = frozenset({"*", "@*"})
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_.-]+")
_ADDRESS = re.compile(
    r"(?P<url>https?://[^\s<>“”]+)|(?<=doi:)(?P<space>\s*)(?P<doi>10\.\d{4,9}/\S+)"
)
# Before the issue after a volume: 58 (5).
_ISSUE = re.compile(r"(?<=\d) (?=\(\d{1,4}\))")
# As wide as “[99]”.
_LONGEST_LABEL = 4
_LAST_STOP = re.compile(r"\.((?:[”’]|</[a-z]+>)*)$")
_END_OF_ADDRESS = re.compile(r"[.,;:!?)\]’”]+$")


@dataclass(slots=True)
class _Mark:
    """A citation in the tree of a section, and the works it cites."""

    element: Element
    draft: Draft
    form: str
    cites: list[Element] = field(default_factory=list)

    @property
    def location(self) -> SourceLocation:
        return SourceLocation(self.draft.path or BOOK_FILE, source_line(self.element))


@dataclass(slots=True)
class _Rendered:
    """What a style makes of the citations of a book, and of its works."""

    citations: list[str]
    entries: list[Entry]
    problems: dict[str, str]
    has_labels: bool = False
    is_note_style: bool = False


def read_works(root: Path, config: CitationConfig | None, findings: Findings) -> Sources:
    """Return the works of a book's sources, of which it may have none."""
    if config is None:
        return Sources()
    return read_sources(root, config.sources, config.location("sources"), findings)


def keys_for_notes(
    root: Path, config: CitationConfig | None, works: Sources
) -> frozenset[str] | None:
    """Return the keys of the works if the style puts citations into notes, and None if not."""
    if config is None:
        return None
    try:
        is_note = is_note_style(_style_content(root, config.style))
    except StyleError:
        is_note = False
    return frozenset(works) if is_note else None


def cite_works(
    drafts: Sequence[Draft],
    sources: Sources,
    root: Path,
    config: BookConfig,
    cache: SectionCache | None,
    findings: Findings,
    missing_targets: MissingTargets,
    location_in_list: Callable[[str], SourceLocation],
) -> None:
    """Write the citations of a book and its lists of works; report works that are not there.

    ``location_in_list`` returns the location of a section's name in ``book.toml``.
    """
    if config.citations is None:
        return
    marks = [mark for draft in drafts for mark in _marks_of(draft)]
    is_whole = not marks and sources.is_complete and not missing_targets.has_unread_text
    marks = [mark for mark in marks if _check(mark, sources, config.citations, findings)]
    uncited = _uncited(config.citations, sources, findings)
    works = list(dict.fromkeys([*(key for mark in marks for key in _keys(mark)), *uncited]))
    content = _usable_style(root, config, findings)
    data = {key: dict(sources.item(key)) for key in works if key in sources}
    rendered = _Rendering(content, config.metadata.language, data, marks).result(cache)
    for key, problem in rendered.problems.items():
        findings.add(
            "REF-024", config.citations.location("style"), key=key or "order", problem=problem
        )
    lists = _ListsOfWorks(drafts, marks, uncited, rendered, config, findings)
    for mark, markup in zip(marks, rendered.citations, strict=True):
        begins_note = rendered.is_note_style and mark.form != NAMES_ONLY
        _write(mark, markup, lists.ids, config.metadata.language, begins_note=begins_note)
    without_works = lists.write(missing_targets)
    if (is_whole or data) and not config.citations.nocite:
        reason = "the style has no list of works" if data else "no work is cited"
        for draft in without_works:
            findings.add("REF-027", location_in_list(draft.name), reason=reason)
    for draft in drafts:
        if draft.path and any(m.draft is draft for m in marks):
            draft.title = plain_text(draft.title_tree) or draft.title


# Marks


def _marks_of(draft: Draft) -> Iterator[_Mark]:
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


def _marks_in(tree: Element, draft: Draft) -> Iterator[_Mark]:
    for element in list(tree.iter("span")):
        if CITATION_CLASS in classes(element):
            yield _mark(element, draft)


def _mark(element: Element, draft: Draft) -> _Mark:
    cites = [child for child in element if CITE_CLASS in classes(child)]
    return _Mark(element, draft, element.get("data-form", ""), cites)


def _keys(mark: _Mark) -> list[str]:
    return [str(cite.get("data-key")) for cite in mark.cites]


def _check(mark: _Mark, sources: Sources, config: CitationConfig, findings: Findings) -> bool:
    """Report the works of a citation that no source has; return whether it is a citation.

    Text such as ``@name`` that is no key of a source stays what it is.
    """
    unknown = [c for c in mark.cites if c.get("data-key") not in sources]
    if not unknown or mark.form == NAMES_ONLY:
        return True
    is_text = mark.form == IN_TEXT and str(mark.element.get("data-raw", "")).startswith("@")
    for cite in unknown if sources.is_complete else []:
        key = str(cite.get("data-key"))
        location = SourceLocation(mark.location.path, source_line(cite))
        nearest = sources.nearest(key)
        suggestion = f" Did you mean “{nearest}”?" if nearest else ""
        rule = "REF-023" if is_text else "REF-022"
        files = ", ".join(config.sources)
        findings.add(rule, location, key=key, files=files, suggestion=suggestion)
    if is_text:
        _replace(mark.element, [], str(mark.element.get("data-raw")))
    return not is_text


def _uncited(config: CitationConfig, sources: Sources, findings: Findings) -> list[str]:
    """Return the works that are listed without a citation."""
    if _ALL & set(config.nocite):
        return list(sources)
    keys = [key.removeprefix("@") for key in config.nocite]
    for key in keys:
        if key not in sources and sources.is_complete:
            nearest = sources.nearest(key)
            suggestion = f" Did you mean “{nearest}”?" if nearest else ""
            files = ", ".join(config.sources)
            location = config.location("nocite")
            findings.add("REF-022", location, key=key, files=files, suggestion=suggestion)
    return [key for key in keys if key in sources]


# Styles


def _style_content(root: Path, style: str) -> bytes:
    if not style.lower().endswith(".csl"):
        return style_content(style)
    try:
        content = read_book_file(root, style, LARGEST_STYLE)
    except FileRefusedError as error:
        raise StyleError(error.problem) from error
    parent = parent_of(content)
    return style_content(parent) if parent else content


def _usable_style(root: Path, config: BookConfig, findings: Findings) -> bytes:
    """Return the content of the style; report one that cannot be used, and return another."""
    assert config.citations is not None
    style = config.citations.style
    try:
        content = _style_content(root, style)
        Style(content, config.metadata.language, str)
    except StyleError as error:
        nearest = nearest_style(style)
        suggestion = f" Did you mean “{nearest}”?" if nearest else ""
        location = config.citations.location("style")
        findings.add("REF-025", location, style=style, problem=str(error), suggestion=suggestion)
        return style_content(DEFAULT_STYLE)
    return content


@dataclass(frozen=True, slots=True)
class _Rendering:
    """The citations of a book, to be rendered in a style; ``data`` are its works by key."""

    style: bytes
    language: str
    data: Mapping[str, Mapping[str, Any]]
    marks: Sequence[_Mark]

    def result(self, cache: SectionCache | None) -> _Rendered:
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

    def _rendered(self, style: Style, clusters: Sequence[Cluster]) -> _Rendered:
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
        return _Rendered(
            citations, entries, renderer.problems, style.has_labels, style.is_note_style
        )


def _loaded(entry: bytes) -> _Rendered | None:
    try:
        data = json.loads(entry)
        return _Rendered(
            [str(cited) for cited in data["citations"]],
            [Entry(**one) for one in data["entries"]],
            dict(data["problems"]),
            bool(data["has_labels"]),
            bool(data["is_note_style"]),
        )
    except (ValueError, LookupError, TypeError):
        return None


def _cluster(mark: _Mark, labels: Mapping[str, str]) -> Cluster:
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


# Writing


def _write(
    mark: _Mark,
    markup: str,
    ids: Mapping[tuple[int, str], str],
    language: str,
    *,
    begins_note: bool,
) -> None:
    affixes = {
        f"{span.get('data-place')}-{number}": span
        for number, cite in enumerate(mark.cites)
        for span in cite
    }
    if begins_note and (mark.element.tail or "").strip():
        # The end of the note is not here.
        markup = _LAST_STOP.sub(r"\1", markup)
    tree = _tree(markup, mark.location, language)
    for place in list(tree.iter("s")):
        span = affixes[str(place.get("id"))]
        if place.get("id", "").startswith("before"):
            _strip(span)
            if begins_note and place is tree[0] and not tree.text:
                span.text = f"{(span.text or '')[:1].upper()}{(span.text or '')[1:]}"
        _replace(place, list(span), span.text or "")
    for link in list(tree.iter("a")):
        entry = ids.get((id(mark.draft), str(link.attrib.pop("data-work", ""))))
        if entry is None and link.get("href") is None:
            remove_element(link, keep_content=True)
        elif entry is not None:
            link.attrib.update(
                {"class": f"xref {CITE_LINK}", "href": f"#{entry}", "data-form": "text"}
            )
    _replace(mark.element, list(tree), tree.text or "")


def _strip(span: Element) -> None:
    span.text = (span.text or "").lstrip()
    if len(span):
        span[-1].tail = (span[-1].tail or "").rstrip() or None
    else:
        span.text = (span.text or "").rstrip()


def _replace(element: Element, children: Sequence[Element], text: str) -> None:
    """Put text and elements in the place of an element."""
    element.text = text
    for child in list(element):
        element.remove(child)
    element.extend(children)
    remove_element(element, keep_content=True)


def _tree(markup: str, location: SourceLocation, language: str) -> Element:
    """Return markup of a style as a ``span``, with the typography of the book."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(f"<span>{markup}</span>", parser)
    except etree.XMLSyntaxError:
        tree = etree.Element("span")
        tree.text = re.sub(r"<[^<>]*>", "", markup)
    _link_addresses(tree)
    block = etree.Element("div")
    block.append(tree)
    apply_typography(block, language, location.path, Findings(), acronyms=False)
    return tree


def _link_addresses(tree: Element) -> None:
    """Make links of the addresses in a tree that are in no link yet."""
    for element in list(tree.iter()):
        if element.tag != "a" and element.text and _ADDRESS.search(element.text):
            text, links = _linked(element.text)
            element.text = text
            element[:0] = links
        if element is not tree and element.tail and _ADDRESS.search(element.tail):
            parent = element.getparent()
            if parent is not None and parent.tag != "a":
                text, links = _linked(element.tail)
                element.tail = text
                at = parent.index(element) + 1
                parent[at:at] = links


def _linked(text: str) -> tuple[str, list[Element]]:
    links: list[Element] = []
    first, end = "", 0
    for found in _ADDRESS.finditer(text):
        shown = found["url"] or found["doi"]
        shown = _END_OF_ADDRESS.sub("", shown)
        start = found.start() if found["url"] else found.start("doi")
        if links:
            links[-1].tail = text[end:start]
        else:
            first = text[:start]
        link = etree.Element("a", {"href": shown if found["url"] else f"https://doi.org/{shown}"})
        link.text = shown
        end = start + len(shown)
        links.append(link)
    links[-1].tail = text[end:]
    return first, links


# Lists


class _ListsOfWorks:
    """The places for lists of works in a book, and the ids of the entries for each section.

    One list has all works; of several, those in the text have the works of their section, and
    those in the back matter all.
    """

    def __init__(
        self,
        drafts: Sequence[Draft],
        marks: Sequence[_Mark],
        uncited: Sequence[str],
        rendered: _Rendered,
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
        names: dict[str, str] = {}
        taken: set[str] = set()
        for entry in rendered.entries:
            base = f"ref-{_NOT_IN_ID.sub('-', entry.key).strip('-.')[:80]}"
            name, number = base, 1
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            taken.add(name)
            names[entry.key] = name
        self._names = names
        self.ids: dict[tuple[int, str], str] = {}
        self._listed: list[tuple[Draft, Element, set[str]]] = []
        for draft, element in self._places:
            keys = self._keys_for(draft, element)
            self._listed.append((draft, element, keys))
        whole: set[str] = set()
        for draft, element, keys in self._listed:
            if not self._is_own(draft, element):
                whole |= keys
        for mark in marks:
            own = {k for d, _, keys in self._listed if d is mark.draft for k in keys}
            for key in _keys(mark):
                if key in names and key in own | whole:
                    self.ids[id(mark.draft), key] = names[key]

    def _is_own(self, draft: Draft, element: Element) -> bool:
        if OWN_LIST in classes(element):
            return True
        return len(self._places) > 1 and draft.division is not Division.BACK

    def _keys_for(self, draft: Draft, element: Element) -> set[str]:
        if not self._is_own(draft, element):
            return set(self._names)
        return {key for mark in self._marks if mark.draft is draft for key in _keys(mark)}

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
                label = _tree(entry.label, location, language)
                label.set("class", "reference-label")
                _append_space(label)
                item.append(label)
            tree = _tree(_ISSUE.sub("\u00a0", entry.text), location, language)
            if len(item):
                item[-1].tail = tree.text
            else:
                item.text = tree.text
            item.extend(list(tree))


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
