"""The index as its layout shows it: entries by letter, each with its links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from makeready.book.labels import numbered
from makeready.book.model import Book, IndexEntry, IndexLocator, PageMap, Section
from makeready.book.roman import roman_value
from makeready.templates.references import label_of
from makeready.templates.trees import Medium, inline_markup

_UNKNOWN_PAGE = "000"
_NO_BREAK_SPACE = "\u00a0"

PageOrder = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LocatorLink:
    """A link from an entry into the text.

    ``before`` is the text before it, ``name`` an accessible name if the label is not enough.
    """

    before: str
    label: str
    href: str
    main: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class SeeTarget:
    """A cross-reference to another entry; ``before`` is the text before it."""

    before: str
    markup: Markup
    href: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry; ``anchor`` is its id if another entry refers to it, or empty."""

    markup: Markup
    anchor: str
    locators: tuple[LocatorLink, ...]
    see: tuple[SeeTarget, ...]
    see_also: tuple[SeeTarget, ...]
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """The entries under one letter, which is empty for numbers and symbols."""

    letter: str
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class _PageRange:
    """The pages of one locator; ``first`` and ``last`` are their labels."""

    start: PageOrder
    end: PageOrder
    first: str
    last: str
    locator: IndexLocator

    @property
    def label(self) -> str:
        return self.first if self.start == self.end else f"{self.first}–{self.last}"


class IndexLayout:
    """The index of a book, prepared for the layout of an index section.

    ``pages`` has the pages of the locators; without it entries show section titles, as in an
    e-book without a page list.
    """

    def __init__(
        self, book: Book, section: Section, medium: Medium, pages: PageMap | None = None
    ) -> None:
        self._book = book
        self._medium = medium
        self._pages = pages
        self._entries = {entry.path: entry for entry in _flatten(book.index)}
        see_paths = dict.fromkeys(
            path for entry in self._entries.values() for path in (*entry.see, *entry.see_also)
        )
        self._anchors = {
            path: f"{section.name}-entry-{number}" for number, path in enumerate(see_paths, start=1)
        }

    def groups(self) -> list[LetterGroup]:
        """Return the entries grouped by letter."""
        return [
            LetterGroup(letter, tuple(map(self._line, entries)))
            for letter, entries in groupby(self._book.index, key=lambda entry: entry.letter)
        ]

    def _line(self, entry: IndexEntry) -> EntryLine:
        locate = self._by_section if self._pages is None else self._by_page
        return EntryLine(
            markup=inline_markup(entry.tree, self._medium),
            anchor=self._anchors.get(entry.path, ""),
            locators=tuple(locate(entry)),
            see=tuple(self._targets(entry.see)),
            see_also=tuple(self._targets(entry.see_also)),
            lines=tuple(map(self._line, entry.entries)),
        )

    def _targets(self, paths: Sequence[tuple[str, ...]]) -> Iterator[SeeTarget]:
        for number, path in enumerate(paths):
            trees = [self._entries[path[: depth + 1]].tree for depth in range(len(path))]
            markup = Markup(", ").join(inline_markup(tree, self._medium) for tree in trees)
            yield SeeTarget("; " if number else " ", markup, f"#{self._anchors[path]}")

    def _href(self, locator: IndexLocator) -> str:
        file = "" if self._medium.paged else f"{locator.section}.xhtml"
        return f"{file}#{locator.anchor}"

    def _by_page(self, entry: IndexEntry) -> Iterator[LocatorLink]:
        spans = _merge(map(self._pages_of, entry.locators))
        last = len(spans) - 1
        for number, pages in enumerate(spans):
            # A number alone on a line is easily missed: the first is bound to the entry's last
            # word, the last to the number before it.
            is_bound = number in {0, last}
            before = f",{_NO_BREAK_SPACE}" if is_bound else ", "
            name = ", ".join((*entry.path, numbered(self._book.labels, "page", pages.label, " ")))
            href = self._href(pages.locator)
            yield LocatorLink(before, pages.label, href, pages.locator.main, name)

    def _pages_of(self, locator: IndexLocator) -> _PageRange:
        first = self._label(locator.anchor, locator.section)
        last = self._label(locator.end, locator.end_section) if locator.end else first
        start, end = _page_order(first), _page_order(last)
        return _PageRange(start, max(start, end), first, last, locator)

    def _label(self, anchor: str, section: str) -> str:
        pages = self._pages or PageMap()
        return pages[anchor] or pages[section] or _UNKNOWN_PAGE

    def _by_section(self, entry: IndexEntry) -> Iterator[LocatorLink]:
        """Yield a link for each section; number the links if a section has several locators."""
        before = ", "
        for _, group in groupby(
            entry.locators, key=lambda locator: (locator.section, locator.end_section)
        ):
            in_section = list(group)
            title = self._title(in_section[0])
            if len(in_section) == 1:
                yield LocatorLink(before, title, self._href(in_section[0]), in_section[0].main)
                before = ", "
                continue
            before = f"{before}{title}:{_NO_BREAK_SPACE}"
            for number, locator in enumerate(in_section, start=1):
                name = f"{title}, {number}"
                yield LocatorLink(before, str(number), self._href(locator), locator.main, name)
                before = ", "
            before = "; "

    def _title(self, locator: IndexLocator) -> str:
        anchors = self._book.anchors
        first = label_of(self._book, anchors[locator.section])
        if locator.end_section in {"", locator.section}:
            return first
        return f"{first} – {label_of(self._book, anchors[locator.end_section])}"


def _flatten(entries: Iterable[IndexEntry]) -> Iterator[IndexEntry]:
    for entry in entries:
        yield entry
        yield from _flatten(entry.entries)


def _page_order(page: str) -> PageOrder:
    """Return the sort key of a page label: Roman numerals come first."""
    return (1, int(page)) if page.isdecimal() else (0, roman_value(page))


def _merge(pages: Iterable[_PageRange]) -> list[_PageRange]:
    """Return the page ranges without duplicates; overlapping ranges are joined.

    Main locators are not joined with others. Consecutive single pages are not joined, because
    they are separate mentions.
    """
    merged: list[_PageRange] = []
    for one in sorted(pages, key=lambda p: (p.start, _descending(p.end), not p.locator.main)):
        if any(_covers(other, one) for other in merged):
            continue
        before = next((k for k in reversed(merged) if k.locator.main == one.locator.main), None)
        if before is not None and before.start < before.end and one.start <= before.end:
            joined = _PageRange(before.start, one.end, before.first, one.last, before.locator)
            merged[merged.index(before)] = joined
        else:
            merged.append(one)
    return merged


def _covers(other: _PageRange, one: _PageRange) -> bool:
    within = other.start <= one.start and one.end <= other.end
    return within and (other.locator.main or not one.locator.main)


def _descending(order: PageOrder) -> PageOrder:
    return -order[0], -order[1]
