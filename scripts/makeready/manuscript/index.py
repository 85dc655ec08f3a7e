"""The index of the whole book: its terms gathered into entries, and put in order."""

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
from makeready.manuscript.figures import classes
from makeready.manuscript.index_marks import LEVEL, TARGET, TERM, headings_of
from makeready.manuscript.numbering import Draft, free_anchors
from makeready.manuscript.sanitise import remove_element, source_line
from makeready.manuscript.structure import plain_text
from makeready.manuscript.tree import NO_BREAK_SPACE

_KEPT_TAGS = frozenset(
    {"abbr", "b", "bdi", "cite", "em", "i", "q", "small", "span", "strong", "sub", "sup"}
)
_KEPT_ATTRIBUTES = frozenset({"class", "lang", "dir"})

Path = tuple[str, ...]


@dataclass
class _Heading:
    """An entry while it is gathered; each list has where its items were asked for."""

    path: Path
    tree: Element
    first: SourceLocation
    sort: tuple[str, SourceLocation] | None = None
    locators: list[tuple[IndexLocator, SourceLocation]] = field(default_factory=list)
    see: list[tuple[Path, SourceLocation]] = field(default_factory=list)
    see_also: list[tuple[Path, SourceLocation]] = field(default_factory=list)
    under: dict[str, _Heading] = field(default_factory=dict)
    begun: tuple[IndexLocator, SourceLocation] | None = None

    @property
    def name(self) -> str:
        """The heading as an author would write it."""
        return LEVEL.join(self.path)


class IndexBuilder:
    """Gathers the terms of a book, in its order.

    ``anchors`` are the ids already taken; ``listed``: the book has an index to show them in, and
    each place is given an id. ``whole``: every term was read, so that what is not there is
    missing.
    """

    def __init__(
        self, anchors: Collection[str], findings: Findings, *, listed: bool, whole: bool
    ) -> None:
        self._anchors = anchors
        self._findings = findings
        self._listed = listed
        self._whole = whole
        self._top = _Heading((), etree.Element("span"), SourceLocation("book.toml"))
        self._all: dict[Path, _Heading] = {}
        self.first: SourceLocation | None = None

    def gather(self, draft: Draft) -> None:
        """Take the terms of one section; what an author wrote about them leaves its trees."""
        ids = free_anchors(draft.name, "index", self._anchors)
        for tree in draft.trees:
            for span in [s for s in tree.iter("span") if TERM in classes(s)]:
                location = SourceLocation(draft.path, source_line(span))
                self.first = self.first or location
                in_title = tree is draft.title_tree
                self._take(span, draft.name, location, ids, in_title=in_title)

    def _take(
        self,
        span: Element,
        section: str,
        location: SourceLocation,
        ids: Iterator[str],
        *,
        in_title: bool,
    ) -> None:
        given = {key: span.get(f"data-{key}") for key in INDEX_ATTRIBUTES}
        for key in INDEX_ATTRIBUTES:
            span.attrib.pop(f"data-{key}", "")
        heading = self._heading(span, given, location)
        for targets, key in ((heading.see, "see"), (heading.see_also, "see-also")):
            if (value := given[key]) is not None:
                targets += [(_path_of(target), location) for target in value.split(TARGET)]
        if given["see"] is not None or in_title or not self._listed:
            anchor = section
        else:
            anchor = span.get("id") or next(ids)
            span.set("id", anchor)
        if in_title:
            # A title is shown in the contents too, where its ids would be there twice.
            remove_element(span, keep_content=True)
        if given["see"] is None:
            place = IndexLocator(anchor, section, main=given["main"] is not None)
            self._place(heading, place, given["range"], location)

    def _heading(
        self, span: Element, given: Mapping[str, str | None], location: SourceLocation
    ) -> _Heading:
        """Return the entry that a term belongs to, with those that it stands under."""
        entry = given["entry"]
        path = (_plain(plain_text(span)),) if entry is None else _path_of(entry)
        heading = self._top
        for depth, words in enumerate(path, start=1):
            if words not in heading.under:
                tree = _own_tree(span) if entry is None else _tree_of(words)
                new = _Heading(path[:depth], tree, location)
                self._check_capitals(new, heading.under.values())
                heading.under[words] = self._all[new.path] = new
            heading = heading.under[words]
        if given["sort"] is not None:
            self._sort(path, headings_of(given["sort"]), location)
        return heading

    def _check_capitals(self, new: _Heading, others: Collection[_Heading]) -> None:
        folded = new.path[-1].casefold()
        for other in others:
            if other.path[-1].casefold() == folded:
                self._tell("REF-038", new.first, new, other=other.name, at=other.first)

    def _sort(self, path: Path, given: Path, location: SourceLocation) -> None:
        for back, sort in enumerate(reversed(given)):
            heading = self._all[path[: len(path) - back]]
            if heading.sort is None:
                heading.sort = sort, location
            elif heading.sort[0] != sort:
                other, at = heading.sort
                self._tell("REF-037", location, heading, sort=sort, other=other, at=at)

    def _place(
        self, heading: _Heading, place: IndexLocator, kind: str | None, location: SourceLocation
    ) -> None:
        begun = heading.begun
        if kind == "begin":
            if begun is not None:
                self._tell("REF-035", location, heading, at=begun[1])
            else:
                heading.begun = place, location
        elif kind is None:
            heading.locators.append((place, location))
        elif begun is None:
            if self._whole:
                self._tell("REF-034", location, heading)
        else:
            first, where = begun
            whole = IndexLocator(
                first.anchor, first.section, place.anchor, place.section, first.main or place.main
            )
            heading.locators.append((whole, where))
            heading.begun = None

    def check(self) -> None:
        """Report ranges that do not end, and entries to see that are not there."""
        for heading in self._all.values():
            if heading.begun is not None:
                self._tell("REF-033", heading.begun[1], heading)
            if heading.see and heading.locators:
                self._tell("REF-036", heading.see[0][1], heading)
            for target, location in (*heading.see, *heading.see_also):
                if target not in self._all or target == heading.path:
                    name = LEVEL.join(target)
                    self._findings.add(
                        "REF-032", location, target=name, nearest=self._nearest(name)
                    )
        bare = [h for h in self._all.values() if not (h.locators or h.under)]
        for circle in find_cycles({h.path: [t for t, _ in h.see if t != h.path] for h in bare}):
            self._tell_circle([*circle, circle[0]])

    def _tell_circle(self, circle: Sequence[Path]) -> None:
        first, *_, last = (self._all[path] for path in circle[:-1])
        begins, returns = (
            next(location for target, location in heading.see if target == seen)
            for heading, seen in ((first, circle[1]), (last, circle[-1]))
        )
        names = " → ".join(LEVEL.join(path) for path in circle)
        self._tell("REF-041", begins, first, at=returns, circle=names)

    def _nearest(self, name: str) -> str:
        names = [heading.name for heading in self._all.values() if heading.name != name]
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        return f"Did you mean “{close[0]}”?" if close else "Mark a term for it, or name another."

    def entries(self, alphabet: Alphabet) -> tuple[IndexEntry, ...]:
        """Return the entries in their order, each with what stands under it."""
        return tuple(self._sorted(self._top, alphabet))

    def _sorted(self, heading: _Heading, alphabet: Alphabet) -> Iterator[IndexEntry]:
        by_words = {
            words: under.sort[0] if under.sort else words for words, under in heading.under.items()
        }
        for words in sorted(by_words, key=lambda w: (alphabet.key(by_words[w]), alphabet.key(w))):
            under = heading.under[words]
            yield IndexEntry(
                path=under.path,
                tree=under.tree,
                letter=alphabet.initial(by_words[words]),
                locators=tuple(place for place, _ in under.locators),
                see=self._known(under.see),
                see_also=self._known(under.see_also),
                entries=tuple(self._sorted(under, alphabet)),
            )

    def _known(self, targets: Sequence[tuple[Path, SourceLocation]]) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(path for path, _ in targets if path in self._all))

    def _tell(
        self,
        rule: str,
        location: SourceLocation,
        heading: _Heading,
        at: SourceLocation | None = None,
        **values: str,
    ) -> None:
        where = {} if at is None else {"path": at.path, "line": at.line}
        self._findings.add(rule, location, entry=heading.name, **where, **values)


def index_of(
    drafts: Sequence[Draft],
    anchors: Collection[str],
    alphabet: Alphabet,
    findings: Findings,
    place_of: Callable[[str], SourceLocation],
    *,
    whole: bool,
) -> tuple[IndexEntry, ...]:
    """Gather the index of a book; it is empty where the book lists none.

    ``place_of`` tells where a section is listed.
    """
    lists = [draft.name for draft in drafts if draft.kind.depends_on_page_numbers]
    gathering = IndexBuilder(anchors, findings, listed=bool(lists), whole=whole)
    for draft in drafts:
        gathering.gather(draft)
    if whole:
        gathering.check()
        if lists and gathering.first is None:
            findings.add("REF-040", place_of(lists[0]), name=lists[0])
        elif gathering.first is not None and not lists:
            findings.add("REF-039", gathering.first)
    return gathering.entries(alphabet) if lists else ()


def _plain(words: str) -> str:
    return words.replace(NO_BREAK_SPACE, " ")


def _path_of(value: str) -> Path:
    return headings_of(_plain(value))


def _tree_of(words: str) -> Element:
    span = etree.Element("span")
    span.text = words
    return span


def _own_tree(term: Element) -> Element:
    """Return a term's own markup as a heading: its emphasis and languages, and no more."""
    holder = etree.Element("span")
    holder.append(copy.deepcopy(term))
    holder[0].tail = None
    for element in list(holder.iterdescendants()):
        if element.tag not in _KEPT_TAGS:
            remove_element(element, keep_content=element.get("data-note") is None)
            continue
        for name in set(element.attrib) - _KEPT_ATTRIBUTES:
            del element.attrib[name]
        kept = [name for name in classes(element) if name != TERM]
        element.attrib.pop("class", "")
        if kept:
            element.set("class", " ".join(kept))
        if element.tag == "span" and not element.attrib:
            remove_element(element, keep_content=True)
    return holder


Name = TypeVar("Name")


def find_cycles(ways: Mapping[Name, Sequence[Name]]) -> Iterator[list[Name]]:
    """Find names that lead in a circle, each to the next and the last to the first.

    ``ways`` are where each name leads; a name that is none of its own leads nowhere. Of circles
    that share a part not all may be found, but one that is left is found when another is mended.
    """
    left = {name: list(targets)[::-1] for name, targets in ways.items()}
    while left:
        trail = {next(iter(left)): None}
        while trail:
            last = next(reversed(trail))
            if not left[last]:
                del left[last], trail[last]
                continue
            target = left[last].pop()
            if target in trail:
                names = list(trail)
                yield names[names.index(target) :]
            elif target in left:
                trail[target] = None
