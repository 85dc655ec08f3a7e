"""The index of the book: its terms collected into entries, and sorted."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from makeready.book.model import Element, IndexEntry, IndexLocator
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import INDEX_ATTRIBUTES
from makeready.manuscript.collation import Alphabet
from makeready.manuscript.draft import Draft
from makeready.manuscript.figures import classes
from makeready.manuscript.index_terms import (
    LEVEL_SEPARATOR,
    TARGET_SEPARATOR,
    TERM_CLASS,
    split_headings,
)
from makeready.manuscript.numbering import free_anchors
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.tree import NO_BREAK_SPACE

_KEPT_TAGS = frozenset(
    {"abbr", "b", "bdi", "cite", "em", "i", "q", "small", "span", "strong", "sub", "sup"}
)
_KEPT_ATTRIBUTES = frozenset({"class", "lang", "dir"})

EntryPath = tuple[str, ...]


@dataclass
class _Heading:
    """An entry while the index is built, with the source location of each of its parts."""

    path: EntryPath
    tree: Element
    first_location: SourceLocation
    sort: tuple[str, SourceLocation] | None = None
    locators: list[tuple[IndexLocator, SourceLocation]] = field(default_factory=list)
    see: list[tuple[EntryPath, SourceLocation]] = field(default_factory=list)
    see_also: list[tuple[EntryPath, SourceLocation]] = field(default_factory=list)
    subheadings: dict[str, _Heading] = field(default_factory=dict)
    open_range: tuple[IndexLocator, SourceLocation] | None = None

    @property
    def name(self) -> str:
        """The path of the heading, as an author would write it."""
        return LEVEL_SEPARATOR.join(self.path)


class IndexBuilder:
    """Collects the index terms of a book, section by section.

    ``anchors`` are the ids in use. ``has_index``: the book has an index section, so each term
    gets an id. ``is_complete``: every term could be read, so missing entries are reported.
    """

    def __init__(
        self, anchors: Collection[str], findings: Findings, *, has_index: bool, is_complete: bool
    ) -> None:
        self._anchors = anchors
        self._findings = findings
        self._has_index = has_index
        self._is_complete = is_complete
        self._root = _Heading((), etree.Element("span"), SourceLocation("book.toml"))
        self._headings: dict[EntryPath, _Heading] = {}
        self.first_location: SourceLocation | None = None

    def add_section(self, draft: Draft) -> None:
        """Add the terms of one section, and remove their index attributes from its trees."""
        ids = free_anchors(draft.name, "index", self._anchors)
        for tree in draft.trees:
            for span in [s for s in tree.iter("span") if TERM_CLASS in classes(s)]:
                location = SourceLocation(draft.path, source_line(span))
                self.first_location = self.first_location or location
                in_title = tree is draft.title_tree
                self._add_term(span, draft.name, location, ids, in_title=in_title)

    def _add_term(
        self,
        span: Element,
        section: str,
        location: SourceLocation,
        ids: Iterator[str],
        *,
        in_title: bool,
    ) -> None:
        attributes = {key: span.get(f"data-{key}") for key in INDEX_ATTRIBUTES}
        for key in INDEX_ATTRIBUTES:
            span.attrib.pop(f"data-{key}", "")
        heading = self._heading(span, attributes, location)
        for targets, key in ((heading.see, "see"), (heading.see_also, "see-also")):
            if (value := attributes[key]) is not None:
                targets += [
                    (_path_of(target), location) for target in value.split(TARGET_SEPARATOR)
                ]
        if attributes["see"] is not None or in_title or not self._has_index:
            anchor = section
        else:
            anchor = span.get("id") or next(ids)
            span.set("id", anchor)
        if in_title:
            # A title is repeated in the contents, where its ids would be duplicates.
            remove_element(span, keep_content=True)
        if attributes["see"] is None:
            locator = IndexLocator(anchor, section, main=attributes["main"] is not None)
            self._add_locator(heading, locator, attributes["range"], location)

    def _heading(
        self, span: Element, attributes: Mapping[str, str | None], location: SourceLocation
    ) -> _Heading:
        """Return the heading of a term; create it, and the headings above it, if they are new."""
        entry = attributes["entry"]
        path = (_without_no_break_spaces(plain_text(span)),) if entry is None else _path_of(entry)
        heading = self._root
        for depth, words in enumerate(path, start=1):
            if words not in heading.subheadings:
                tree = _tree_of_term(span) if entry is None else _tree_of(words)
                new = _Heading(path[:depth], tree, location)
                self._check_capitals(new, heading.subheadings.values())
                heading.subheadings[words] = self._headings[new.path] = new
            heading = heading.subheadings[words]
        if attributes["sort"] is not None:
            self._set_sort_text(path, split_headings(attributes["sort"]), location)
        return heading

    def _check_capitals(self, new: _Heading, others: Collection[_Heading]) -> None:
        folded = new.path[-1].casefold()
        for other in others:
            if other.path[-1].casefold() == folded:
                self._report(
                    "REF-038",
                    new.first_location,
                    new,
                    other_entry=other.name,
                    at=other.first_location,
                )

    def _set_sort_text(
        self, path: EntryPath, sort_texts: EntryPath, location: SourceLocation
    ) -> None:
        for back, sort in enumerate(reversed(sort_texts)):
            heading = self._headings[path[: len(path) - back]]
            if heading.sort is None:
                heading.sort = sort, location
            elif heading.sort[0] != sort:
                other, at = heading.sort
                self._report("REF-037", location, heading, sort=sort, other_sort=other, at=at)

    def _add_locator(
        self, heading: _Heading, locator: IndexLocator, kind: str | None, location: SourceLocation
    ) -> None:
        open_range = heading.open_range
        if kind == "begin":
            if open_range is not None:
                self._report("REF-035", location, heading, at=open_range[1])
            else:
                heading.open_range = locator, location
        elif kind is None:
            heading.locators.append((locator, location))
        elif open_range is None:
            if self._is_complete:
                self._report("REF-034", location, heading)
        else:
            first, location_of_start = open_range
            whole_range = IndexLocator(
                first.anchor,
                first.section,
                locator.anchor,
                locator.section,
                first.main or locator.main,
            )
            heading.locators.append((whole_range, location_of_start))
            heading.open_range = None

    def check(self) -> None:
        """Report ranges without an end, and cross-references to missing entries or in a cycle."""
        for heading in self._headings.values():
            if heading.open_range is not None:
                self._report("REF-033", heading.open_range[1], heading)
            if heading.see and heading.locators:
                self._report("REF-036", heading.see[0][1], heading)
            for target, location in (*heading.see, *heading.see_also):
                if target not in self._headings or target == heading.path:
                    name = LEVEL_SEPARATOR.join(target)
                    self._findings.add(
                        "REF-032", location, target=name, suggestion=self._nearest(name)
                    )
        only_see = [h for h in self._headings.values() if not (h.locators or h.subheadings)]
        for cycle in find_cycles({h.path: [t for t, _ in h.see if t != h.path] for h in only_see}):
            self._report_cycle([*cycle, cycle[0]])

    def _report_cycle(self, cycle: Sequence[EntryPath]) -> None:
        first, *_, last = (self._headings[path] for path in cycle[:-1])
        first_location, last_location = (
            next(location for target, location in heading.see if target == following)
            for heading, following in ((first, cycle[1]), (last, cycle[-1]))
        )
        names = " → ".join(LEVEL_SEPARATOR.join(path) for path in cycle)
        self._report("REF-041", first_location, first, at=last_location, entries=names)

    def _nearest(self, name: str) -> str:
        names = [heading.name for heading in self._headings.values() if heading.name != name]
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        return f" Did you mean “{close[0]}”?" if close else ""

    def entries(self, alphabet: Alphabet) -> tuple[IndexEntry, ...]:
        """Return the entries in alphabetical order, each with its subheadings."""
        return tuple(self._sorted_entries(self._root, alphabet))

    def _sorted_entries(self, heading: _Heading, alphabet: Alphabet) -> Iterator[IndexEntry]:
        by_words = {
            words: subheading.sort[0] if subheading.sort else words
            for words, subheading in heading.subheadings.items()
        }
        for words in sorted(by_words, key=lambda w: (alphabet.key(by_words[w]), alphabet.key(w))):
            subheading = heading.subheadings[words]
            yield IndexEntry(
                path=subheading.path,
                tree=subheading.tree,
                letter=alphabet.initial_letter(by_words[words]),
                locators=tuple(locator for locator, _ in subheading.locators),
                see=self._known_paths(subheading.see),
                see_also=self._known_paths(subheading.see_also),
                entries=tuple(self._sorted_entries(subheading, alphabet)),
            )

    def _known_paths(
        self, targets: Sequence[tuple[EntryPath, SourceLocation]]
    ) -> tuple[EntryPath, ...]:
        return tuple(dict.fromkeys(path for path, _ in targets if path in self._headings))

    def _report(
        self,
        rule: str,
        location: SourceLocation,
        heading: _Heading,
        at: SourceLocation | None = None,
        **values: str,
    ) -> None:
        where = {} if at is None else {"path": at.path, "line": at.line}
        self._findings.add(rule, location, entry=heading.name, **where, **values)


def build_index(
    drafts: Sequence[Draft],
    anchors: Collection[str],
    alphabet: Alphabet,
    findings: Findings,
    location_of: Callable[[str], SourceLocation],
    *,
    is_complete: bool,
) -> tuple[IndexEntry, ...]:
    """Return the index of a book, empty if it has no index section.

    ``location_of`` returns where ``book.toml`` lists a section.
    """
    index_names = [draft.name for draft in drafts if draft.kind.layout == "index"]
    builder = IndexBuilder(anchors, findings, has_index=bool(index_names), is_complete=is_complete)
    for draft in drafts:
        builder.add_section(draft)
    if is_complete:
        builder.check()
        if index_names and builder.first_location is None:
            findings.add("REF-040", location_of(index_names[0]), name=index_names[0])
        elif builder.first_location is not None and not index_names:
            findings.add("REF-039", builder.first_location)
    return builder.entries(alphabet) if index_names else ()


def _without_no_break_spaces(words: str) -> str:
    return words.replace(NO_BREAK_SPACE, " ")


def _path_of(value: str) -> EntryPath:
    return split_headings(_without_no_break_spaces(value))


def _tree_of(words: str) -> Element:
    span = etree.Element("span")
    span.text = words
    return span


def _tree_of_term(term: Element) -> Element:
    """Return a term as a heading, with its emphasis and languages but no other markup."""
    wrapper = etree.Element("span")
    wrapper.append(copy.deepcopy(term))
    wrapper[0].tail = None
    for element in list(wrapper.iterdescendants()):
        if element.tag not in _KEPT_TAGS:
            remove_element(element, keep_content=element.get("data-note") is None)
            continue
        for name in set(element.attrib) - _KEPT_ATTRIBUTES:
            del element.attrib[name]
        other_classes = [name for name in classes(element) if name != TERM_CLASS]
        element.attrib.pop("class", "")
        if other_classes:
            element.set("class", " ".join(other_classes))
        if element.tag == "span" and not element.attrib:
            remove_element(element, keep_content=True)
    return wrapper


Name = TypeVar("Name")


def find_cycles(edges: Mapping[Name, Sequence[Name]]) -> Iterator[list[Name]]:
    """Yield cycles of a directed graph, each as its names in order.

    ``edges`` are the successors of each name; a name that is not a key has none. Of cycles that
    share an edge one is found, so another one may be found only after the first is fixed.
    """
    remaining = {name: list(targets)[::-1] for name, targets in edges.items()}
    while remaining:
        path = {next(iter(remaining)): None}
        while path:
            last = next(reversed(path))
            if not remaining[last]:
                del remaining[last], path[last]
                continue
            target = remaining[last].pop()
            if target in path:
                names = list(path)
                yield names[names.index(target) :]
            elif target in remaining:
                path[target] = None
